"""One connection to an SMTP server, and one message after the other over it."""

import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from newsletter.delivery.message import Outcome, Receipt
from newsletter.delivery.transports.smtp_replies import (
    Kind,
    Phase,
    ended,
    goes_on,
    is_done,
    leaves_order,
    lost,
    readable,
)
from newsletter.delivery.transports.smtp_url import Security, SmtpServer


@dataclass(frozen=True, slots=True)
class Limits:
    """How long to put up with a server; together they stay below the lease of a batch.

    Attributes:
        timeout: seconds of silence after which a line is taken for dead.
        deadline: seconds for a whole message, against a server that answers a byte at a time.
        patience: seconds after which a call begins no further message.
    """

    timeout: float = 120
    deadline: float = 180
    patience: float = 180


class Session:
    """A connection on which messages can be delivered.

    ``smtplib.SMTP.data`` hides whether the final dot was sent, which is what separates "send it
    again" from "nobody knows"; so the steps are taken one by one here.

    Attributes:
        usable: whether another message may be tried on it.
    """

    def __init__(self, server: SmtpServer, *, tls: ssl.SSLContext, limits: Limits) -> None:
        """Connect, greet, secure the line and log in.

        Raises:
            OSError: when any of it fails; smtplib's own errors are of this kind.
        """
        self._deadline = limits.deadline
        self._client = _connect(server, tls, limits.timeout)
        try:
            with self._limited():
                _introduce(self._client, server, tls)
        except BaseException:
            self._client.close()
            raise
        self.usable = True

    def answers(self) -> bool:
        """Ask whether the server is still there; it may have hung up on an idle line."""
        self.usable = self._command("NOOP")
        return self.usable

    def deliver(self, sender: str, recipient: str, content: bytes) -> Receipt:
        """Deliver one e-mail to one recipient.

        Args:
            sender: the envelope sender.
            recipient: the envelope recipient.
            content: lines ended by CRLF, the last one too.
        """
        phase = Phase.MAIL
        try:
            with self._limited():
                for phase, argument in (
                    (Phase.MAIL, f"FROM:<{sender}>"),
                    (Phase.RCPT, f"TO:<{recipient}>"),
                    (Phase.DATA, ""),
                ):
                    code, text = self._client.docmd(phase, argument)
                    if not goes_on(phase, code):
                        return self._refused(phase, code, text)
                phase = Phase.BODY
                self._write(re.sub(rb"(?m)^\.", b"..", content))
                phase = Phase.DOT
                self._write(b".\r\n")
                code, text = self._client.getreply()
        except OSError as error:
            self.usable = False
            return lost(phase, _reason(error))
        self.usable = leaves_order(phase, code)
        return ended(phase, code, text)

    def close(self) -> None:
        """Say goodbye, if the server still listens, and close."""
        if self.usable:
            self._command("QUIT")
        self.usable = False
        self._client.close()

    def _refused(self, phase: Phase, code: int, text: bytes) -> Receipt:
        self.usable = leaves_order(phase, code) and self._command("RSET")
        return ended(phase, code, text)

    def _command(self, name: str) -> bool:
        try:
            with self._limited():
                return is_done(self._client.docmd(name)[0])
        except OSError:
            return False

    def _write(self, content: bytes) -> None:
        if self._client.sock is None:
            raise smtplib.SMTPServerDisconnected("the connection is closed")
        self._client.sock.sendall(content)

    @contextmanager
    def _limited(self) -> Iterator[None]:
        """Cut the line when the block takes longer than the deadline; raise TimeoutError then."""
        late = threading.Event()
        timer = threading.Timer(self._deadline, _cut, [self._client, late])
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
        if late.is_set():  # smtplib takes a reply that was cut in the middle for a whole one
            raise TimeoutError("no whole answer within the deadline")


def unavailable(error: OSError) -> Receipt:
    """Give the receipt for a message that found no connection."""
    detail = f"cannot use the SMTP server: {_reason(error)}"
    if not isinstance(error, smtplib.SMTPResponseException):
        return Receipt(Outcome.NOT_TAKEN, code="no-connection", detail=detail)
    for_good = error.smtp_code // 100 == Kind.NEVER  # a wrong password, or no service for us
    return Receipt(
        Outcome.NOT_TAKEN, code=str(error.smtp_code), detail=detail, needs_operator=for_good
    )


def _reason(error: OSError) -> str:
    """Name what went wrong on the line; a server's words may hold an address."""
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        words = said if isinstance(said, bytes) else said.encode()
        return f"{error.smtp_code} {readable(words)}"
    return error.strerror or str(error) or type(error).__name__


def _connect(server: SmtpServer, tls: ssl.SSLContext, timeout: float) -> smtplib.SMTP:
    if server.security is Security.TLS:
        client: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=timeout, context=tls
        )
    else:
        client = smtplib.SMTP(server.host, server.port, timeout=timeout)
    assert client.sock is not None  # smtplib connects in its constructor, or raises
    # The dot follows the body in a packet of its own; without this it waits for an acknowledgement.
    client.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return client


def _introduce(client: smtplib.SMTP, server: SmtpServer, tls: ssl.SSLContext) -> None:
    client.ehlo_or_helo_if_needed()
    if server.security is Security.STARTTLS:
        client.starttls(context=tls)
        client.ehlo_or_helo_if_needed()
    if server.user is not None and server.password is not None:
        client.login(server.user, server.password)


def _cut(client: smtplib.SMTP, late: threading.Event) -> None:
    late.set()
    with suppress(OSError):
        if client.sock is not None:
            # The plain shutdown: a TLS socket's own one would let a writer go on in the clear.
            socket.socket.shutdown(client.sock, socket.SHUT_RDWR)
