"""What a run came to, in figures. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from tests.faults.judging import Played


@dataclass(frozen=True, slots=True)
class Figures:
    """The sums over some trials.

    Attributes:
        trials: how many were played.
        killed: in how many of them a process was killed.
        duplicated: copies beyond the first of a reader.
        lost: readers without a copy of whom nothing says so.
        held: readers left to a person, by reason.
        wrong: rows that contradict the provider's log.
        unsettled: rows that never got an outcome.
        usual_minutes: median of the time until an issue was settled, by the trial's own clock.
        worst_minutes: the longest such time.
    """

    trials: int
    killed: int
    duplicated: int
    lost: int
    held: Counter[str]
    wrong: int
    unsettled: int
    usual_minutes: float
    worst_minutes: float

    @classmethod
    def of(cls, played: Sequence[Played]) -> "Figures":
        """Add up."""
        findings = [one.finding for one in played]
        minutes = [one.minutes for one in played if one.finding.settled] or [0.0]
        return cls(
            trials=len(played),
            killed=sum(one.killed for one in played),
            duplicated=sum(one.duplicated for one in findings),
            lost=sum(one.lost for one in findings),
            held=sum((one.held for one in findings), Counter()),
            wrong=sum(len(one.wrong) for one in findings),
            unsettled=sum(one.unsettled for one in findings),
            usual_minutes=median(minutes),
            worst_minutes=max(minutes),
        )


def unreached(played: Sequence[Played], points: Sequence[str]) -> list[str]:
    """Name the points at which no process was ever killed."""
    reached = {one.trial.point for one in played if one.killed}
    return [point for point in points if point not in reached]
