"""HTTP connections that can be cut when a call takes too long, however lively the other end is."""

import socket
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any
from weakref import WeakSet

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection

from newsletter.delivery.transports.deadlines import DEADLINES


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to put up with Postmark, in seconds.

    Attributes:
        connecting: to reach it.
        silence: without a byte of the answer; a short wait for a slow answer makes doubt.
        call: for a whole call, against an answer that comes a byte at a time; and after which
            ``send`` begins no further call.
    """

    connecting: float = 5
    silence: float = 120
    call: float = 180


class CuttableAdapter(HTTPAdapter):
    """Opens the connections of one session, which one thread uses, and knows them all.

    A timeout of requests is the longest silence: an answer of one byte a minute never meets it.
    """

    def __init__(self) -> None:
        """Keep requests from trying anything twice."""
        self._opened: WeakSet[HTTPConnection] = WeakSet()
        super().__init__(max_retries=0)

    def get_connection_with_tls_context(self, *args: Any, **options: Any) -> Any:
        """Give the pool for an address, and learn of each connection that it opens."""
        pool: Any = super().get_connection_with_tls_context(*args, **options)
        if not isinstance(pool.ConnectionCls, partial):
            pool.ConnectionCls = partial(self._open, pool.ConnectionCls)
        return pool

    def limited(self, seconds: float) -> AbstractContextManager[None]:
        """Cut every connection when the block takes longer; raise TimeoutError then.

        Also where it seems to have ended well: http.client takes a head that was cut in the middle for a
        whole one.
        """
        return DEADLINES.limited(seconds, self._cut)

    def _open(self, kind: Callable[..., HTTPConnection], **options: Any) -> HTTPConnection:
        connection = kind(**options)
        self._opened.add(connection)
        return connection

    def _cut(self) -> None:
        for connection in list(self._opened):
            with suppress(OSError):
                if (sock := connection.sock) is not None:
                    # The plain shutdown: a TLS socket's own one would go on in the clear.
                    socket.socket.shutdown(sock, socket.SHUT_RDWR)
