"""A mail as Postmark's inbound webhook tells of it; whatever is odd in it counts as not there. Pure."""

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

_MOST_CHARACTERS = 20_000
"""Of a part of a mail; what somebody wants to say to a program is shorter."""

_MOST_OF_A_REPORT = 200_000
"""Characters of a raw mail, or of one attachment: what is asked of them stands at the beginning."""

_MOST_ATTACHMENTS = 8
_TOLD_IN_PARTS = ("message/", "text/rfc822-headers")
"""The kinds of attachments that are looked at: mails about mails."""

_PLUS = re.compile(r"\+([^+@]+)@")
_IN_ANGLES = re.compile(r"<([^<>]*)>\Z")
_ID = re.compile(r"[\w.@+-]{1,100}", re.ASCII)


@dataclass(frozen=True, slots=True, repr=False)
class InboundMail:
    """One mail; nothing of it is kept but its id.

    Attributes:
        message_id: Postmark's; "" when there is none.
        sender: the address it says it comes from; anybody can write anything there.
        marks: what stood behind a plus in the addresses it was sent to.
        subject: as it came.
        reply: what Postmark takes for the sender's own words above a quoted letter.
        text: the whole plain text.
        html: the whole HTML.
        headers: values by their names in small letters.
        attachments: kind and content of those that may be parts of a report about a letter.
        raw: the mail as it travelled, where Postmark was told to send that too; "" otherwise.
    """

    message_id: str
    sender: str
    marks: tuple[str, ...]
    subject: str
    reply: str
    text: str
    html: str
    headers: Mapping[str, str]
    attachments: tuple[tuple[str, bytes], ...] = ()
    raw: str = ""

    def __repr__(self) -> str:
        return f"InboundMail({self.message_id})"

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> "InboundMail":
        """Read the fields that count."""
        message_id = _text(body, "MessageID")
        return cls(
            message_id=message_id if _ID.fullmatch(message_id) else "",
            sender=_sender(body),
            marks=tuple(dict.fromkeys(filter(None, _marks(body)))),
            subject=_text(body, "Subject"),
            reply=_text(body, "StrippedTextReply"),
            text=_text(body, "TextBody"),
            html=_text(body, "HtmlBody"),
            headers=_headers(body),
            attachments=tuple(_attachments(body)),
            raw=_text(body, "RawEmail", most=_MOST_OF_A_REPORT),
        )


def _sender(body: Mapping[str, Any]) -> str:
    full = body.get("FromFull")
    given = _text(full, "Email") if isinstance(full, dict) else ""
    if given:
        return given
    written = _text(body, "From").strip()
    in_angles = _IN_ANGLES.search(written)  # the library's reader is lost in nested brackets
    return in_angles[1] if in_angles else written


def _marks(body: Mapping[str, Any]) -> Iterable[str]:
    yield _text(body, "MailboxHash")
    addresses = [_text(body, "OriginalRecipient")]
    for person in (one for field in ("ToFull", "CcFull", "BccFull") for one in _dicts(body, field)):
        yield _text(person, "MailboxHash")
        addresses.append(_text(person, "Email"))
    for address in addresses:
        yield from _PLUS.findall(address)


def _headers(body: Mapping[str, Any]) -> Mapping[str, str]:
    named = [(_text(one, "Name").lower(), _text(one, "Value")) for one in _dicts(body, "Headers")]
    return {name: value.strip() for name, value in reversed(named)}  # of several the first counts


def _attachments(body: Mapping[str, Any]) -> Iterable[tuple[str, bytes]]:
    for one in _dicts(body, "Attachments")[:_MOST_ATTACHMENTS]:
        kind = _text(one, "ContentType").partition(";")[0].strip().lower()
        if kind.startswith(_TOLD_IN_PARTS):
            encoded = "".join(_text(one, "Content", most=_MOST_OF_A_REPORT).split())
            try:
                yield kind, b64decode(encoded[: len(encoded) // 4 * 4])
            except (Error, ValueError):
                continue


def _dicts(body: Mapping[str, Any], field: str) -> list[dict[str, Any]]:
    found = body.get(field)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _text(body: Mapping[str, Any], field: str, *, most: int = _MOST_CHARACTERS) -> str:
    found = body.get(field)
    return found[:most] if isinstance(found, str) else ""
