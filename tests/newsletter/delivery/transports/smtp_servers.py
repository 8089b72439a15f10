"""Loopback SMTP servers: a real one that keeps what it takes, and one that fails on command."""

import socket
import socketserver
import struct
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller

from newsletter.delivery.transports.smtp_url import Security, SmtpServer
from tests.addresses import reserved_port

WHOLE_ENVELOPE = "<whole envelope>"
NOTHING = b".\r\n"
"""A body without a line: the dot that ends it comes at once."""

DROP, DROP_IN_BODY, SILENCE, DRIP = "<drop>", "<drop in body>", "<silence>", "<drip>"

USUAL = defaultdict(
    lambda: "250 fine",
    GREETING="220 loopback",
    EHLO="250-loopback\r\n250 AUTH PLAIN",
    DATA="354 go on",
    QUIT="221 bye",
    AUTH="235 come in",
)


@dataclass
class Mailbox:
    """Keeps what a real server accepted: envelope and bytes."""

    port: int
    kept: list[tuple[tuple[str, ...], bytes]] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)

    async def handle_DATA(  # noqa: N802 (aiosmtpd's name)
        self, _server: Any, _session: Any, envelope: Any
    ) -> str:
        self.kept.append((tuple(envelope.rcpt_tos), envelope.content))
        self.senders.append(envelope.mail_from)
        return "250 kept"

    @property
    def address(self) -> SmtpServer:
        return SmtpServer("127.0.0.1", self.port, Security.NONE)


@contextmanager
def running_mailbox(**options: Any) -> Iterator[Mailbox]:
    with reserved_port() as port:
        mailbox = Mailbox(port)
        controller = Controller(mailbox, hostname="127.0.0.1", port=port, **options)
        controller.start()
        try:
            yield mailbox
        finally:
            controller.stop()


class Scripted(socketserver.ThreadingTCPServer):
    """Answers as usual, except where the script has an answer left for that step.

    Attributes:
        script: by step (GREETING, MAIL, …, DOT), the next answers in order.
        commands: every command line received, in order.
        bodies: what came between 354 and the final dot, raw, for each message taken.
        connections: how many were opened.
        goodbyes: one for each QUIT.
    """

    daemon_threads = True

    def __init__(self, script: dict[str, list[str]]) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.script = script
        self.commands: list[str] = []
        self.bodies: list[bytes] = []
        self.connections = 0
        self.goodbyes = threading.Semaphore(0)

    def server(self, user: str | None = None, security: Security = Security.NONE) -> SmtpServer:
        password = "secret" if user else None
        return SmtpServer("127.0.0.1", self.server_address[1], security, user, password)

    def answer(self, step: str) -> str:
        answers = self.script.get(step)
        return answers.pop(0) if answers else USUAL[step]


class _Conversation(socketserver.StreamRequestHandler):
    server: Scripted

    def handle(self) -> None:
        self.server.connections += 1
        with suppress(OSError, EOFError):
            self.say("GREETING")
            while line := self.rfile.readline().decode().strip():
                self.server.commands.append(line)
                step = line.split()[0].upper()
                if self.say(step).startswith("354"):
                    self.take_body()
                if step == "QUIT":
                    self.server.goodbyes.release()
                    return

    def take_body(self) -> None:
        body = b""
        while body != NOTHING and not body.endswith(b"\r\n.\r\n"):
            if not (line := self.rfile.readline()):
                raise EOFError
            body += line
        self.server.bodies.append(body)
        self.say("DOT")

    def say(self, step: str) -> str:
        answer = self.server.answer(step)
        if answer == WHOLE_ENVELOPE:
            answer = self.read_whole_envelope()
        if fault := FAULTS.get(answer):
            fault(self)
        self.wfile.write(f"{answer}\r\n".encode())
        return answer

    def read_whole_envelope(self) -> str:
        """Answer MAIL only after RCPT and DATA: who waits for each reply waits for ever."""
        self.server.commands += [self.rfile.readline().decode().strip() for _ in range(2)]
        self.wfile.write(b"250 fine\r\n250 fine\r\n")
        return "354 go on"

    def drop(self) -> None:
        raise EOFError

    def fall_silent(self) -> None:
        self.rfile.read()
        raise EOFError

    def drop_in_body(self) -> None:
        self.wfile.write(b"354 go on\r\n")
        self.rfile.read(1000)
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.connection.close()
        raise EOFError

    def drip(self) -> None:
        while True:
            self.wfile.write(b"2")
            threading.Event().wait(0.02)


FAULTS = {
    DROP: _Conversation.drop,
    DROP_IN_BODY: _Conversation.drop_in_body,
    SILENCE: _Conversation.fall_silent,
    DRIP: _Conversation.drip,
}


@contextmanager
def scripted(**script: list[str]) -> Iterator[Scripted]:
    with Scripted(script) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
