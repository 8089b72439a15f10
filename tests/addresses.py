"""Ports and names that a test may count on, whoever else is on this machine or in its network."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

NOBODYS_NAME = ".".join(["nowhere" * 8] * 5)
"""Longer than a name can be, so that no server of names is asked, who may be slow or not there."""


@contextmanager
def reserved_port() -> Iterator[int]:
    """Give a port of this machine where nobody listens.

    Connections to it are refused, until somebody of ours who reuses addresses listens there: a server of
    uvicorn, asyncio or http.server. To look for a free one and let it go would leave it to whoever comes.
    """
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", 0))
        port: int = held.getsockname()[1]
        yield port
