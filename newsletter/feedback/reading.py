"""A body that Postmark posts, or lists, becomes one event; odd ones become unknown. Pure.

It never raises: whatever is posted by somebody with our credentials is stored, and a field that is
not what it should be counts as not there.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from newsletter.feedback.bodies import kept
from newsletter.feedback.meanings import OF_REASON, Kind, OfReader, Reason

BOUNCE_TYPES: Mapping[str, Reason] = {
    "HardBounce": Reason.HARD_BOUNCE,
    "Transient": Reason.TRANSIENT,
    "Unsubscribe": Reason.LEFT,
    "Subscribe": Reason.SUBSCRIBE_REQUEST,
    "AutoResponder": Reason.AUTO_RESPONDER,
    "AddressChange": Reason.ADDRESS_CHANGE,
    "DnsError": Reason.DNS_ERROR,
    "SpamNotification": Reason.SPAM_NOTIFICATION,
    "OpenRelayTest": Reason.OPEN_RELAY_TEST,
    "Unknown": Reason.UNCLEAR,
    "SoftBounce": Reason.SOFT_BOUNCE,
    "VirusNotification": Reason.VIRUS,
    "ChallengeVerification": Reason.CHALLENGE,
    "BadEmailAddress": Reason.BAD_ADDRESS,
    "SpamComplaint": Reason.SPAM_COMPLAINT,
    "ManuallyDeactivated": Reason.DEACTIVATED,
    "Unconfirmed": Reason.UNCONFIRMED_SENDER,
    "Blocked": Reason.BLOCKED,
    "SMTPApiError": Reason.NOT_TAKEN,
    "InboundError": Reason.INBOUND,
    "DMARCPolicy": Reason.DMARC_POLICY,
    "TemplateRenderingFailed": Reason.NOT_RENDERED,
}
"""Postmark's bounce types by name, in the order of their codes."""

BOUNCE_CODES: Mapping[int, str] = {
    1: "HardBounce", 2: "Transient", 16: "Unsubscribe", 32: "Subscribe", 64: "AutoResponder",
    128: "AddressChange", 256: "DnsError", 512: "SpamNotification", 1024: "OpenRelayTest",
    2048: "Unknown", 4096: "SoftBounce", 8192: "VirusNotification", 16384: "ChallengeVerification",
    100000: "BadEmailAddress", 100001: "SpamComplaint", 100002: "ManuallyDeactivated",
    100003: "Unconfirmed", 100006: "Blocked", 100007: "SMTPApiError", 100008: "InboundError",
    100009: "DMARCPolicy", 100010: "TemplateRenderingFailed",
}  # fmt: skip
"""The same by code, for a body that does not say the name."""

SUPPRESSIONS: Mapping[str, Reason] = {
    "HardBounce": Reason.HARD_BOUNCE,
    "SpamComplaint": Reason.SPAM_COMPLAINT,
    "ManualSuppression": Reason.SUPPRESSED,
}
"""Why Postmark writes no more to an address; the last by hand, the reader's or an operator's."""

EASTERN = ZoneInfo("America/New_York")
"""The time of an instant that does not say its own, at Postmark."""

_SOFT = frozenset(one for one, meant in OF_REASON.items() if meant.reader is OfReader.SOFT)
"""Bounces after which Postmark writes on, unless they say that it has given the address up."""

_PLAIN = {"Delivery": Kind.DELIVERED, "Open": Kind.OPENED, "Click": Kind.CLICKED}
_INSTANTS = ("DeliveredAt", "BouncedAt", "ChangedAt", "ReceivedAt")
_NAME = re.compile(r"[\w.@+-]{1,100}", re.ASCII)
_FIRST = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, repr=False)
class ToldEvent:
    """One thing that a provider told.

    Attributes:
        kind: what happened, in the words that all providers share.
        reason: what exactly, where the kind does not say it.
        at: when it happened, by the provider's word; None when it does not say.
        stream: the provider's name of the stream.
        provider_id: the provider's name of the message.
        delivery_id: our own name of it, as we gave it to the provider.
        address: the mailbox; "" when it is not told.
        reader: public id of the reader whose mailbox it is, as they have it now, where the way in
            which it was told proves that; "" otherwise.
        key: what makes it the same event as one that was told before, in whichever way.
        body: as it came, as much of it as is kept.
    """

    kind: Kind
    reason: Reason | None = None
    at: datetime | None = None
    stream: str | None = None
    provider_id: str | None = None
    delivery_id: str = ""
    address: str = ""
    reader: str = ""
    key: tuple[str, ...] = field(default=())
    body: str = ""

    def __repr__(self) -> str:
        """Name it without the address: events end up in error pages."""
        return f"ToldEvent({self.kind}, {self.reason})"


