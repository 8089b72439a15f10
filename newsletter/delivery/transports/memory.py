"""Keeps messages in a list: for tests, and for trying things out without any mail."""

import threading
from collections.abc import Callable, Sequence

from newsletter.delivery.message import NOT_TRIED, Mailing, Message, Outcome, Receipt
from newsletter.delivery.mime import Composer, UnsafeHeader
from newsletter.delivery.transport import MayGoOn, always
from newsletter.delivery.transports.limits import require_size

Answer = Callable[[Message], Receipt]
"""Decides what becomes of a message."""


def accept(message: Message) -> Receipt:
    """Accept a message under its delivery id."""
    return Receipt(Outcome.ACCEPTED, provider_id=message.delivery_id)


class MemoryTransport:
    """Remembers what it was asked to send, and what it accepted.

    Args:
        answer: decides for each message; accepts all when left out.

    Attributes:
        asked: every message handed over, with its mailing, in order.
        sent: those of them that were accepted.
    """

    name = "memory"
    most = 500

    def __init__(self, answer: Answer = accept) -> None:
        self._answer = answer
        self._lock = threading.Lock()
        self.asked: list[tuple[Mailing, Message]] = []
        self.sent: list[tuple[Mailing, Message]] = []

    def send(
        self, mailing: Mailing, messages: Sequence[Message], *, may_go_on: MayGoOn = always
    ) -> list[Receipt]:
        """Keep each message and give the scripted answer; all of them are one call."""
        require_size(messages, self.most)
        composer = Composer(mailing)
        composer.require_values(messages)
        if not may_go_on():
            return [NOT_TRIED] * len(messages)
        with self._lock:
            return [self._take(mailing, message, composer) for message in messages]

    def mark(self) -> str:
        """Give its name: there is one memory."""
        return self.name

    def close(self) -> None:
        """Keep everything; there is nothing to let go of."""

    def _take(self, mailing: Mailing, message: Message, composer: Composer) -> Receipt:
        self.asked.append((mailing, message))
        try:
            composer.own_lines(message)
        except UnsafeHeader as refusal:
            return refusal.receipt()
        receipt = self._answer(message)
        if receipt.outcome is Outcome.ACCEPTED:
            self.sent.append((mailing, message))
        return receipt
