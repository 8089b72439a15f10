"""One copy of a letter, written by the same calls as a reader's; its links are those of a test."""

from dataclasses import dataclass
from datetime import datetime

from newsletter.delivery.claiming import Recipient
from newsletter.delivery.headers import BY_MAIL, PREFERENCES, TEST_TOKEN, VOTE
from newsletter.delivery.letterhead import Letterhead
from newsletter.delivery.message import UNSUBSCRIBE, Mailing, Message
from newsletter.delivery.mime import Composer
from newsletter.issues.models import Issue
from newsletter.preflight.samples import NOBODY, SAMPLE_ADDRESS
from newsletter.rendering.rendered import Rendered

_LINKS = (UNSUBSCRIBE, PREFERENCES, VOTE, BY_MAIL)
_ATTEMPT = "preview"
_NO_NUMBER_YET = 0


@dataclass(frozen=True, slots=True)
class Copy:
    """A letter as one person would get it.

    Attributes:
        subject: of it.
        html: the HTML part.
        text: the plain text part.
        source: the whole message, as it would be handed over by mail.
    """

    subject: str
    html: str
    text: str
    source: bytes


def copy_for_nobody(
    letterhead: Letterhead,
    issue: Issue,
    letter: Rendered | None,
    *,
    now: datetime,
    address: str = SAMPLE_ADDRESS,
    locale: str = "",
) -> Copy:
    """Write a copy whose links open pages for nobody.

    Args:
        letterhead: in whose name it would leave.
        issue: whose letter it is.
        letter: of an edition; None for the whole issue.
        now: for its Date header.
        address: to whom it says it goes.
        locale: in which its date is written.
    """
    recipient = Recipient(0, NOBODY, address, 0, locale)
    message = letterhead.message(issue.number, issue.local_date, recipient, _ATTEMPT)
    values = {**message.values, **{name: TEST_TOKEN for name in _LINKS if name in message.values}}
    return written(mailing_of(letterhead, issue, letter), message._replace(values=values), now=now)


def mailing_of(letterhead: Letterhead, issue: Issue, letter: Rendered | None) -> Mailing:
    """Give what all copies of an issue, or of an edition of it, have in common."""
    if letter is None:
        return letterhead.mailing(issue)
    return letterhead.mailing_of_edition(issue, _NO_NUMBER_YET, letter)


def written(mailing: Mailing, message: Message, *, now: datetime) -> Copy:
    """Write a message as a transport does that writes it itself."""
    composer = Composer(mailing)
    composer.require_values([message])
    assert mailing.html is not None  # every issue has both parts
    return Copy(
        subject=mailing.subject,
        html=mailing.html.fill_html(message.values),
        text=mailing.text.fill(message.values),
        source=composer.compose(message, date=now),
    )
