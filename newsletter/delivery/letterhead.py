"""A frozen issue becomes a mailing, and a subscriber's copy of it a message with signed links."""

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from newsletter.clicks.tracked import content_links
from newsletter.delivery.claiming import Recipient
from newsletter.delivery.headers import (
    BY_MAIL,
    DATE,
    EMAIL,
    LANGUAGE,
    PREFERENCES,
    TEST_TOKEN,
    VOTE,
    newsletter_headers,
)
from newsletter.delivery.message import UNSUBSCRIBE, Mailing, Message
from newsletter.issues import frozen
from newsletter.issues.models import Issue
from newsletter.rendering.dates import ENGLISH, language, long_date
from newsletter.rendering.rendered import TOKENS, Rendered
from subscribers.tokens import Purpose, Signer, raw_ids

_PURPOSES = (Purpose.UNSUBSCRIBE, Purpose.PREFERENCES, Purpose.VOTE)
_TOKENS = TOKENS | {LANGUAGE}
_NEUTRAL = frozenset({DATE})
"""A day is written without any sign that HTML escapes, in all languages that are offered."""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """In whose name letters go out, and what signs their links.

    Attributes:
        name: of the newsletter, for its headers.
        address: the From header.
        reply_to: the Reply-To address, if any.
        base_url: public address of this service.
        signer: makes each subscriber's tokens.
        inbound: the address at which mail reaches this service, if any.
        returns: the address to which letters come back, if this service is told of them that way.
    """

    name: str
    address: str
    reply_to: str | None
    base_url: str
    signer: Signer
    inbound: str | None = None
    returns: str | None = None

    def mailing(self, issue: Issue) -> Mailing:
        """Split the frozen issue at its marks: the same for preview, test and send."""
        return self._mailing(mailing_key(issue.number), issue, frozen.rendered(issue))

    def mailing_of_edition(self, issue: Issue, number: int, letter: Rendered) -> Mailing:
        """Split the letter of an edition, which leaves in the name of its issue."""
        return self._mailing(mailing_key(issue.number, number), issue, letter)

    def _mailing(self, key: str, issue: Issue, letter: Rendered) -> Mailing:
        return Mailing(
            key=key,
            sender=self.address,
            reply_to=self.reply_to,
            subject=letter.subject,
            html=letter.marked_html(),
            text=letter.marked_text(),
            headers=newsletter_headers(
                name=self.name,
                sender=self.address,
                base_url=self.base_url,
                issue_number=issue.number,
                nonce=issue.nonce,
                inbound=self.inbound,
            ),
            tokens=_TOKENS,
            neutral=_NEUTRAL,
            tracked=frozenset(content_links(frozen.view(issue)) if issue.tracks_clicks else ()),
        )

    def message(
        self, issue_number: int, day: date, recipient: Recipient, attempt_id: str
    ) -> Message:
        """Write one subscriber's copy."""
        [message] = self.messages(issue_number, day, [recipient], attempt_id)
        return message

    def messages(
        self, issue_number: int, day: date, recipients: Sequence[Recipient], attempt_id: str
    ) -> list[Message]:
        """Write subscribers' copies.

        Args:
            issue_number: of the issue they are copies of.
            day: that the issue is dated.
            recipients: whose copies they are.
            attempt_id: names the call in which they are sent.
        """
        people = [(one.public_id, one.token_epoch) for one in recipients]
        signed = self.signer.sign_letters(_PURPOSES, people, issue=issue_number)
        locales = {one.locale for one in recipients}
        dated = {
            locale: {DATE: long_date(day, locale), LANGUAGE: language(locale)} for locale in locales
        }
        values: list[dict[str, str]] = [
            {
                UNSUBSCRIBE: leave,
                PREFERENCES: preferences,
                VOTE: vote,
                EMAIL: one.email,
                **dated[one.locale],
            }
            for one, (leave, preferences, vote) in zip(recipients, signed, strict=True)
        ]
        if self.inbound is not None:
            for one, own in zip(recipients, values, strict=True):
                own[BY_MAIL] = self.signer.by_mail.sign(one.public_id)
        names = delivery_ids(issue_number, [one.public_id for one in recipients])
        written = [
            Message(name, one.email, own, attempt_id)
            for name, one, own in zip(names, recipients, values, strict=True)
        ]
        if self.returns is None:
            return written
        back = [self.returns_to(*person) for person in people]
        return [
            one._replace(returns_to=address) for one, address in zip(written, back, strict=True)
        ]

    def returns_to(self, public_id: str, epoch: int) -> str | None:
        """Give the address to which a letter to a reader comes back; None leaves it to the sender.

        Each reader has one of their own (a variable envelope return path): whatever a server far
        away writes into its report, and in which words, it says whose letter it was.
        """
        if self.returns is None:
            return None
        local, _, host = self.returns.rpartition("@")
        return f"{local}+{self.signer.returned.sign(public_id, epoch=epoch)}@{host}"

    def test_copy(self, issue: Issue, address: str, name: str) -> tuple[Mailing, Message]:
        """Write one copy that says it is a test; it has no unsubscribe header and no row."""
        mailing = self.mailing(issue)
        marked = replace(
            mailing,
            key=f"{mailing.key}-test",
            subject=f"[Test] {mailing.subject}",
            headers=(),
            copies=1,
            tracked=frozenset(),
            answered=True,
        )
        values = values_of_a_test(issue.local_date, address)
        return marked, Message(f"test-{name}", address, values, attempt_id=name)


def values_of_a_test(day: date, address: str) -> dict[str, str]:
    """Give the values of a copy whose links open pages for nobody."""
    tokens = dict.fromkeys((UNSUBSCRIBE, PREFERENCES, VOTE), TEST_TOKEN)
    return {**tokens, EMAIL: address, DATE: long_date(day), LANGUAGE: ENGLISH}


def mailing_key(issue_number: int, edition: int | None = None) -> str:
    """Name what an issue, or one of its editions, leaves under; a provider counts copies by it."""
    return f"issue-{issue_number}" if edition is None else f"issue-{issue_number}-e{edition}"


def delivery_id(issue_number: int, public_id: str) -> str:
    """Name one subscriber's copy of one issue for ever; no address is in it.

    In hexadecimal, because some systems that see it, file systems among them, ignore case.
    """
    [name] = delivery_ids(issue_number, [public_id])
    return name


def delivery_ids(issue_number: int, public_ids: Sequence[str]) -> list[str]:
    """Name the copies of one issue of several subscribers."""
    return [f"{issue_number}-{raw.hex()}" for raw in raw_ids(public_ids)]


def reader_of(issue_number: int, name: str) -> str | None:
    """Give the public id of whose copy a name is; None when it names no copy of this issue."""
    issue, _, person = name.partition("-")
    try:
        return (
            urlsafe_b64encode(bytes.fromhex(person)).decode()
            if issue == str(issue_number)
            else None
        )
    except ValueError:
        return None
