"""The HTTP server around the application: connections that stay open, or break when told to."""

import os
import socket
import struct
import sys
import time
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from newsletter.testing.postmark.application import Application
from newsletter.testing.postmark.exchange import Request
from newsletter.testing.postmark.spoiling import Wire

_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class Server(ThreadingHTTPServer):
    """A thread for each connection."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, host: str, port: int, application: Application) -> None:
        self.application = application
        super().__init__((host, port), _Connection)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that is gone: to be killed is what clients are for here."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    @property
    def url(self) -> str:
        """Give the address to call."""
        host, port = self.server_address[:2]
        return f"http://{host!s}:{port}"


class _Connection(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body leave together

    def _serve(self) -> None:
        address = urlsplit(self.path)
        path = unquote(address.path).rstrip("/")
        length = int(self.headers.get("Content-Length") or 0)
        rule = self.server.application.rule(self.command, path)
        if rule is not None and not rule.reads:
            self.rfile.read(min(length - 1, rule.at or length // 2))
            self._break()
            return
        request = Request(
            method=self.command,
            path=path,
            query={name.lower(): value for name, value in parse_qsl(address.query)},
            token=self.headers.get("X-Postmark-Server-Token"),
            body=self.rfile.read(length),
        )
        self._send(self.server.application.answer(request, rule))

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815 -- http.server's names

    def _send(self, wire: Wire) -> None:
        time.sleep(wire.seconds)
        if not wire.status:
            self._break()
        elif wire.drip:
            self._drip(wire)
        elif wire.cut is not None:
            self.connection.sendall(_answer(wire)[: wire.cut])
            self._break()
        else:
            self.wfile.write(_answer(wire) * wire.times)
            self.close_connection = self.close_connection or wire.promised is not None

    def _drip(self, wire: Wire) -> None:
        self.close_connection = True
        with suppress(OSError):  # the client may be tired of it
            for byte in _answer(wire):
                time.sleep(wire.drip)
                self.connection.sendall(bytes([byte]))

    def _break(self) -> None:
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        os.close(self.connection.detach())  # before the server says goodbye in good order

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing: addresses stand in the requests."""


def _answer(wire: Wire) -> bytes:
    head = (
        f"HTTP/1.1 {wire.status} {HTTPStatus(wire.status).phrase}",
        f"Content-Type: {wire.content_type}",
        f"Content-Length: {wire.promised or len(wire.content)}",
        *([f"Retry-After: {wire.retry_after}"] if wire.retry_after else ()),
        "\r\n",
    )
    return "\r\n".join(head).encode() + wire.content
