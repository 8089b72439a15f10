"""What the provider does wrong during a trial, written as a line: ``reset@1+search.empty@2``.

A word is a fault of the sending call, and the number which call of it (0: each, while faults last);
``search.`` puts it on the search, ``templates.`` on the upload of a template, ``jobs.`` on the list
of bulk jobs. Words without a number change the provider as a whole; with ``webhooks`` it tells what
became of copies.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from newsletter.testing.postmark.faults import FAULTS, Rule
from tests.faults.trials import Handover

WELL = "well"

CALLS: dict[Handover, str] = {
    "template": "/email/batchWithTemplates",
    "batch": "/email/batch",
    "bulk": "/email/bulk",
}

NEEDS_A_LIST = frozenset({"short", "long", "reordered", "doubled", "without-error-code"})
"""Faults that change the entries of an answer, which the bulk call has none of."""

NEEDS_A_TEMPLATE = frozenset({"rendered-otherwise"})
"""Faults of a call that sends nothing."""

DETAILS: Mapping[str, Mapping[str, Any]] = {
    "slow": {"seconds": 0.9},  # longer than a sender of the bench waits for an answer
    "late-accept": {"seconds": 240},  # of the provider's own time
    "reset-at": {"at": -20},
    "reset-request": {"at": 300},
}
"""How a fault is meant here, where it can be meant in several ways."""

LOST = "-lost"
"""Ending of a fault by which nothing is accepted, where without it everything is."""

INDEX: dict[str, dict[str, Any]] = {
    "lag": {"lag": 90},
    "lag-shuffled": {"lag": 90, "shuffle": 7},
    "down": {"down": True},
    "hide": {"hide": 2},
    "hide-all": {"hide": 1000},
}
"""Words for a search that is behind, out of order, down, or blind for the newest rows."""

SUPPRESSED, SPOILT = "suppressed", "spoilt"
"""Two readers whom the provider refuses; one whose address spoils every call it is in."""

SLOW_JOBS = "slow-jobs"
"""Bulk jobs release their messages by and by."""

_A_JOB_TAKES = 25 * 60
"""Seconds of the provider's own time: longer than its search is given before it is believed."""

SUPPRESSES = frozenset({"reader2@example.org", "reader7@example.org"})
SPOILS = "spoils-300@example.org"


@dataclass(frozen=True, slots=True)
class Script:
    """A script that was read.

    Attributes:
        rules: the faults of calls.
        index: what is wrong with the search, until faults end.
        suppressed: whether two readers are refused by the provider.
        spoilt: whether one reader's address spoils a call.
        a_job_takes: how many seconds bulk jobs are at work.
    """

    rules: tuple[Rule, ...] = ()
    index: dict[str, Any] = field(default_factory=dict)
    suppressed: bool = False
    spoilt: bool = False
    a_job_takes: float = 0.0

    @property
    def refused(self) -> frozenset[str]:
        """Give whom the provider refuses, whatever call they are in."""
        suppressed = SUPPRESSES if self.suppressed else frozenset()
        return suppressed | ({SPOILS} if self.spoilt else set())

    @property
    def alone(self) -> int:
        """Say how many calls of one message may be refused: parts of one that was refused before.

        That one was refused by a rule, which then refuses no part, or for the address that spoils it.
        """
        refusals = sum(rule.fault.startswith("refused-") for rule in self.rules)
        return refusals if self.spoilt else max(refusals - 1, 0)


def read(script: str, handover: Handover) -> Script:
    """Read a script as it applies to one handover."""
    words = [] if script == WELL else script.split("+")
    index: dict[str, Any] = {}
    for word in words:
        index |= INDEX.get(word, {})
    return Script(
        tuple(_rule(word, handover) for word in words if "@" in word),
        index,
        SUPPRESSED in words,
        SPOILT in words,
        _A_JOB_TAKES if SLOW_JOBS in words else 0.0,
    )


def fits(script: str, handover: Handover) -> bool:
    """Say whether a script makes sense with a handover."""
    lists = any(word.partition("@")[0] in NEEDS_A_LIST for word in script.split("+"))
    uploads = "templates." in script
    works_off = "jobs." in script or SLOW_JOBS in script
    return (
        not (lists and handover == "bulk")
        and not (uploads and handover != "template")
        and not (works_off and handover != "bulk")
    )


def call_faults() -> tuple[str, ...]:
    """Name the faults that a call can have; one that the loopback Postmark learns joins them."""
    lost = (f"{name}{LOST}" for name in ("slow", "error-500", "html-502", "empty"))
    return (*(name for name in FAULTS if name not in NEEDS_A_TEMPLATE), *lost)


def _rule(word: str, handover: Handover) -> Rule:
    name, _, nth = word.partition("@")
    where, _, fault = name.rpartition(".")
    path, method = {
        "": (CALLS[handover], "POST"),
        "search": ("/messages/outbound", "GET"),
        "templates": ("/templates*", None),
        "jobs": ("/email/bulk", "GET"),
    }[where]
    details = dict(DETAILS.get(fault.removesuffix(LOST), {}))
    if fault.endswith(LOST):
        details["accept"] = False
    return Rule(path, fault.removesuffix(LOST), int(nth), method=method, **details)
