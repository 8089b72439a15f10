"""What somebody was shown of an issue before they said a word about it: its bytes, and where it stood."""

from hashlib import blake2b

from newsletter.errors import NewsletterError
from newsletter.issues.frozen import content_hash
from newsletter.issues.models import Issue


class ChangedMeanwhile(NewsletterError):
    """The issue is not any more what was looked at; look again, then say it again."""

    code = "changed-meanwhile"


def mark(issue: Issue) -> str:
    """Give what is another as soon as a byte of the letter changes, or somebody moves the issue."""
    shown = "\n".join((content_hash(issue), issue.state, issue.note or ""))
    return blake2b(shown.encode(), digest_size=16).hexdigest()


def require(issue: Issue, seen: str | None) -> None:
    """Refuse a word about something else.

    Args:
        issue: that is locked.
        seen: the mark of what the person was shown; None for somebody who means it as it is.

    Raises:
        ChangedMeanwhile: when it is not that any more.
    """
    if seen is not None and seen != mark(issue):
        raise ChangedMeanwhile