def read(told: Any, raw: bytes | None = None) -> ToldEvent:
    """Read one body, whatever it is.

    Args:
        told: the body.
        raw: as it came, in JSON; None where it came in another shape, as an entry of a list.
    """
    body: Mapping[str, Any] = told if isinstance(told, dict) else {}
    kind, reason = _what(body)
    metadata = body.get("Metadata")
    return ToldEvent(
        kind=kind,
        reason=reason,
        at=_instant(body),
        stream=_name(body, "MessageStream"),
        provider_id=_name(body, "MessageID"),
        delivery_id=(_name(metadata, "delivery-id") if isinstance(metadata, dict) else None) or "",
        address=_address(body),
        key=_key(body) or ("body", _written(told).decode()),
        body=kept(_written(told) if raw is None else raw),
    )


def _what(body: Mapping[str, Any]) -> tuple[Kind, Reason | None]:
    record = body.get("RecordType")
    if isinstance(record, str) and record in _PLAIN:
        return _PLAIN[record], None
    reasons = {
        "Bounce": _of_bounce,
        "SpamComplaint": lambda _: Reason.SPAM_COMPLAINT,
        "SubscriptionChange": _of_change,
    }
    reason = reasons[record](body) if isinstance(record, str) and record in reasons else None
    return (Kind.UNKNOWN, None) if reason is None else (OF_REASON[reason].kind, reason)


def _of_bounce(body: Mapping[str, Any]) -> Reason | None:
    name, code = body.get("Type"), body.get("TypeCode")
    if not isinstance(name, str) or name not in BOUNCE_TYPES:
        name = BOUNCE_CODES.get(code, "") if type(code) is int else ""  # true is no 1
    reason = BOUNCE_TYPES.get(name)
    if reason in _SOFT and body.get("Inactive") is True:
        return Reason.SOFT_BOUNCE_FINAL
    details = body.get("Details")
    if reason is Reason.NOT_TAKEN and isinstance(details, str) and details.startswith("406"):
        return Reason.NOT_TAKEN_SUPPRESSED
    return reason


def _of_change(body: Mapping[str, Any]) -> Reason | None:
    suppressed, why = body.get("SuppressSending"), body.get("SuppressionReason")
    if suppressed is False:
        return Reason.REACTIVATED
    if suppressed is not True or not isinstance(why, str):
        return None
    if why == "ManualSuppression" and body.get("Origin") == "Recipient":
        return Reason.LEFT
    return SUPPRESSIONS.get(why)


def _instant(body: Mapping[str, Any]) -> datetime | None:
    for name in _INSTANTS:
        written = body.get(name)
        if isinstance(written, str):
            return _parsed(written)
    return None


def _parsed(written: str) -> datetime | None:
    try:
        instant = datetime.fromisoformat(written)
        aware = instant if instant.tzinfo else instant.replace(tzinfo=EASTERN)
        return max(aware.astimezone(UTC), _FIRST)
    except (ValueError, OverflowError):
        return None


def _address(body: Mapping[str, Any]) -> str:
    given = body.get("Email") or body.get("Recipient")
    return given if isinstance(given, str) else ""


def _name(body: Mapping[str, Any], field: str) -> str | None:
    found = body.get(field)
    return found if isinstance(found, str) and _NAME.fullmatch(found) else None


def _key(body: Mapping[str, Any]) -> tuple[str, ...] | None:
    """Give what names the event by itself; None when part of that is missing.

    A change of a suppression is told in seconds by one list and in more digits by the other.
    """
    try:
        return _named(body, _instant(body))
    except RecursionError:  # where a word belongs stands a list in a list in a list
        return None


def _named(body: Mapping[str, Any], at: datetime | None) -> tuple[str, ...] | None:
    match body.get("RecordType"):
        case "Bounce" | "SpamComplaint":
            number, name = body.get("ID"), body.get("Type")
            return ("bounce", str(number), str(name)) if isinstance(number, int) else None
        case "SubscriptionChange" if at is not None and _address(body):
            parts = [body.get(name) for name in ("SuppressSending", "SuppressionReason")]
            second = at.replace(microsecond=0).isoformat()
            stream = _name(body, "MessageStream")
            return ("change", str(stream), _address(body).casefold(), second, *map(str, parts))
        case "Delivery" | "Open" | "Click" as record if at is not None:
            parts = [body.get(name) for name in ("MessageID", "OriginalLink")]
            written = [str(body.get(name)) for name in _INSTANTS]  # all digits, as they came
            return (record, *map(str, parts), _address(body).casefold(), *written)
    return None


def _written(told: Any) -> bytes:
    try:
        return orjson.dumps(told, option=orjson.OPT_SORT_KEYS)
    except TypeError:
        return b'"too deep for an event"'
