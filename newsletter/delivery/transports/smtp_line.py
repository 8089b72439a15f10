"""The way to an SMTP server: a TCP connection that can be cut at any moment, and its TLS."""

import smtplib
import socket
import ssl
from collections.abc import Sequence
from contextlib import AbstractContextManager, suppress
from typing import Any, BinaryIO

from newsletter.delivery.transports.deadlines import DEADLINES
from newsletter.delivery.transports.smtp_replies import CLOSING, is_done
from newsletter.delivery.transports.smtp_url import Security, SmtpServer

MOST_ADDRESSES = 3
"""Of one host name: how many are tried before the server counts as not reached."""

LONGEST_REPLY = 100_000
"""Bytes of all lines of a reply; the longest honest one, to EHLO, has about a thousand."""


class Line(smtplib.SMTP):
    """smtplib's client over a connection that ``limited`` can cut, in the middle of TLS too."""

    def __init__(self, server: SmtpServer, *, tls: ssl.SSLContext, silence: float) -> None:
        """Take the server and the seconds of silence after which a line is taken for dead."""
        super().__init__(timeout=silence)
        self._server = server
        self._tls = tls
        self._host = server.host  # smtplib checks the certificate against it
        self._handle: socket.socket | None = None
        self._refusal: smtplib.SMTPAuthenticationError | None = None

    def dial(self, seconds: float) -> None:
        """Connect, spending at most so many seconds on each address; raises OSError."""
        line = _connected(self._server, seconds)
        # The dot follows the body in a packet of its own; without this it awaits an answer.
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line.settimeout(self.timeout)
        # TLS takes the connection over and leaves the first socket empty; a twin can still cut it.
        self._handle = line.dup()
        self.sock = line

    def introduce(self) -> None:
        """Take the greeting, secure the line and log in.

        Raises:
            OSError: when the server does not let us in; smtplib's own errors are of this kind.
            ValueError: when a name or a password cannot be said, or a challenge not be read.
        """
        if self._server.security is Security.TLS and self.sock is not None:
            self.sock = self._tls.wrap_socket(self.sock, server_hostname=self._host)
        code, text = self.getreply()
        if not is_done(code):
            raise smtplib.SMTPConnectError(code, text)
        self.ehlo_or_helo_if_needed()
        if self._server.security is Security.STARTTLS:
            self.starttls(context=self._tls)
            self.ehlo_or_helo_if_needed()
        if self._server.user is not None and self._server.password is not None:
            self.login(self._server.user, self._server.password)

    def auth(
        self, mechanism: str, authobject: Any, *, initial_response_ok: bool = True
    ) -> tuple[int, bytes]:
        """Try a way to log in; for a server that hangs up at the second its word at the first counts.

        Raises:
            OSError: when it does not let us in.
        """
        try:
            return super().auth(mechanism, authobject, initial_response_ok=initial_response_ok)
        except smtplib.SMTPAuthenticationError as refusal:
            if self._refusal is None or refusal.smtp_code != CLOSING:
                self._refusal = refusal
            raise self._refusal from None
        except smtplib.SMTPServerDisconnected:
            if self._refusal is None:
                raise
            raise self._refusal from None

    def getreply(self) -> tuple[int, bytes]:
        """Take a reply, of any number of lines.

        Raises:
            OSError: when the line breaks, or the reply goes on and on; smtplib would keep all of it.
        """
        if self.file is None and self.sock is not None:
            self.file = _Replies(self.sock.makefile("rb"))
        if self.file is not None:
            self.file.begin()
        return super().getreply()

    def say_at_once(self, commands: Sequence[str]) -> None:
        """Send commands in one packet, without waiting for the reply to any.

        Raises:
            OSError: when the line is closed or breaks.
            ValueError: when one would be two commands.
        """
        if any("\r" in command or "\n" in command for command in commands):
            raise ValueError("a command holds a line break")
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("the connection is closed")
        self.sock.sendall("".join(f"{command}\r\n" for command in commands).encode("ascii"))

    def limited(self, seconds: float) -> AbstractContextManager[None]:
        """Cut the line when the block takes longer; raise TimeoutError then.

        Also where it seems to have ended well: smtplib takes a reply that was cut in the middle for a
        whole one.
        """
        return DEADLINES.limited(seconds, self._cut)

    def hang_up(self) -> None:
        """Close the connection."""
        self.close()
        if self._handle is not None:
            self._handle.close()

    def _cut(self) -> None:
        with suppress(OSError):
            if self._handle is not None:
                self._handle.shutdown(socket.SHUT_RDWR)


class _Replies:
    """What the server says, read line by line, each reply to its longest."""

    def __init__(self, said: BinaryIO) -> None:
        self._said = said
        self._left = 0

    def begin(self) -> None:
        self._left = LONGEST_REPLY

    def readline(self, most: int) -> bytes:
        line = self._said.readline(most)
        self._left -= len(line)
        if self._left < 0:
            raise ConnectionError("a reply without an end")
        return line

    def close(self) -> None:
        self._said.close()


def _connected(server: SmtpServer, seconds: float) -> socket.socket:
    trouble = OSError("the server's name has no address")
    found = socket.getaddrinfo(server.host, server.port, type=socket.SOCK_STREAM)
    for *_, address in found[:MOST_ADDRESSES]:
        try:
            return socket.create_connection((str(address[0]), server.port), seconds)
        except OSError as error:
            trouble = error
    raise trouble
