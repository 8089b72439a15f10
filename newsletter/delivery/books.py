"""The books of an issue: eligible = accepted + rejected + skipped + held, each with a reason."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlmodel import Session, col

from newsletter.delivery.lines import Line, lines
from newsletter.delivery.models import Batch, BatchState, DeliveryState
from newsletter.delivery.ramp import Stage
from newsletter.editions.models import Edition
from newsletter.issues.models import Issue, IssueChange
from newsletter.issues.states import IssueState

FINAL = (
    DeliveryState.ACCEPTED,
    DeliveryState.REJECTED,
    DeliveryState.SKIPPED,
    DeliveryState.HELD,
)

_OVER = (IssueState.SETTLED, IssueState.CANCELLED)


@dataclass(frozen=True, slots=True)
class Books:
    """What became of every eligible subscriber of one issue.

    Attributes:
        eligible: how many were frozen.
        lines: count by (state, reason), largest first.
    """

    eligible: int
    lines: tuple[tuple[DeliveryState, str | None, int], ...]

    def count(self, state: DeliveryState) -> int:
        """Give the number of deliveries in a state."""
        return sum(number for found, _, number in self.lines if found is state)

    @property
    def equation(self) -> str:
        """The books in one line: everybody eligible, and what became of them."""
        counted = [f"{self.count(state)} {state}" for state in FINAL]
        still_open = [
            f"{self.count(state)} {state}"
            for state in (DeliveryState.UNKNOWN, DeliveryState.QUEUED)
            if self.count(state)
        ]
        return f"{self.eligible} eligible = {' + '.join(counted + still_open)}"

    @property
    def settled(self) -> bool:
        """Say whether every eligible subscriber has a final outcome."""
        return self.eligible == sum(self.count(state) for state in FINAL)


def balance(session: Session, issue_number: int, eligible: int | None) -> Books:
    """Count the deliveries of an issue.

    Args:
        session: for reading.
        issue_number: the issue.
        eligible: the number written down when the audience was frozen, counted then; None before.
    """
    return books_of(lines(session, issue_number), eligible)


def books_of(counted: Iterable[Line], eligible: int | None) -> Books:
    """Make the books of lines that were counted; ``eligible`` as in ``balance``."""
    found: Counter[tuple[DeliveryState, str | None]] = Counter()
    for line in counted:
        found[line.state, line.reason] += line.copies
    in_order = sorted(found.items(), key=lambda one: (-one[1], one[0][0], one[0][1] or ""))
    return Books(
        eligible or 0, tuple((state, reason, copies) for (state, reason), copies in in_order)
    )


def are_gone(issue: Issue, books: Books) -> bool:
    """Say whether an operator has deleted the copies of an issue: all of them, after it was over.

    Where only some are missing, or the issue is not over, they are lost, and the books do not balance.
    """
    return issue.state in _OVER and books.eligible > 0 and not books.lines


NO_WORD = "no word"
"""What is said of an accepted copy of which the provider has told nothing since."""


def afterwards(session: Session, issue_number: int) -> dict[str, int]:
    """Count the accepted copies of an issue by what the provider told about them afterwards.

    Returns:
        Counts, largest first; empty when it told nothing at all, as most transports do.
    """
    told: Counter[str] = Counter()
    for line in lines(session, issue_number):
        if line.state is DeliveryState.ACCEPTED:
            told[line.feedback or NO_WORD] += line.copies
    return dict(told.most_common()) if told.keys() - {NO_WORD} else {}


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is still queued.

    Attributes:
        batches: how many.
        because: why the first of them was last not taken; None when it was not tried.
        next_try: when it may be tried again; None for at once.
        next_wave: when the first of them leaves, if none may leave before.
        stage: that of the first of them in a ramp, when an earlier one comes before it.
    """

    batches: int
    because: str | None = None
    next_try: datetime | None = None
    next_wave: datetime | None = None
    stage: Stage | None = None


