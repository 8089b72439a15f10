"""Links in notices to editors: the issue that a notice is about stands in the place of a person.

Whoever gets the notices needs no account. So whoever has the link may decide, as whoever has a key may
open: it is good for one issue, one decision and three days, and goes to the editors' mailboxes only.
"""

from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from hashlib import blake2b

from newsletter.issues.models import Issue
from subscribers.tokens import PUBLIC_ID_BYTES, Claims, Purpose, Signer

DECIDE_WITHIN = timedelta(hours=72)
"""Who was told on a Friday evening can decide on a Monday morning."""


def decide_token(signer: Signer, issue: Issue, *, now: datetime) -> str:
    """Make the token of the page on which an editor decides what becomes of copies in doubt."""
    until = now + DECIDE_WITHIN
    return signer.sign(Purpose.DECIDE, issue_name(issue), issue=issue.number, expires=until)


def is_about(claims: Claims, issue: Issue) -> bool:
    """Say whether a token is about this issue, and not about another one of its number.

    A database that was brought back from a backup counts on from there; a link of the one that was
    lost must not decide about an issue that nobody has told its reader of.
    """
    return (claims.issue, claims.public_id) == (issue.number, issue_name(issue))


def issue_name(issue: Issue) -> str:
    """Name an issue in the 12 characters in which other tokens name a person."""
    name = blake2b(issue.nonce.encode(), digest_size=PUBLIC_ID_BYTES, person=b"decide")
    return urlsafe_b64encode(name.digest()).decode("ascii")
