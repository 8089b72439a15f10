"""How far an issue is that leaves, as its live page tells it: gathered anew for each look."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from sqlmodel import Session

from newsletter.delivery import counting, rate
from newsletter.delivery.books import Waiting
from newsletter.delivery.counting import Part
from newsletter.delivery.models import DeliveryState
from newsletter.delivery.oddities import in_doubt
from newsletter.delivery.ramp import Stage
from newsletter.issues.models import Issue
from newsletter.issues.seen import mark
from newsletter.issues.states import IssueState
from newsletter.service import Service
from newsletter.web.editor.time_left import time_left
from schedules.waves import Waves

STAGES: Mapping[int, str] = {
    Stage.SEEDS: "the seeds",
    Stage.FEW: "one in a hundred",
    Stage.ALL: "everybody else",
}
"""What each step of a ramp is called."""

Way = Literal["coming", "leaving", "paused", "cancelled", "over"]
"""Where an issue can stand, as seen from here."""

_MINUTE = timedelta(minutes=1)


class Row(NamedTuple):
    """A line of the table of waves: when it leaves here, and what hour that is where its readers are."""

    at: datetime | None
    there: str
    stage: str
    part: Part


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an issue is.

    Attributes:
        issue: as it is.
        seen: the mark of what is shown; a button brings it back.
        now: the present instant.
        eligible: its audience, which may grow while it leaves in waves.
        parts: its copies, by wave and stage.
        rows: the same as lines of a table; none when all leave at once.
        rate: letters a minute.
        over_at: when the last of them will have left, if that can be said.
        waiting: what of it is queued, and why.
        undecided: copies that are held until somebody decides.
        passive: why nothing leaves from here; None when it does.
    """

    issue: Issue
    seen: str
    now: datetime
    eligible: int
    parts: Sequence[Part]
    rows: Sequence[Row]
    rate: float
    over_at: datetime | None
    waiting: Waiting
    undecided: int
    passive: str | None

    @property
    def way(self) -> Way:
        """Where it stands."""
        state = self.issue.state
        if not self.issue.has_begun:
            return "coming"
        if state == IssueState.CANCELLED.value:
            return "cancelled"
        if state == IssueState.HELD.value:
            return "paused"
        return "leaving" if state == IssueState.SENDING.value else "over"

    @property
    def is_under_way(self) -> bool:
        """Whether its figures may still change by themselves, or by somebody's word."""
        return self.way in ("leaving", "paused")

    @property
    def are_gone(self) -> bool:
        """Whether it is over and its copies are no longer kept, so that there is nothing to count."""
        return not self.is_under_way and self.eligible > 0 and not self.parts

    @property
    def done(self) -> int:
        """How many copies wait for nothing any more but, perhaps, for evidence."""
        return sum(part.copies - part.queued for part in self.parts)

    @property
    def in_doubt(self) -> int:
        """How many of these wait for evidence, or for somebody's word."""
        return self.count("unknown") + self.undecided

    @property
    def sent(self) -> int:
        """How many were handed over."""
        return sum(part.sent for part in self.parts)

    @property
    def at_work(self) -> int:
        """How many are being sent at this moment."""
        return sum(part.at_work for part in self.parts)

    @property
    def left(self) -> str:
        """How long it still takes, in words; empty when nobody can say."""
        if self.over_at is None:
            return ""
        takes = self.over_at - self.now
        return time_left(self.over_at, self.now) if takes >= _MINUTE else "less than a minute"

    def count(self, state: str) -> int:
        """Give the number of copies in a state."""
        return sum(part.states.get(DeliveryState(state), 0) for part in self.parts)


def gather(session: Session, service: Service, issue: Issue, now: datetime) -> Progress:
    """Gather how far an issue is, in a fixed number of questions to the database."""
    parts = counting.parts(session, issue.number, since=now - rate.WINDOW)
    begun = counting.begun(session, issue.number)
    is_leaving = issue.state == IssueState.SENDING.value and begun is not None
    lately = sum(part.lately for part in parts)
    speed = rate.per_minute(lately, begun, now) if is_leaving and begun else 0.0
    queued = [(part.place.wave_at, part.queued) for part in parts]
    return Progress(
        issue=issue,
        seen=mark(issue),
        now=now,
        eligible=issue.audience or 0,
        parts=parts,
        rows=_rows(parts, Waves(service.window, issue.local_date)),
        rate=speed,
        over_at=rate.over_at(queued, speed, now),
        waiting=service.dispatch.waiting(issue.number),
        undecided=in_doubt(session).get(issue.number, {}).get(DeliveryState.HELD, 0),
        passive=service.fence.objection(),
    )


def _rows(parts: Sequence[Part], waves: Waves) -> Sequence[Row]:
    """Give a line for each part; none when there is nothing to tell apart."""
    if not any(part.place.wave_at or part.place.stage for part in parts):
        return ()
    return [
        Row(
            part.place.wave_at,
            hour_there(waves, part.place.wave_at) if part.place.wave_at else "",
            STAGES.get(part.place.stage, ""),
            part,
        )
        for part in parts
    ]


def hour_there(waves: Waves, at: datetime) -> str:
    """Say what hour it is where the readers of a wave are, and where that is, such as "09:00 at UTC+5:30"."""
    window = waves.window
    wall = datetime.combine(waves.local_date, window.at, tzinfo=at.tzinfo)
    minutes = (wall - at) // _MINUTE
    hours, rest = divmod(abs(minutes), 60)
    sign = "−" if minutes < 0 else "+"
    return f"{window.at:%H:%M} at UTC{sign}{hours}{f':{rest:02d}' if rest else ''}"
