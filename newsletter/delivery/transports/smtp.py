"""SMTP as a transport: one message a transaction, over connections that are kept and shared."""

import ssl
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from time import monotonic

from newsletter.delivery.message import NOT_TRIED, Mailing, Message, Outcome, Receipt
from newsletter.delivery.mime import Composer, UnsafeHeader
from newsletter.delivery.transport import MayGoOn, always
from newsletter.delivery.transports.limits import require_size
from newsletter.delivery.transports.smtp_envelope import Envelope
from newsletter.delivery.transports.smtp_pool import Pool
from newsletter.delivery.transports.smtp_session import Limits, Session, unavailable
from newsletter.delivery.transports.smtp_url import SmtpServer

USUAL_LIMITS = Limits()


class SmtpTransport:
    """Sends through one server, over connections that threads take from a pool and put back.

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
        self._pool = Pool(partial(Session, server, tls=trust, limits=limits), idle=limits.idle)
        self._patience = limits.patience

    def send(
        self, mailing: Mailing, messages: Sequence[Message], *, may_go_on: MayGoOn = always
    ) -> list[Receipt]:
        """Deliver each message once, and say by the phase it reached what became of it.

        Before each one it asks whether it may go on; after a no, none is begun.
        """
        require_size(messages, self.most)
        composer = Composer(mailing)
        composer.require_values(messages)
        until = monotonic() + self._patience
        call = _Call(self._pool, composer, date=self._clock(), until=until, may_go_on=may_go_on)
        try:
            return [call.deliver(message) for message in messages]
        finally:
            call.end()

    def mark(self) -> str:
        """Give its name: no mail server can be asked for a lost call, so which one is no matter."""
        return self.name

    def close(self) -> None:
        """Close the idle connections; sending again opens new ones."""
        self._pool.close()


class _Call:
    """One call of ``send``: its connection, and when to stop trying."""

    def __init__(
        self, pool: Pool, composer: Composer, *, date: datetime, until: float, may_go_on: MayGoOn
    ) -> None:
        self._pool = pool
        self._composer = composer
        self._date = date
        self._session: Session | None = None
        self._breaks_in_a_row = 0
        self._trouble: Receipt | None = None
        self._until = until
        self._may_go_on = may_go_on

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
        if not self._may_go_on():  # last: getting a connection may have taken a while
            self._trouble = NOT_TRIED
            return self._trouble
        receipt = session.deliver(Envelope.of(message, self._composer.sender), content)
        self._breaks_in_a_row = 0 if session.usable else self._breaks_in_a_row + 1
        if receipt.outcome is Outcome.ACCEPTED:
            # The server's own id is somewhere in its words; this one is in its log as well.
            return receipt._replace(provider_id=self._composer.message_id(message))
        return receipt

    def end(self) -> None:
        if self._session:
            self._pool.put_back(self._session)

    def _connected(self) -> Session:
        if self._breaks_in_a_row > 1:
            raise ConnectionError("the fresh connection broke as well")
        if monotonic() > self._until:
            raise TimeoutError("it was too slow with the messages before")
        if self._session is not None and not self._session.usable:
            self._pool.discard(self._session)
            self._session = None
        if self._session is None:
            self._session = self._pool.take(self._until)
        return self._session
