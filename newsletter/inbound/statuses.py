"""What the code of a failed delivery says: about the mailbox, about us, or about neither. Pure.

RFC 3463 has three numbers: whether it is for good (5) or was given up after a while (4), what the
fault is about (1 the address, 2 the mailbox, 3 its system, 4 the way there, 5 the conversation, 6
the content, 7 policy), and what exactly. Servers are free with the last two, so only codes that can
mean nothing but "there is no such mailbox" close one at once. Everything else counts like a soft
bounce, of which it takes several, over weeks, with no sign of life between them.
"""

import re
from dataclasses import dataclass

from newsletter.feedback.meanings import Reason

_CODE = re.compile(r"(?<![\w.])([245])\.([0-7])\.(\d{1,3})(?!\w|\.\d)")
_BASIC = re.compile(r"(?<![\w.])([45])[0-5]\d(?=[ -])")
_FOR_GOOD, _POLICY = 5, 7

_HARD = frozenset(
    {
        (1, 1),  # no such mailbox
        (1, 2),  # no such domain
        (1, 3),  # an address that can be none
        (1, 6),  # moved, and nobody says where to
        (1, 10),  # the domain says that it takes no mail (RFC 7505); Exchange: no such recipient
    }
)
"""By subject and detail, where the fault is for good.

Not 2.1, a mailbox that is closed: Gmail writes 5.2.1 of one that gets too many letters just now, too.
"""

_OURS = frozenset(
    {
        (1, 7),  # the envelope's sender cannot be one
        (1, 8),  # its domain is not found
        (1, 90),  # Exchange: our limit of recipients is used up
        (4, 5),  # Gmail says so of a limit; elsewhere a system is overrun
    }
)
"""What is the fault of our own server, and no word about the mailbox. The last readers of an issue meet a
limit for the day each time: three weeks of that would look like a dead mailbox."""


@dataclass(frozen=True, slots=True)
class Status:
    """The code of a delivery; subject and detail are 0 where only its first number is known."""

    kind: int
    subject: int = 0
    detail: int = 0

    @property
    def says_why(self) -> bool:
        """Whether it says more than how bad it is."""
        return (self.subject, self.detail) != (0, 0)

    @property
    def is_policy(self) -> bool:
        """Whether a rule of theirs kept the letter out."""
        return self.subject == _POLICY


def status_in(text: str) -> Status | None:
    """Find the first code in a server's words: 5.1.1, or at least 550."""
    if found := _CODE.search(text):
        return Status(*map(int, found.groups()))
    basic = _BASIC.search(text)
    return Status(int(basic[1])) if basic else None


def reason_of_failure(status: Status) -> Reason:
    """Say what a failure means.

    - A full mailbox (x.2.2) is somebody's on holiday: soft.
    - Policy (x.7.x) is about us, whatever a server writes beside it: our network, our words, our
      keys; and so is a used-up limit. No reader is to blame for it, however often it happens;
      editors are told when it happens to many. It is no proof that our own DNS is wrong, for
      whoever forwards mail breaks SPF: so no issue is stopped by it.
    - What was tried for days and given up (4.x.x) failed this time: soft, even when the address
      was what they complained of, for a server that knew would have said 5.
    """
    where = (status.subject, status.detail)
    if status.is_policy or where in _OURS:
        return Reason.BLOCKED
    if status.kind == _FOR_GOOD and where in _HARD:
        return Reason.HARD_BOUNCE
    return Reason.SOFT_BOUNCE
