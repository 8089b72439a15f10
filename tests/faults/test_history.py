"""What was answered first, counts first: leaving against claiming, and pausing against sending."""

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import Any

import pytest
from sqlalchemy import event

from newsletter.database import Database
from newsletter.delivery.message import Mailing, Message, Receipt
from newsletter.delivery.transport import MayGoOn, always
from newsletter.delivery.transports.memory import MemoryTransport
from newsletter.issues.states import IssueEvent, IssueState
from tests.factories import add_subscribers, make_desk, store_comparisons
from tests.faults.history import Chronicle, Claimed, History, Left

READERS, BATCH = 60, 3
WORKERS = 3
TOO_LATE = 60.0
"""Seconds after which something that should have happened is given up."""


@pytest.fixture
def issue(database: Database) -> int:
    with database.writing() as session:
        store_comparisons(session, 2)
        add_subscribers(session, READERS)
    desk = make_desk(database, batch_size=BATCH)
    number = desk.build(desk.slots.next(), actor="test").number
    desk.dispatch.start(number, actor="test")
    return number


def test_no_claim_overtakes_a_goodbye_that_was_answered(database, issue):
    chronicle = Chronicle(database, issue)

    history = chronicle.keep(claimers=WORKERS)

    claimed = [person for made in history.claims for person in made.people]
    left = {goodbye.person for goodbye in history.goodbyes}
    assert len(claimed) == len(set(claimed))
    assert set(claimed) | left == set(chronicle.readers)
    assert left & set(claimed), "nobody left during a claim: the history says nothing"
    assert history.overtaken == []


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_the_checker_catches_claims_that_do_not_lock_their_readers(database, issue):
    with readers_unlocked(database):  # nothing keeps anybody waiting, so that no moment passes
        history = Chronicle(database, issue, moment=TOO_LATE).keep(claimers=WORKERS)

    assert len(history.overtaken) > 0


def test_only_a_claim_committed_after_the_answer_has_overtaken_it():
    early, late = Claimed(frozenset({1}), 1.0), Claimed(frozenset({1, 2}), 3.0)

    assert History((early,), (Left(1, 2.0),)).overtaken == []
    assert History((early, late), (Left(1, 2.0),)).overtaken == [1.0]


def test_after_a_pause_was_answered_each_worker_sends_at_most_the_batch_in_its_hands(
    database, issue
):
    line = WatchedLine(calls_before_the_pause=4)
    desk = make_desk(database, line)
    workers = [
        threading.Thread(
            target=replace(desk.dispatch.sender, worker=f"worker {number}").send_due, name=name
        )
        for number, name in enumerate(f"worker {number}" for number in range(WORKERS))
    ]
    for worker in workers:
        worker.start()
    assert line.busy.wait(TOO_LATE)

    desk.change(issue, IssueEvent.PAUSED, actor="test")
    answered = perf_counter()
    line.paused.set()
    for worker in workers:
        worker.join()

    afterwards = Counter(worker for worker, begun in line.calls if begun > answered)
    assert max(afterwards.values(), default=0) <= 1
    assert len(line.calls) < READERS / BATCH
    assert desk.issue(issue).state == IssueState.HELD


@dataclass
class WatchedLine(MemoryTransport):
    """A way out that notes who calls when, and is busy until the pause has been answered."""

    calls_before_the_pause: int
    calls: list[tuple[str, float]] = field(default_factory=list)
    busy: threading.Event = field(default_factory=threading.Event)
    paused: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        super().__init__()

    def send(
        self, mailing: Mailing, messages: Sequence[Message], *, may_go_on: MayGoOn = always
    ) -> list[Receipt]:
        self.calls.append((threading.current_thread().name, perf_counter()))
        if len(self.calls) >= self.calls_before_the_pause:
            self.busy.set()
            self.paused.wait(TOO_LATE)
        return super().send(mailing, messages, may_go_on=may_go_on)


@contextmanager
def readers_unlocked(database: Database) -> Iterator[None]:
    """Take the one lock out of the product's own statements."""
    removed: list[str] = []

    def without(_conn: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> Any:
        plain = statement.replace("FOR SHARE OF subscribers", "")
        if plain != statement:
            removed.append(plain)
        return plain, parameters

    event.listen(database.engine, "before_cursor_execute", without, retval=True)
    try:
        yield
    finally:
        event.remove(database.engine, "before_cursor_execute", without)
    assert removed, "the claim has no such lock to remove"
