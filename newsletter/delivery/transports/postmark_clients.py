"""A Postmark client for each thread, since the connections of one are not shared."""

import threading
import weakref
from collections.abc import Callable
from time import monotonic
from typing import Any

from newsletter.delivery.message import NOT_TRIED
from newsletter.delivery.transport import MayGoOn
from newsletter.delivery.transports.postmark_answers import Answer
from newsletter.delivery.transports.postmark_client import Client
from newsletter.delivery.transports.postmark_shelf import Ask


class Clients:
    """Makes calls, each through the client of the thread that asks for it.

    Args:
        new: makes a client.
    """

    def __init__(self, new: Callable[[], Client]) -> None:
        self._new = new
        self._lock = threading.Lock()
        self._opened: weakref.WeakSet[Client] = weakref.WeakSet()
        self._of_thread = threading.local()

    def call(self, method: str, path: str, **details: Any) -> Answer:
        """Make one call: its ``data`` is the body, anything else the query."""
        answer: Answer = self._own().call(method, path, **details)
        return answer

    def until(self, moment: float, may_go_on: MayGoOn) -> Ask:
        """Give what makes calls up to a moment of the monotonic clock, and none afterwards.

        That clock stands still while a machine is suspended, so ``may_go_on`` is asked as well.
        """

        def ask(method: str, path: str, **details: Any) -> Answer:
            if monotonic() > moment or not may_go_on():
                return Answer(trouble=NOT_TRIED)
            return self.call(method, path, **details)

        return ask

    def close(self) -> None:
        """Let go of the connections of all threads; a further call opens new ones."""
        with self._lock:
            opened, self._opened = self._opened, weakref.WeakSet()
            self._of_thread = threading.local()
        for client in opened:
            client.close()

    def _own(self) -> Client:
        client: Client | None = getattr(self._of_thread, "client", None)
        if client is None:
            client = self._of_thread.client = self._new()
            with self._lock:
                self._opened.add(client)
        return client
