"""SMTP as a transport: one message a transaction, over connections that are kept and shared."""

import ssl
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from time import monotonic

from newsletter.delivery.message import Mailing, Message, Outcome, Receipt
from newsletter.delivery.mime import Composer, UnsafeHeader
from newsletter.delivery.transports.limits import require_size
from newsletter.delivery.transports.smtp_envelope import Envelope
from newsletter.delivery.transports.smtp_session import Limits, Session, unavailable
from newsletter.delivery.transports.smtp_url import SmtpServer

USUAL_LIMITS = Limits()


class SmtpTransport:
    """Sends through one server; threads take idle connections from a pool and put them back.

    When a connection breaks, the message it broke in gets its receipt, and the following ones go
    over a fresh one. When that cannot be had, or breaks at once, the rest is not taken.

    One call of ``send`` ends within ``Limits.longest_call``, seven minutes by default, whatever the
    server does: every step is cut by a clock of its own, and no message begins after the patience.
    So a call never outlasts the usual lease of its batch, which is ten minutes.

    Args:
        server: see ``parse_smtp_url``.
        clock: for the Date header only; no decision depends on it.
        tls: trust for TLS; the system's when left out.
        limits: how long to put up with the server.
    """

    name = "smtp"
    most = 100

    def __init__(
        self,
        server: SmtpServer,
        *,
        clock: Callable[[], datetime],
        tls: ssl.SSLContext | None = None,
        limits: Limits = USUAL_LIMITS,
    ) -> None:
        self._clock = clock
        trust = tls or ssl.create_default_context()
        self._pool = _Pool(partial(Session, server, tls=trust, limits=limits))
        self._patience = limits.patience

    def send(self, mailing: Mailing, messages: Sequence[Message]) -> list[Receipt]:
        """Deliver each message once, and say by the phase it reached what became of it."""
        require_size(messages, self.most)
        composer = Composer(mailing)
        composer.require_values(messages)
        call = _Call(self._pool, composer, date=self._clock(), patience=self._patience)
        try:
            return [call.deliver(message) for message in messages]
        finally:
            call.end()

    def close(self) -> None:
        """Close the idle connections; sending again opens new ones."""
        self._pool.close()


class _Pool:
    """Idle connections; a deque's end may be used by several threads at once."""

    def __init__(self, opener: Callable[[], Session]) -> None:
        self.fresh = opener
        self._idle: deque[Session] = deque()

    def take(self) -> Session:
        """Give an idle connection that still answers, or a fresh one; raises OSError.

        One is asked at most: a server that is silent on all of them would take a call's time.
        """
        with suppress(IndexError):
            session = self._idle.pop()
            if session.answers():
                return session
            session.close()
        return self.fresh()

    def put_back(self, session: Session) -> None:
        if session.usable:
            self._idle.append(session)
        else:
            session.close()

    def close(self) -> None:
        with suppress(IndexError):
            while True:
                self._idle.pop().close()


class _Call:
    """One call of ``send``: its connection, and when to stop trying."""

    def __init__(self, pool: _Pool, composer: Composer, *, date: datetime, patience: float) -> None:
        self._pool = pool
        self._composer = composer
        self._date = date
        self._session: Session | None = None
        self._breaks_in_a_row = 0
        self._trouble: Receipt | None = None
        self._until = monotonic() + patience

    def deliver(self, message: Message) -> Receipt:
        try:
            content = self._composer.compose(message, date=self._date)
        except UnsafeHeader as refusal:
            return refusal.receipt()
        if self._trouble:
            return self._trouble
        try:
            session = self._connected()
        except OSError as error:
            self._trouble = unavailable(error)
            return self._trouble
        receipt = session.deliver(Envelope.of(message, self._composer.sender), content)
        self._breaks_in_a_row = 0 if session.usable else self._breaks_in_a_row + 1
        if receipt.outcome is Outcome.ACCEPTED:
            # The server's own id is somewhere in its words; this one is in its log as well.
            return replace(receipt, provider_id=self._composer.message_id(message))
        return receipt

    def end(self) -> None:
        if self._session:
            self._pool.put_back(self._session)

    def _connected(self) -> Session:
        if self._breaks_in_a_row > 1:
            raise ConnectionError("the fresh connection broke as well")
        if monotonic() > self._until:
            raise TimeoutError("it was too slow with the messages before")
        if self._session is None:
            self._session = self._pool.take()
        elif not self._session.usable:
            self._session.close()
            self._session = self._pool.fresh()
        return self._session
