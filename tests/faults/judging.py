"""Three sources compared: our rows, the provider's own log, and the frozen list."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from sqlmodel import col, select

from newsletter.database import Database
from newsletter.delivery.models import Delivery, DeliveryState
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState
from subscribers.models import Subscriber
from subscribers.states import State
from tests.faults.provider import Copy
from tests.faults.surroundings import ISSUE
from tests.faults.trials import Trial
from tests.faults.webhooks import Fate


@dataclass(frozen=True, slots=True)
class Row:
    """One reader of the frozen list, and what our rows say became of their copy, and of them.

    Attributes:
        email: the address.
        state: of the copy.
        reason: for that state.
        provider_id: the provider's name for the copy.
        feedback: what was told about the copy afterwards.
        reader: the state of the subscription.
    """

    email: str
    state: str | None
    reason: str | None
    provider_id: str | None
    feedback: str | None = None
    reader: str = State.ACTIVE


@dataclass(frozen=True, slots=True)
class Finding:
    """What a trial came to.

    Attributes:
        duplicated: copies beyond the first, by the provider's log.
        lost: readers without a copy of whom our rows do not say so.
        held: readers left for a person to decide about, by reason.
        wrong: sentences about rows that contradict the provider's log, or what it told.
        unsettled: rows without an outcome when all patience was over.
        settled: whether the issue is closed.
    """

    duplicated: int = 0
    lost: int = 0
    held: Counter[str] = field(default_factory=Counter)
    wrong: tuple[str, ...] = ()
    unsettled: int = 0
    settled: bool = False

    @property
    def is_sound(self) -> bool:
        """Say whether every promise was kept."""
        return not (self.duplicated or self.lost or self.wrong or self.unsettled)


@dataclass(frozen=True, slots=True)
class Played:
    """A trial and what it came to.

    Attributes:
        trial: what was tried.
        finding: what was found.
        killed: whether the first process was killed at its point.
        starts: how often processes were started, until it was quiet.
        minutes: how long that took, by the trial's own time.
        seconds: how long it took by the real clock.
        troubles: the errors with which processes ended.
    """

    trial: Trial
    finding: Finding
    killed: bool
    starts: int
    minutes: float
    seconds: float = 0.0
    troubles: tuple[str, ...] = ()


def judge(
    rows: Sequence[Row],
    copies: Sequence[Copy],
    *,
    settled: bool,
    fates: Mapping[str, Fate] = MappingProxyType({}),
    refused: Collection[str] = (),
    alone: int = 0,
    cancelled: bool = False,
) -> Finding:
    """Compare the sources.

    What the provider told about a copy must stand in the rows in the end, whatever was killed while
    it was heard: a complaint is a complaint. Nobody else may have been closed.

    A reader without a copy is lost unless the rows say so openly: held, still in doubt, rejected by
    the provider's word about them alone, or skipped by their own or an editor's. What is in doubt
    when all patience is over is unsettled.

    Args:
        rows: the frozen list, and what became of each.
        copies: what the provider accepted.
        settled: whether the issue is closed.
        fates: what the provider told of whom.
        refused: addresses that it refuses, whatever call they are in.
        alone: how many others may have been the only one in a call that it refused.
        cancelled: whether an editor gave the issue up.
    """
    by_address: dict[str, list[Copy]] = {}
    for copy in copies:
        by_address.setdefault(copy.to, []).append(copy)
    known = {row.email for row in rows}
    held: Counter[str] = Counter()
    wrong = [f"a copy for a stranger: {len(by_address.keys() - known)}"] * bool(
        by_address.keys() - known
    )
    lost = given_up = unsettled = 0
    for row in rows:
        got = by_address.get(row.email, [])
        wrong += _astray(row, fates.get(row.email) if got else None)
        if row.state == DeliveryState.HELD:
            held[str(row.reason)] += 1
        elif row.state == DeliveryState.ACCEPTED:
            lost += not got
            wrong += _misnamed(row, got)
        elif row.state in (DeliveryState.REJECTED, DeliveryState.SKIPPED):
            wrong += [f"{row.state} ({row.reason}) with a copy"] * bool(got)
            given_up += not got and not _is_given_up(row, refused, cancelled=cancelled)
        else:
            lost += settled and not got and row.state != DeliveryState.UNKNOWN
            unsettled += 1
    duplicated = sum(len(got) - 1 for got in by_address.values())
    lost += max(given_up - alone, 0)
    return Finding(duplicated, lost, held, tuple(wrong), unsettled, settled)


def _is_given_up(row: Row, refused: Collection[str], *, cancelled: bool) -> bool:
    """Say whether a reader gets nothing by a word: their own, an editor's, or the provider's of them."""
    if row.state == DeliveryState.REJECTED:
        return row.email in refused
    return cancelled or row.reader != State.ACTIVE


def _misnamed(row: Row, got: list[Copy]) -> list[str]:
    names = {copy.message_id for copy in got}
    if not got or row.provider_id in names:
        return []
    return [f"accepted under a name that is none of the {len(names)} the provider gave"]


def _astray(row: Row, fate: Fate | None) -> list[str]:
    if fate is None:
        closed = row.reader in (State.BOUNCED, State.COMPLAINED)
        return [f"a reader of whom nothing was told is {row.reader}"] * closed
    wanted, found = (fate.reader, fate.copy), (row.reader, row.feedback)
    if found == wanted:
        return []
    return [f"{' and '.join(fate.events)} ended as {found[0]}, {found[1]}"]


def rows_of(database: Database) -> tuple[list[Row], Issue]:
    """Read the frozen list with what became of each, and the issue.

    The list is what the audience was when the issue could leave: everybody in the ground.
    """
    of_a_row: list[Any] = [
        col(Subscriber.email),
        col(Delivery.state),
        col(Delivery.reason),
        col(Delivery.provider_id),
        col(Delivery.feedback),
        col(Subscriber.state),
    ]
    query = (
        select(*of_a_row)
        .outerjoin(
            Delivery,
            (col(Delivery.subscriber_id) == col(Subscriber.id))
            & (col(Delivery.issue_number) == ISSUE),
        )
        .order_by(col(Subscriber.id))
    )
    with database.reading() as session:
        found: list[Any] = list(session.execute(query).all())
        issue = session.get_one(Issue, ISSUE)
    database.close()
    return [Row(*one) for one in found], issue


def is_settled(issue: Issue) -> bool:
    """Say whether the books of the issue are closed."""
    return issue.state == IssueState.SETTLED.value
