"""The seams between delivery and the outside, written down as contracts: sending, and evidence."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol, runtime_checkable

from newsletter.delivery.message import Mailing, Message, Receipt, Stream

MayGoOn = Callable[[], bool]
"""Says whether messages are still the caller's to send, by a clock that counts a machine's sleep."""


def always() -> bool:
    """Say that messages stay their caller's, however long it takes."""
    return True


class Transport(Protocol):
    """Hands messages to whoever carries them.

    ``send`` is given 1 to ``most`` messages of one mailing and returns exactly one receipt for
    each, in the same order. It never retries, never sleeps, never touches the database, reads the
    clock for nothing but a Date header, and never raises for what the other side does: a refusal,
    a broken line or a silly answer is a receipt. It must not be called inside a database
    transaction. It may be called from several threads at once.

    It asks ``may_go_on`` right before each call that it makes, or each message where one leaves
    after the other, and makes none after a no: whatever it has not begun by then is ``NOT_TRIED``.
    A machine may be suspended between two of them, and the clock by which a transport counts its
    own patience stands still meanwhile, while somebody else sends what was thought lost.

    What it raises is a fault of the caller: ``WrongBatchSize`` for none or too many messages,
    ``MissingValue`` for a mark without a value, ``UnsafeHeader`` for a line break in a header.
    """

    name: str
    most: int

    def send(
        self, mailing: Mailing, messages: Sequence[Message], *, may_go_on: MayGoOn = always
    ) -> list[Receipt]:
        """Send each message once, as long as it may, and say what became of it."""
        ...

    def mark(self) -> str | None:
        """Name the transport and the account with which it makes calls now; see ``marks``.

        Whoever is asked for a lost call must be the one who was handed it. Letters, digits and dots
        only. None when the account cannot be told now. Not called in a database transaction.
        """
        ...

    def close(self) -> None:
        """Let go of connections; sending again afterwards opens new ones."""
        ...


@dataclass(frozen=True, slots=True)
class Sighting:
    """What a search shows of one attempt.

    Attributes:
        message_ids: the transport's names for the accepted messages, by delivery id. Two names for
            one delivery id are two letters.
        complete: the search answered for all it has. What an incomplete sighting shows is true,
            what it does not show may be there.
    """

    message_ids: Mapping[str, tuple[str, ...]]
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Job:
    """How far a transport is with messages that it took as a whole and works off by itself.

    Attributes:
        state: "working" while it may still release some, "completed", or "cancelled".
        total: messages it took.
        released: those that left, as far as is known.
        failed: those that it gave up, as far as is known.
    """

    state: Literal["working", "completed", "cancelled"]
    total: int
    released: int
    failed: int


@runtime_checkable
class Evidence(Protocol):
    """What a transport that remembers can be asked about attempts whose answer was lost.

    Some transports have no memory; they do not have these methods. None of them raises for what the
    other side does, sends a message to a reader, or is called inside a database transaction.

    Attributes:
        exact: a search shows everything that was accepted before it, at once and surely. Where it
            is False the search may lag behind, and may do so out of order.
        longest: the longest that ``send`` can take: a call that is not seen sooner than that after
            it was given up may be under way still.
    """

    exact: bool
    longest: timedelta

    def find(
        self, attempt_id: str, stream: Stream, delivery_ids: Sequence[str] = ()
    ) -> Sighting | None:
        """Say what was accepted of an attempt, or None when the search cannot be trusted now.

        Args:
            attempt_id: names the call.
            stream: on which it was sent.
            delivery_ids: the copies in question, for a transport that knows no attempts.
        """
        ...

    def fence(self, stream: Stream) -> str | None:
        """Send one message to nobody and give the id of its attempt, or None when it failed.

        Once it is seen by ``find``, the search has come past this moment.
        """
        ...

    def job(self, job_id: str) -> Job | None:
        """Say how far a job is, or None when that cannot be told now."""
        ...

    def jobs(self, since: datetime) -> Mapping[str, Job] | None:
        """List by name all jobs since an instant, whoever handed them in; None when no whole list came."""
        ...


@runtime_checkable
class Counts(Protocol):
    """What a transport that keeps count can be asked about a whole mailing."""

    def count(self, tag: str, stream: Stream) -> int | None:
        """Say how many accepted messages of a mailing are known, or None when that is unsure.

        A search that lags behind counts too few, and never too many. As with ``Evidence``, it is
        not called inside a database transaction and does not raise for what the other side does.
        """
        ...


Shown = tuple[str, str]
"""Our name of a copy that was accepted, and the transport's name for the message."""

Take = Callable[[Sequence[Shown]], None]
"""Is handed copies as they are found, some at a time."""


@runtime_checkable
class Recalls(Evidence, Protocol):
    """What a transport that remembers can be asked about a whole mailing, whoever handed it over."""

    def recall(
        self, tag: str, stream: Stream, since: datetime, until: datetime, take: Take
    ) -> bool:
        """Hand on every copy of a mailing that is known to have been accepted, each once.

        As with ``Evidence``, it is not called inside a database transaction and does not raise for
        what the other side does.

        Args:
            tag: the mailing's key.
            stream: on which it is sent now.
            since: nothing of it was accepted before this instant.
            until: nothing of it was accepted after this instant.
            take: is handed the copies; may take its time.

        Returns:
            Whether these are all that the transport's record shows now. What was handed on was
            accepted anyway.
        """
        ...


@runtime_checkable
class Checks(Protocol):
    """What a transport can be asked that knows beforehand whether its provider would take anything."""

    def check(self) -> Mapping[Stream, Receipt]:
        """Say by stream what keeps messages from leaving as the settings are, without sending any.

        As with ``Evidence``, it is not called inside a database transaction and does not raise for
        what the other side does.
        """
        ...


Told = Mapping[str, Any]
"""One entry of a provider's list, in the shape in which its webhook would post it."""


@runtime_checkable
class Lists(Protocol):
    """What a transport that keeps lists of addresses can be asked for, whole.

    As with ``Evidence``, none of these is called inside a database transaction or raises for what
    the other side does. None means that no whole list came: nothing follows from that.
    """

    def suppressions(self, stream: Stream) -> list[Told] | None:
        """List the addresses of a stream that the provider writes to no more."""
        ...

    def bounces(self, stream: Stream, since: datetime, until: datetime) -> list[Told] | None:
        """List what came back on a stream between two instants, and a little around them."""
        ...

    def reopen(self, stream: Stream, addresses: Sequence[str]) -> list[str]:
        """Have the provider write to addresses again; give those for which it said yes."""
        ...
