"""The reception: what the web and the heartbeat do with requests, each act in one transaction."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from newsletter.database import Database
from newsletter.delivery import staying
from newsletter.sign_up import answering, asking, budgets, proofs, queue, stamp
from newsletter.sign_up.answering import Answered
from newsletter.sign_up.asking import Asked
from newsletter.sign_up.limits import EVERYBODY, GIVEN_UP, POSTS, POSTS_OF_NETWORK, Limits
from newsletter.sign_up.places import hidden
from newsletter.sign_up.proofs import Proof
from schedules.clock import Clock
from subscribers import address_change, expiring


@dataclass(frozen=True, slots=True)
class Reception:
    """Where people ask for the newsletter.

    Attributes:
        database: the truth.
        clock: the present instant.
        limits: how much may be asked and answered.
        key: signs what is handed out with a form.
        pepper: hides addresses and networks.
    """

    database: Database
    clock: Clock
    limits: Limits
    key: bytes
    pepper: bytes

    def stamp(self) -> str:
        """Give the stamp of a form that is handed out now."""
        return stamp.stamp(self.key, self.clock())

    def is_hasty(self, given: str) -> bool:
        """Say whether a form comes back faster than anybody types."""
        return stamp.is_hasty(self.key, given, self.clock())

    def challenge(self, network: str) -> dict[str, Any] | None:
        """Give a challenge for a form; None while so few ask, in all and there, that none is needed.

        Args:
            network: that asks for it, as ``places.network`` gives it.
        """
        now, whose = self.clock(), hidden(self.pepper, "network", network)
        with self.database.reading() as session:
            many = budgets.used(session, POSTS, EVERYBODY, now) >= self.limits.unproven.most
            full = budgets.used(session, POSTS_OF_NETWORK, whose, now) >= POSTS_OF_NETWORK.most
        return proofs.challenge(self.key, now) if many or full else None

    def proof(self, payload: str) -> Proof | None:
        """Check the solution that a form brought; it is not used up by that."""
        return proofs.read(self.key, payload, self.clock())

    def note(self, asked: Asked) -> None:
        """Note a request, to be answered soon; nothing is told about whose it is."""
        with self.database.writing() as session:
            asking.note(session, asked, pepper=self.pepper, now=self.clock())

    def waiting(self) -> int:
        """Count those who asked and were not answered yet."""
        with self.database.reading() as session:
            return queue.count(session)

    def answer(self) -> list[Answered]:
        """Answer whoever waits, as far as the budgets reach; each in a transaction of its own."""
        return list(self._answered())

    def tidy(self) -> None:
        """Forget requests that were never confirmed or found no room, and what is counted no more."""
        now = self.clock()
        with self.database.writing() as session:
            queue.forget_old(session, now - GIVEN_UP)
            budgets.forget_old(session, now)
            proofs.forget_expired(session, now)
            address_change.forget_old(session, now)
        while self._forget_some(now - self.limits.unconfirmed):
            pass

    def _answered(self) -> Iterator[Answered]:
        while answered := self._answer_next():
            yield answered

    def _answer_next(self) -> Answered | None:
        with self.database.writing() as session:
            return answering.answer_next(session, self.limits, pepper=self.pepper, now=self.clock())

    def _forget_some(self, asked_before: datetime) -> int:
        with self.database.writing() as session:
            staying.may_delete_readers(session)
            return expiring.forget_unconfirmed(
                session, asked_before=asked_before, unless=staying.has_a_copy()
            )
