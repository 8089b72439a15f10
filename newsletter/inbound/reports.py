"""A letter that came back, or its fate: what a delivery report says (RFC 3464), whoever wrote it. Pure.

Reports differ in their words, and hardly in the part that is for programs. That part may come as an
attachment, or in the raw mail. Where there is none, ``report_text`` reads the words.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import Message
from enum import IntEnum

from newsletter.inbound.mail import InboundMail
from newsletter.inbound.parsing import parsed
from newsletter.inbound.statuses import Status, status_in

_STATUS = "message/delivery-status"
_GLOBAL = "message/global-delivery-status"
"""The same with addresses in any script (RFC 6533); the parser does not know it by this name."""

_RETURNED = frozenset(
    {"message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers"}
)
_LONGEST_WORDS = 500
_REFERENCES = ("message-id", "in-reply-to", "references")


class Fate(IntEnum):
    """What became of a letter; the lesser, the better."""

    ARRIVED = 0
    DELAYED = 1
    FAILED = 2


_FATES = {
    "delivered": Fate.ARRIVED,
    "relayed": Fate.ARRIVED,  # to a system that will not report: as near as anybody sees
    "expanded": Fate.ARRIVED,  # to a list of the recipient's own
    "delayed": Fate.DELAYED,
    "failed": Fate.FAILED,
}
_FATE_OF_KIND = {2: Fate.ARRIVED, 4: Fate.DELAYED, 5: Fate.FAILED}


@dataclass(frozen=True, slots=True, repr=False)
class Report:
    """What a report says.

    Attributes:
        fate: of the letter.
        status: the code, as exact as it is told.
        words: of the server, for an operator; they may hold addresses.
        names: what may be our name of the letter: of its envelope, and of the letter itself.
        mailbox: the address of whose letter it tells; "" where it names none.
    """

    fate: Fate
    status: Status
    words: str = ""
    names: tuple[str, ...] = ()
    mailbox: str = ""

    def __repr__(self) -> str:
        return f"Report({self.fate.name}, {self.status})"


def read_report(mail: InboundMail) -> Report | None:
    """Read the part of a report that is for programs; None for a mail that has none."""
    parts = list(_parts(mail))
    blocks = [block for kind, part in parts if kind == _STATUS for block in _messages(part)]
    told = [(fate, block) for block in blocks if (fate := _fate(block)) is not None]
    if not told:
        return None
    # One letter may have gone to several mailboxes behind its address: one that it reached is enough.
    fate, block = min(told, key=lambda one: one[0])
    return Report(
        fate=fate,
        status=_status(block) or Status(5 if fate is Fate.FAILED else 4),
        words=_words(block),
        names=(*_envelope_names(blocks), *_letter_names(mail, parts)),
        mailbox=str(block.get("final-recipient", "")).partition(";")[2].strip(" <>"),
    )


def names_in(letter: Message) -> Iterator[str]:
    """Give what stands before the @ in the names of messages that a head mentions."""
    for header in _REFERENCES:
        yield from _names(str(letter.get(header, "")))


def _names(references: str) -> Iterator[str]:
    for name in references.split():
        yield name.strip("<>").partition("@")[0]


def _parts(mail: InboundMail) -> Iterator[tuple[str, Message]]:
    """Give the parts of a report: from the raw mail where there is one, else the attachments."""
    if mail.raw:
        for part in parsed(mail.raw.replace(_GLOBAL, _STATUS)).walk():
            yield part.get_content_type(), part
    else:
        for kind, content in mail.attachments:
            known = _STATUS if kind == _GLOBAL else kind
            yield known, parsed(f"Content-Type: {known}\n\n".encode() + content)


def _messages(part: Message) -> list[Message]:
    """Give what is inside a part: of a report, the blocks of fields; of a returned letter, itself."""
    inside = part.get_payload()
    if isinstance(inside, list):
        return [one for one in inside if isinstance(one, Message)]
    return [parsed(str(inside).lstrip())]


def _fate(block: Message) -> Fate | None:
    action = str(block.get("action", "")).split("(")[0].strip().lower()
    if action in _FATES:
        return _FATES[action]
    status = status_in(str(block.get("status", "")))
    return _FATE_OF_KIND[status.kind] if status else None


def _status(block: Message) -> Status | None:
    """Give the code; where a system says no more than 5.0.0, the words of the server it asked.

    These count also where they speak of policy: Sendmail knows a code only at their beginning, and
    makes 5.1.3 of a mere 553.
    """
    own = status_in(str(block.get("status", "")))
    theirs = status_in(str(block.get("diagnostic-code", "")))
    if theirs is None or not theirs.says_why:
        return own or theirs
    return own if own is not None and own.says_why and not theirs.is_policy else theirs


def _words(block: Message) -> str:
    told = str(block.get("diagnostic-code") or block.get("status") or "")
    return " ".join(told.split())[:_LONGEST_WORDS]


def _envelope_names(blocks: Sequence[Message]) -> Iterator[str]:
    for block in blocks:
        if name := str(block.get("original-envelope-id", "")).strip():
            yield name


def _letter_names(mail: InboundMail, parts: Sequence[tuple[str, Message]]) -> Iterator[str]:
    """Give the names in the head of the returned letter, and in the mail's own references."""
    for kind, part in parts:
        if kind in _RETURNED:
            for letter in _messages(part):
                yield from names_in(letter)
    for header in _REFERENCES[1:]:
        yield from _names(mail.headers.get(header, ""))
