"""The history checker: who began what when, and who was told that it is done, by one clock.

A final state does not show that somebody was written to after they had been told that they are out.
That is a statement about time: so threads keep a history, and it is checked afterwards.
"""

import secrets
import threading
from dataclasses import dataclass, field
from datetime import timedelta
from queue import Queue
from time import perf_counter

from sqlmodel import col, select

from newsletter.database import Database
from newsletter.delivery.claiming import Claim, claim
from newsletter.delivery.free import Lease, Terms
from newsletter.delivery.pacing import Line
from newsletter.leaving import leave
from subscribers.models import Subscriber
from tests.factories import MONDAY

TERMS = Terms(Line("memory"))


@dataclass(frozen=True, slots=True)
class Claimed:
    """One claim: whom it holds, and when its commit began."""

    people: frozenset[int]
    committing: float


@dataclass(frozen=True, slots=True)
class Left:
    """One goodbye, and when the person had their answer."""

    person: int
    answered: float


@dataclass(frozen=True, slots=True)
class History:
    """What happened, by one clock."""

    claims: tuple[Claimed, ...]
    goodbyes: tuple[Left, ...]

    @property
    def overtaken(self) -> list[float]:
        """Give the seconds by which claims overtook an answered goodbye; empty when none did.

        A claim whose commit begins after the answer must not hold the person: whoever was told
        that they are out is out of everything that is announced from then on.
        """
        answered: dict[int, float] = {}
        for left in self.goodbyes:
            answered.setdefault(left.person, left.answered)
        return [
            made.committing - answered[person]
            for made in self.claims
            for person in made.people & answered.keys()
            if made.committing > answered[person]
        ]


@dataclass(slots=True)
class Chronicle:
    """Claimers and leavers at work on one issue, as much in each other's way as can be.

    A claim stays open until somebody whom it holds has been told that they are out, or for a
    moment: where the claim keeps them waiting, as it must, the moment passes. Others leave without
    waiting for anything, the last of the list first.

    Attributes:
        database: the truth.
        issue_number: of an issue that is sending.
        moment: seconds for which a claim waits.
        readers: everybody on the list, row id and public id.
    """

    database: Database
    issue_number: int
    moment: float = 0.02
    readers: dict[int, str] = field(default_factory=dict)
    _claims: list[Claimed] = field(default_factory=list)
    _goodbyes: list[Left] = field(default_factory=list)
    _held: Queue[int | None] = field(default_factory=Queue)
    _answered: dict[int, threading.Event] = field(default_factory=dict)

    def keep(self, *, claimers: int = 3) -> History:
        """Let them work until nothing is left to claim."""
        self.readers = self._on_the_list()
        self._answered = {person: threading.Event() for person in self.readers}
        claiming = [threading.Thread(target=self._claim_all) for _ in range(claimers)]
        leaving = [threading.Thread(target=self._leave_open_claims) for _ in range(claimers)]
        early = threading.Thread(target=self._leave_early)
        for thread in (*claiming, *leaving, early):
            thread.start()
        for thread in (*claiming, early):
            thread.join()
        for _ in leaving:
            self._held.put(None)
        for thread in leaving:
            thread.join()
        return History(tuple(self._claims), tuple(self._goodbyes))

    def _on_the_list(self) -> dict[int, str]:
        query = select(col(Subscriber.id), col(Subscriber.public_id)).order_by(col(Subscriber.id))
        with self.database.reading() as session:
            return {row.id: row.public_id for row in session.execute(query)}

    def _claim_all(self) -> None:
        while self._claim_one():
            pass

    def _claim_one(self) -> bool:
        lease = Lease("a claimer", secrets.token_hex(16), MONDAY, timedelta(minutes=10))
        with self.database.writing() as session:
            held = claim(session, lease, TERMS, now=MONDAY, issue_number=self.issue_number)
            if not isinstance(held, Claim):
                return False
            people = [recipient.id for recipient in held.recipients]
            for person in people[:1]:
                self._held.put(person)
                self._answered[person].wait(self.moment)
            committing = perf_counter()
        self._claims.append(Claimed(frozenset(people), committing))
        return True

    def _leave_open_claims(self) -> None:
        for person in iter(self._held.get, None):
            self._leave(person)

    def _leave_early(self) -> None:
        for person in list(self.readers)[::-3]:
            self._leave(person)

    def _leave(self, person: int) -> None:
        with self.database.writing() as session:
            leave(session, self.readers[person], now=MONDAY, source="one-click")
        self._goodbyes.append(Left(person, perf_counter()))
        self._answered[person].set()
