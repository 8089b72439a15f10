"""The pace of one provider, shared by all workers: when its line is free for the next batch.

One row says from which real instant on the provider may be handed something again. Whoever claims a
batch books the line for as long as its messages take at the permitted rate; whoever is told to slow
down closes it for everybody. So at no time is more than one batch ahead of the rate.

A letter to one reader, who may be waiting for it, is booked behind what is booked and leaves at once:
it makes the next batch wait, and stands in no queue behind an issue. It does wait where the provider
itself asked for patience, or loses answers, which a second row says.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, bindparam, exists, or_, select
from sqlmodel import Session, col

from newsletter.database import insert_into
from newsletter.delivery.message import NOT_TRIED, Outcome, Receipt
from newsletter.delivery.models import Pace
from schedules.clock import UtcDateTime

LONGEST_DELAY = timedelta(minutes=15)
"""Between two tries of a batch that was certainly not taken."""

_LARGEST_BATCH = 500
_SPREAD = 0.5
"""The share of a delay that may be added to it, so that not all come back at once."""


@dataclass(frozen=True, slots=True)
class Line:
    """The way to one provider.

    A row that keeps it closed for longer than any rule does was written by a clock that was wrong, or
    at a rate that was changed since: it does not count, or nothing would leave any more.

    Attributes:
        provider: the transport's name, which is the row's.
        per_second: most messages a second of all workers together; None for no limit.
    """

    provider: str
    per_second: float | None = None

    def is_open(self, *, booked: bool = True) -> ColumnElement[bool]:
        """Say in SQL that nobody has closed the line; part of the claim's own statement.

        Its parameters are ``asked``.

        Args:
            booked: whether one that is only booked counts as closed.
        """
        timer, longest = (
            bindparam(name, type_=UtcDateTime) for name in ("timer", "longest_closing")
        )
        closed = exists().where(
            col(Pace.provider) == (self.provider if booked else self._refusals),
            col(Pace.not_before) > timer,
            col(Pace.not_before) <= longest,
        )
        return ~closed

    def asked(self, timer: datetime) -> dict[str, datetime]:
        """Give the parameters of ``is_open``: the real instant, and until when it can be closed."""
        return {"timer": timer, "longest_closing": timer + self.longest}

    def book(self, session: Session, messages: int, timer: datetime) -> bool:
        """Take the line for so many messages, in the transaction of the claim; False when it is taken.

        Without a limit this asks nothing of the database.
        """
        if self.per_second is None:
            return True
        until = timer + timedelta(seconds=messages / self.per_second)
        booking = insert_into(session, Pace).values(provider=self.provider, not_before=until)
        booked = session.execute(
            booking.on_conflict_do_update(
                index_elements=["provider"],
                set_={"not_before": booking.excluded.not_before},
                where=or_(col(Pace.not_before) <= timer, self._is_wrong(timer)),
            ).returning(col(Pace.provider))
        )
        return booked.first() is not None

    def book_behind(self, session: Session, messages: int, timer: datetime) -> None:
        """Take the line for so many messages more, whoever has it already.

        At most half of the longest time is booked ahead. A worker whose clock is a bit behind would
        take a longer booking for the word of a wrong clock, and overlook it. Without a limit this
        asks nothing of the database.
        """
        if self.per_second is None:
            return
        taken = select(col(Pace.not_before)).where(col(Pace.provider) == self.provider)
        known = session.execute(taken.with_for_update()).scalar_one_or_none()
        begin = known if known and timer < known <= timer + self.longest else timer
        until = begin + timedelta(seconds=messages / self.per_second)
        until = min(until, max(begin, timer + self.longest / 2))
        self._close(session, [self.provider], timer, until)

    def free_at(self, session: Session) -> datetime | None:
        """Give the real instant from which the line is free; None when it never was taken."""
        known = select(col(Pace.not_before)).where(col(Pace.provider) == self.provider)
        return session.execute(known).scalar_one_or_none()

    def closed_until(self, session: Session, timer: datetime) -> datetime | None:
        """Give the real instant until which the line is closed; None when it is open."""
        until = self.free_at(session)
        is_closed = until is not None and timer < until <= timer + self.longest
        return until if is_closed else None

    def close(self, session: Session, timer: datetime, delay: timedelta) -> None:
        """Let nobody use the line for a while; never shortens what is closed already."""
        self._close(session, [self.provider, self._refusals], timer, timer + delay)

    def _close(
        self, session: Session, rows: Sequence[str], timer: datetime, until: datetime
    ) -> None:
        closing = insert_into(session, Pace).values(
            [{"provider": row, "not_before": until} for row in rows]
        )
        session.execute(
            closing.on_conflict_do_update(
                index_elements=["provider"],
                set_={"not_before": closing.excluded.not_before},
                where=or_(col(Pace.not_before) < until, self._is_wrong(timer)),
            )
        )

    @property
    def _refusals(self) -> str:
        """Name the row that says until when nothing at all is handed to the provider."""
        return f"{self.provider}: patience"

    @property
    def longest(self) -> timedelta:
        """The longest time for which any rule closes the line."""
        refused = LONGEST_DELAY * (1 + _SPREAD)
        if self.per_second is None:
            return refused
        return max(refused, timedelta(seconds=_LARGEST_BATCH / self.per_second))

    def _is_wrong(self, timer: datetime) -> ColumnElement[bool]:
        return col(Pace.not_before) > timer + self.longest


def asks_for_patience(receipts: Sequence[Receipt]) -> bool:
    """Say whether the provider itself took nothing for now, so that no worker should try.

    Its answers have numbers; what broke on this worker's side of the line has a word. Messages that
    were not tried, because a call before theirs was refused, have no answer at all.
    """
    answers = _tried(receipts)
    return bool(answers) and all(
        receipt.outcome is Outcome.NOT_TAKEN
        and not receipt.needs_operator
        and (receipt.code or "").isdecimal()
        for receipt in answers
    )


def loses_answers(receipts: Sequence[Receipt]) -> bool:
    """Say whether a call came to nothing but doubt, so that the next one may well come to the same.

    What became a job has a name, and is no loss.
    """
    outcomes = {receipt.outcome for receipt in receipts}
    return outcomes <= {Outcome.UNKNOWN, Outcome.NOT_TAKEN} and any(
        receipt.outcome is Outcome.UNKNOWN and receipt.provider_id is None for receipt in receipts
    )


def says_nothing_of_the_line(receipts: Sequence[Receipt], *, leftover: bool = False) -> bool:
    """Say whether what was refused are single mailboxes, while the line may well be open.

    Nothing taken of several at once may be a server in trouble, unless they are what was left of
    others that it took.
    """
    return (leftover or len(receipts) == 1) and all(one.about_recipient for one in receipts)


def closing(
    receipts: Sequence[Receipt], delay: timedelta, attempt_id: str, *, leftover: bool = False
) -> timedelta | None:
    """Say for how long a call closes the line to everybody; None when it does not.

    Args:
        receipts: what the call came to.
        delay: after which what was not taken is free again.
        attempt_id: names the call.
        leftover: whether others of the same were taken before.
    """
    least = asked_for(receipts)
    if asks_for_patience(receipts) and not says_nothing_of_the_line(
        _tried(receipts), leftover=leftover
    ):
        least = max(delay, least or timedelta(0))
    return patience(least, attempt_id) if least else None


def _tried(receipts: Sequence[Receipt]) -> list[Receipt]:
    """Give the receipts of what was handed to the provider; only these are its word."""
    return [receipt for receipt in receipts if receipt != NOT_TRIED]


def asked_for(receipts: Sequence[Receipt]) -> timedelta | None:
    """Give the longest time for which the provider itself asked to be left alone, if it did."""
    return max((receipt.wait for receipt in receipts if receipt.wait), default=None)


def patience(delay: timedelta, attempt_id: str) -> timedelta:
    """Spread a delay, by up to half of it, so that workers who were refused at once part again.

    By the name of the attempt and not by chance: the same refusal always waits the same. Never
    shorter than the delay, after which the refused batch is free: it goes first, and its own count
    of refusals makes the next delay longer.
    """
    share = hashlib.sha256(attempt_id.encode()).digest()[0] / 255
    return delay * (1 + share * _SPREAD)
