"""A report without a part for programs: old systems say in words only what became of a letter. Pure.

Nobody's words are taken for it but a mail system's own, and only the first code in them is believed,
above the copy of our letter: its headline may well be about version 5.1.1 of something.
"""

import re

from newsletter.inbound.mail import InboundMail
from newsletter.inbound.parsing import parsed
from newsletter.inbound.reports import Fate, Report, names_in
from newsletter.inbound.statuses import Status, status_in

_SYSTEM = re.compile(r"(mail(er)?-daemon|postmaster|microsoftexchange[0-9a-f]+)@", re.IGNORECASE)
_FAILED_FOR = "x-failed-recipients"
"""Exim and Gmail name there whom a letter did not reach."""

_HEAD_OF_OURS = re.compile(
    r"^(?:return-path|received|dkim-signature|message-id|mime-version):\s",
    re.IGNORECASE | re.MULTILINE,
)
_OUR_WORDS = re.compile(r"^.*\bsubject\b.*$", re.IGNORECASE | re.MULTILINE)


def read_text(mail: InboundMail) -> Report | None:
    """Read the words of a mail system; None for those of anybody else, or without a code."""
    from_system = _SYSTEM.match(mail.sender) is not None
    if not (from_system or _FAILED_FOR in mail.headers):
        return None
    own, ours = _divided(mail.text)
    status = status_in(own)
    if status is None and _FAILED_FOR in mail.headers:
        status = Status(5)  # it failed, and nobody says why
    if status is None or status.kind == 2:  # noqa: PLR2004  # a success is no news here
        return None
    fate = Fate.FAILED if status.kind == 5 else Fate.DELAYED  # noqa: PLR2004
    mailbox = mail.headers.get(_FAILED_FOR, "")
    return Report(fate, status, names=tuple(names_in(parsed(ours))), mailbox=mailbox)


def _divided(text: str) -> tuple[str, str]:
    """Part the system's own words from the copy of our letter below them, and from our subject."""
    head = _HEAD_OF_OURS.search(text)
    edge = head.start() if head else len(text)
    return _OUR_WORDS.sub("", text[:edge]), text[edge:]
