"""A provider in a few lines: what it accepted, and what its search shows of it by now."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from newsletter.delivery.marks import account_of
from newsletter.delivery.message import NOT_TRIED, Mailing, Message, Outcome, Receipt, Stream
from newsletter.delivery.transport import Job, MayGoOn, Sighting, always

Mood = Literal["answers", "loses", "drops", "busy"]
"""It answers; accepts and loses the answer; loses the call itself; or takes nothing now."""

LOST = Receipt(Outcome.UNKNOWN, code="answer-lost")


class Crash(Exception):
    """The process died."""


class Watch:
    """An instant that a test moves on."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass
class Accepted:
    """One message that the provider has accepted, and from when on its search shows it."""

    attempt_id: str
    delivery_id: str
    message_id: str
    stream: Stream
    visible_at: datetime


class Provider:
    """A transport with a memory that lags behind.

    Attributes:
        mood: what becomes of the next calls.
        lag: how far the search is behind for the next message accepted.
        down: the search gives no answer.
        dies: the next look is the last thing its process does.
        looks: which attempts were looked for, in order.
        server: which account it is; None when it cannot be told now.
        fences: whether messages to nobody are taken.
        turned_over: the jobs that it has, by name.
        lists: whether it tells which those are.
    """

    name = "provider"
    most = 100
    exact = False
    longest = timedelta(minutes=6)

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self.accepted: list[Accepted] = []
        self.turned_over: dict[str, Job] = {}
        self.lists = True
        self.mood: Mood = "answers"
        self.lag = timedelta(0)
        self.down = self.dies = False
        self.looks: list[str] = []
        self.server: int | None = 1
        self.fences = True

    def send(
        self, mailing: Mailing, messages: Sequence[Message], *, may_go_on: MayGoOn = always
    ) -> list[Receipt]:
        if not may_go_on():
            return [NOT_TRIED] * len(messages)
        if mailing.stream == "broadcast" and self.mood == "drops":
            return [LOST] * len(messages)
        if mailing.stream == "broadcast" and self.mood == "busy":
            return [Receipt(Outcome.NOT_TAKEN, code="429")] * len(messages)
        receipts = [self._accept(mailing.stream, message) for message in messages]
        lost = mailing.stream == "broadcast" and self.mood == "loses"
        return [LOST] * len(messages) if lost else receipts

    def mark(self) -> str | None:
        return None if self.server is None else f"{self.name}{self.server}"

    def close(self) -> None:
        pass

    def find(
        self, attempt_id: str, stream: Stream, _delivery_ids: Sequence[str] = ()
    ) -> Sighting | None:
        self.looks.append(attempt_id)
        if self.dies:
            self.dies = False
            raise Crash
        if self.down:
            return None
        seen: dict[str, tuple[str, ...]] = {}
        for one in self.accepted:
            if (one.attempt_id, one.stream) == (attempt_id, stream) and self._shows(one):
                seen[one.delivery_id] = (*seen.get(one.delivery_id, ()), one.message_id)
        return Sighting(seen)

    def fence(self, stream: Stream) -> str | None:
        if not self.fences:
            return None
        name = f"fence-{len(self.accepted)}"
        attempt_id = f"{account_of(self.mark() or self.name)}-{name}"
        self._accept(stream, Message(name, "nobody@example.org", attempt_id=attempt_id))
        return attempt_id

    def job(self, job_id: str) -> Job | None:
        return self.turned_over.get(job_id)

    def jobs(self, _since: datetime) -> Mapping[str, Job] | None:
        return self.turned_over if self.lists else None

    @property
    def letters(self) -> list[str]:
        """Which copies of issues it accepted, as often as it did."""
        return [
            one.delivery_id
            for one in self.accepted
            if one.stream == "broadcast" and not one.delivery_id.startswith("fence")
        ]

    def _accept(self, stream: Stream, message: Message) -> Receipt:
        message_id = f"message-{len(self.accepted)}"
        visible_at = self._clock() + self.lag
        self.accepted.append(
            Accepted(message.attempt_id, message.delivery_id, message_id, stream, visible_at)
        )
        return Receipt(Outcome.ACCEPTED, provider_id=message_id)

    def _shows(self, one: Accepted) -> bool:
        return one.visible_at <= self._clock()
