"""What a check reports: one measured line for each issue, and its faults, each with a code."""

from dataclasses import dataclass
from typing import NamedTuple


class Fault(NamedTuple):
    """One thing that is wrong.

    Attributes:
        code: the rule that found it; the self-test demands that every code can occur.
        message: where and what, in words.
    """

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Result:
    """What one check says of one issue.

    Attributes:
        check: name of the check.
        issue: name of the issue.
        measured: the figures, in words; also when nothing is wrong.
        faults: empty when all is well.
    """

    check: str
    issue: str
    measured: str
    faults: tuple[Fault, ...] = ()
