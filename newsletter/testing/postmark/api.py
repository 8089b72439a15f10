"""The API as it answers when nothing goes wrong, one call at a time."""

import threading
from functools import partial
from http import HTTPStatus

from newsletter.testing.postmark.agenda import Agenda
from newsletter.testing.postmark.clock import VirtualClock
from newsletter.testing.postmark.exchange import Refused, Reply, Request
from newsletter.testing.postmark.ledger import Ledger
from newsletter.testing.postmark.rooms import Rooms
from newsletter.testing.postmark.routes import Routes
from newsletter.testing.postmark.templates import Templates

LARGEST_BATCH, LARGEST_MESSAGE = 50_000_000, 10_000_000
_MANY = ("/email/batch", "/email/bulk")


class Api:
    """Everything that is remembered, behind one lock.

    Args:
        token: the server token that calls must carry.
        ledger: where accepted messages go.
        clock: virtual.
    """

    def __init__(self, token: str, ledger: Ledger, clock: VirtualClock) -> None:
        self._token = token
        self._ledger = ledger
        self.clock = clock
        self.lock = threading.Lock()
        self._agenda = Agenda(clock, self.catch_up)
        self._furnish(Templates())

    def reply(self, request: Request) -> Reply:
        """Answer a call."""
        with self.lock:
            self._agenda.run()
            return self._reply(request)

    def reply_later(self, request: Request, seconds: float) -> None:
        """Process a call by the virtual clock, when nobody waits for the answer any more."""
        with self.lock:
            self._agenda.add(seconds, partial(self._reply, request))

    def catch_up(self) -> None:
        """Do what has become due."""
        with self.lock:
            self._agenda.run()

    def reset(self) -> None:
        """Forget everything but the templates; the log is emptied and the clock is real again."""
        with self.lock:
            self._agenda.clear()
            self.clock.reset()
            self._ledger.clear()
            self._furnish(self.rooms.templates)

    def _reply(self, request: Request) -> Reply:
        try:
            self._check(request)
            handler, words = self._routes.find(request)
            return handler(request, *words)
        except Refused as refused:
            return refused.reply

    def _check(self, request: Request) -> None:
        if request.token != self._token:
            text = "Request does not contain a valid Server token."
            raise Refused(10, text, HTTPStatus.UNAUTHORIZED)
        many = request.path.lower().startswith(_MANY)
        if len(request.body) > (LARGEST_BATCH if many else LARGEST_MESSAGE):
            raise Refused(None, "Payload too large.", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)

    def _furnish(self, templates: Templates) -> None:
        self.rooms = Rooms(self._ledger, templates, self.clock, self._agenda)
        self._routes = Routes(self.rooms)