def waiting(session: Session, issue_number: int, now: datetime) -> Waiting:
    """Say what of an issue waits to be sent, and why."""
    rows = session.execute(
        select(
            col(Batch.note),
            col(Batch.not_before),
            col(Batch.wave_at),
            col(Batch.stage),
            col(Issue.not_before).label("issue_not_before"),
        )
        .join(Issue, col(Issue.number) == col(Batch.issue_number))
        .where(
            col(Batch.issue_number) == issue_number,
            col(Batch.state) == BatchState.QUEUED.value,
        )
        .order_by(col(Batch.note).is_(None), col(Batch.number))
    ).all()
    if not rows:
        return Waiting(0)
    turns = [max(filter(None, (row.wave_at, row.issue_not_before, now))) for row in rows]
    next_wave = min(turns) if min(turns) > now else None
    stage = Stage(min(row.stage for row in rows))
    later = stage if stage > Stage.SEEDS else None
    return Waiting(len(rows), rows[0].note, rows[0].not_before, next_wave, later)


def last_moved(
    session: Session, issue: Issue, *, now: datetime, timer: datetime
) -> datetime | None:
    """Say when an issue last got on, or was let go on; None when it never was.

    Args:
        session: for reading.
        issue: which one.
        now: the present instant; while a call is under way, it is the answer.
        timer: the same by the real clock, by which calls are held.
    """
    of_issue = col(Batch.issue_number) == issue.number
    in_flight = select(func.count()).where(
        of_issue,
        col(Batch.state) == BatchState.SENDING.value,
        col(Batch.leased_until) > timer,
    )
    if session.execute(in_flight).scalar_one():
        return now
    let_go = col(IssueChange.to_state) == IssueState.SENDING.value
    waves = of_issue, col(Batch.wave_at) <= now
    moments = (
        select(func.max(col(Batch.finished_at))).where(of_issue),
        select(func.max(col(Batch.wave_at))).where(*waves),
        select(func.max(col(IssueChange.at))).where(
            col(IssueChange.issue_number) == issue.number, let_go
        ),
    )
    found = [session.execute(moment).scalar_one() for moment in moments]
    if issue.not_before is not None and issue.not_before <= now:
        found.append(issue.not_before)
    return max((moment for moment in found if moment is not None), default=None)


@dataclass(frozen=True, slots=True)
class Share:
    """A part of an issue's copies: those of one wave, or of one edition.

    Attributes:
        copies: how many were put into batches.
        done: how many of these batches' copies have an outcome.
    """

    copies: int
    done: int

    @property
    def state(self) -> str:
        """Say where it stands: waiting, leaving or done."""
        if self.done == self.copies:
            return "done"
        return "leaving" if self.done else "waiting"


def waves(session: Session, issue_number: int) -> dict[datetime, Share]:
    """Give the waves of an issue, earliest first; none when it went to everybody at once."""
    return _shares(session, issue_number, col(Batch.wave_at))


def stages(session: Session, issue_number: int) -> dict[int, Share]:
    """Give the stages of an issue's ramp, in order; none when it left without one."""
    shares = _shares(session, issue_number, col(Batch.stage))
    return {stage: share for stage, share in shares.items() if stage}


def editions(session: Session, issue_number: int) -> dict[tuple[int, str], Share]:
    """Give the editions of an issue that somebody gets, by number and kind."""
    known = select(col(Edition.number), col(Edition.kind)).where(
        col(Edition.issue_number) == issue_number
    )
    kinds = {edition.number: edition.kind for edition in session.execute(known)}
    shares = _shares(session, issue_number, col(Batch.edition))
    return {(number, kinds[number]): share for number, share in shares.items()}


def _shares(session: Session, issue_number: int, key: Any) -> dict[Any, Share]:
    done = case((col(Batch.state) == BatchState.DONE.value, col(Batch.size)), else_=0)
    rows = session.execute(
        select(key, func.sum(col(Batch.size)), func.sum(done))
        .where(col(Batch.issue_number) == issue_number, key.is_not(None))
        .group_by(key)
        .order_by(key)
    )
    return {found: Share(int(copies), int(through)) for found, copies, through in rows}
