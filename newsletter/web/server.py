"""The web server, which tells those who listen that it ends: it waits for every answer to be whole."""

from collections.abc import Callable
from types import FrameType

import uvicorn


class Server(uvicorn.Server):
    """Serves until a signal comes.

    Args:
        config: what it serves.
        at_end: called when the signal comes, before anything is waited for; must not wait itself.
    """

    def __init__(self, config: uvicorn.Config, *, at_end: Callable[[], None]) -> None:
        super().__init__(config)
        self._at_end = at_end

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Take the signal."""
        self._at_end()
        super().handle_exit(sig, frame)
