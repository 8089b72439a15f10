"""The seam between delivery and the outside: one method, written down as a contract."""

from collections.abc import Sequence
from typing import Protocol

from newsletter.delivery.message import Mailing, Message, Receipt


class Transport(Protocol):
    """Hands messages to whoever carries them.

    ``send`` is given 1 to ``most`` messages of one mailing and returns exactly one receipt for
    each, in the same order. It never retries, never sleeps, never touches the database, reads the
    clock for nothing but a Date header, and never raises for what the other side does: a refusal,
    a broken line or a silly answer is a receipt. It must not be called inside a database
    transaction. It may be called from several threads at once.

    What it raises is a fault of the caller: ``WrongBatchSize`` for none or too many messages,
    ``MissingValue`` for a mark without a value, ``UnsafeHeader`` for a line break in a header.
    """

    name: str
    most: int

    def send(self, mailing: Mailing, messages: Sequence[Message]) -> list[Receipt]:
        """Send each message once and say what became of it."""
        ...

    def close(self) -> None:
        """Let go of connections; sending again afterwards opens new ones."""
        ...
