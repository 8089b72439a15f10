"""The letter of an edition: composed of what is frozen, rendered once, and frozen itself."""

from sqlmodel import Session

from newsletter.editions.drafts import choice_of, drafted
from newsletter.editions.models import Edition
from newsletter.editions.shelf import Shelf
from newsletter.errors import NewsletterError
from newsletter.issues.frozen import freeze
from newsletter.issues.models import Issue
from newsletter.rendering.rendered import Rendered


class NoSuchEdition(NewsletterError):
    """The issue has no edition of that number; see what its batches say."""

    code = "no-such-edition"


def letter(session: Session, issue: Issue, number: int) -> Rendered:
    """Give an edition as it leaves; the first time it is rendered, and kept for every time after.

    Args:
        session: a writing session.
        issue: whose edition it is; it has begun to leave.
        number: of the edition, from 1.

    Raises:
        NoSuchEdition: when the issue has none of that number.
    """
    edition = session.get(Edition, (issue.number, number))
    if edition is None:
        raise NoSuchEdition
    if not edition.content_hash:
        _freeze(session, issue, edition)
    return kept(issue, edition)


def kept(issue: Issue, edition: Edition) -> Rendered:
    """Give the letter of an edition that was rendered before."""
    return Rendered(edition.subject, edition.preheader, edition.html, edition.text, issue.nonce)


def _freeze(session: Session, issue: Issue, edition: Edition) -> None:
    draft = drafted(session, issue, choice_of(edition), Shelf(session))
    freeze(edition, draft.letter, draft.view)
    session.add(edition)
    session.flush()
