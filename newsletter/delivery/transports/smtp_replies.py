"""What an SMTP reply means for a message: a table of phases and codes. Pure."""

import re
from enum import IntEnum, StrEnum

from newsletter.delivery.message import Outcome, Receipt

LONGEST_DETAIL = 200
CLOSING = 421
"""The server hangs up; it may say so at any step."""
OUR_MISTAKE = frozenset({500, 502, 503, 504, 530, 534, 535, 538})
"""Unknown command, wrong order, log in first: they say nothing about the recipient."""

_POLICY = re.compile(rb"#?[45]\.7\.\d")
"""Security or policy (RFC 3463), where the words begin with a code as RFC 2034 has it; some put # before it."""

_SENDER = re.compile(rb"#?[45]\.1\.(?:[78]|90)(?!\d)")
"""Our own address is none, or may send no more today (90, at Exchange). Postfix says so where others say it
of the recipient, who has nothing to do with it."""

_SERVER = re.compile(rb"#?[45]\.(?:3\.[125]|4\.5)(?!\d)")
"""The server is full, closed or set up wrongly, or a quota is used up: said in answer to a letter, it is
not about the letter (RFC 3463; Gmail says 5.4.5 when the day's letters are sent)."""


class Kind(IntEnum):
    """The first digit of a reply code."""

    DONE = 2
    MORE = 3
    LATER = 4
    NEVER = 5


class Phase(StrEnum):
    """The steps of one message."""

    MAIL = "MAIL"
    RCPT = "RCPT"
    DATA = "DATA"
    BODY = "body"
    """Its bytes are on the way; the server may not act on them before the final dot."""
    DOT = "end"
    """The final dot may have arrived; from now on only the reply tells."""

    def follows(self, other: "Phase") -> bool:
        """Say whether this step comes after another one."""
        order = list(Phase)
        return order.index(self) > order.index(other)


_MAY_BE_US = {Phase.RCPT: (_POLICY, _SERVER, _SENDER), Phase.DATA: (_POLICY,)}
"""At the recipient our own address may be refused by the system of theirs alone, which a relay asks."""


def is_done(code: int) -> bool:
    """Say whether a command was carried out."""
    return code // 100 == Kind.DONE


def goes_on(phase: Phase, code: int) -> bool:
    """Say whether the next step may follow."""
    return code // 100 == (Kind.MORE if phase is Phase.DATA else Kind.DONE)


def leaves_order(phase: Phase, code: int) -> bool:
    """Say whether both sides still agree on where they are after a reply that ended a message.

    A server that answers out of turn may take the next command for a body.
    """
    expected = {Kind.LATER, Kind.NEVER} | ({Kind.DONE} if phase is Phase.DOT else set())
    return code // 100 in expected and code != CLOSING


def may_be_us(phase: Phase, code: int, text: bytes) -> bool:
    """Say whether a letter that nobody saw was refused for good by what need not be about its reader.

    Such as "554 5.7.1 Relay access denied", or a limit for the day, which some servers remember only
    at DATA: it is about us, or about one mailing list, and says nothing about whether there is such a
    mailbox. Which of the two it is, the others show: see ``newsletter.delivery.leftovers``.
    """
    if code // 100 != Kind.NEVER or code in OUR_MISTAKE:
        return False
    return any(said.match(text) for said in _MAY_BE_US.get(phase, ()))


def outcome(phase: Phase, code: int, text: bytes = b"") -> Outcome:
    """Say what a reply means that ended a message.

    A refusal of the sender, whenever it comes, is no fault of the recipient, so the message may be
    sent once the configuration is mended; nor is one by policy, before the letter was seen. After
    that, what is refused is the letter, and would be again, unless the server names its own state or
    a quota. A senseless reply after the final dot leaves everything open.
    """
    kind = code // 100
    letter = phase in (Phase.DATA, Phase.DOT)
    ours = _SENDER.match(text) or (letter and _SERVER.match(text))
    if may_be_us(phase, code, text) or (kind == Kind.NEVER and ours):
        return Outcome.NOT_TAKEN
    if kind == Kind.NEVER and phase is not Phase.MAIL and code not in OUR_MISTAKE:
        return Outcome.REJECTED
    if kind in (Kind.LATER, Kind.NEVER) or phase is not Phase.DOT:
        return Outcome.NOT_TAKEN
    return Outcome.ACCEPTED if kind == Kind.DONE else Outcome.UNKNOWN


def ended(phase: Phase, code: int, text: bytes) -> Receipt:
    """Give the receipt for a message that a reply ended.

    One mailbox that a policy keeps from us must not stop an issue, so that waits for no operator.
    """
    detail = f"{phase} answered {code} {readable(text)}".rstrip()
    result, undecided = outcome(phase, code, text), may_be_us(phase, code, text)
    for_now = phase is Phase.RCPT and code // 100 == Kind.LATER and code != CLOSING
    return Receipt(
        result,
        code=None if result is Outcome.ACCEPTED else str(code),
        detail=detail,
        needs_operator=result is Outcome.NOT_TAKEN and code // 100 == Kind.NEVER and not undecided,
        about_recipient=undecided or for_now,
    )


def lost(phase: Phase, reason: str) -> Receipt:
    """Give the receipt for a message during which the connection broke."""
    result = Outcome.UNKNOWN if phase is Phase.DOT else Outcome.NOT_TAKEN
    return Receipt(result, code="connection-lost", detail=f"lost at {phase}: {reason}")


def readable(text: bytes) -> str:
    """Give a server's words in one short line, with every address left out."""
    line = re.sub(r"[^\x20-\x7e]+", " ", text.decode("ascii", "replace"))
    return re.sub(r"[^\s<>\"'(),;:]+@[^\s<>\"'(),;:]+", "…", line).strip()[:LONGEST_DETAIL]
