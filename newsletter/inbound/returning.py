"""A report about a letter that came back becomes an event, like those that a provider tells."""

from datetime import datetime

import orjson
from sqlmodel import Session

from newsletter.delivery.mime import message_id
from newsletter.feedback import inbox
from newsletter.feedback.bodies import masked
from newsletter.feedback.meanings import OF_REASON, Kind, Reason
from newsletter.feedback.reading import ToldEvent
from newsletter.inbound.mail import InboundMail
from newsletter.inbound.report_text import read_text
from newsletter.inbound.reports import Fate, Report, read_report
from newsletter.inbound.statuses import reason_of_failure
from subscribers import queries
from subscribers.address import Address
from subscribers.errors import InvalidAddress


def take_in(
    session: Session,
    mail: InboundMail,
    public_id: str,
    *,
    domain: str,
    pepper: bytes,
    now: datetime,
) -> bool:
    """Store what a mail to a letter's return address says about the letter, if it says anything.

    Its reader is known by the address. A strange server's clock is worth little, and it writes at
    once: so what it tells of has happened when it arrives here.

    Args:
        session: a writing session; answer only after it has committed.
        mail: as it came.
        public_id: of the reader to whose letters the address belongs.
        domain: of the sender of letters; their names end with it.
        pepper: hides addresses.
        now: aware.

    Returns:
        False for a mail that is no report, such as an answer of somebody who is away.
    """
    report = read_report(mail) or read_text(mail)
    if report is None:
        return False
    reader = queries.by_public_id(session, public_id)
    key = reader.address_key if reader else None
    event = event_of(report, public_id, key, domain=domain, mail_id=_name_of(mail))
    inbox.store(session, event, source="dsn", pepper=pepper, now=now)
    return True


def event_of(
    report: Report, public_id: str, address_key: str | None, *, domain: str, mail_id: str
) -> ToldEvent:
    """Say in the words that all providers share what a report says.

    Only a name of a copy of this very reader is believed: the address proves no other. Where none
    is told the event is about the reader alone. The same thing told twice of one copy is one event.

    Where the reader's mailbox forwards to one that is gone, it is not gone itself: it may keep a copy,
    or forward to others as well, and of what arrives nobody tells. So that counts like a soft bounce.
    """
    copies = (name for name in report.names if inbox.named(name).public_id == public_id)
    delivery_id = next(copies, "")
    reason = _reason(report)
    if reason is Reason.HARD_BOUNCE and _is_anothers(report.mailbox, address_key):
        reason = Reason.SOFT_BOUNCE
    return ToldEvent(
        kind=Kind.DELIVERED if reason is None else OF_REASON[reason].kind,
        reason=reason,
        provider_id=message_id(delivery_id, domain) if delivery_id else None,
        delivery_id=delivery_id,
        reader=public_id,
        key=("dsn", public_id, delivery_id or mail_id, reason or ""),
        body=masked(orjson.dumps({"Fate": report.fate.name.lower(), "Words": report.words})),
    )


def _reason(report: Report) -> Reason | None:
    match report.fate:
        case Fate.ARRIVED:
            return None
        case Fate.DELAYED:
            return Reason.TRANSIENT
        case Fate.FAILED:
            return reason_of_failure(report.status)


def _is_anothers(mailbox: str, address_key: str | None) -> bool:
    """Say whether a report names another mailbox than the one that the letter was sent to."""
    try:
        return Address.parse(mailbox).key != address_key
    except InvalidAddress:
        return False


def _name_of(mail: InboundMail) -> str:
    """Name a report by its sender's name for it: Postmark's own is another one for each copy."""
    return mail.headers.get("message-id") or mail.message_id
