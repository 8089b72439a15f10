"""What an address answered, what that says of the link, and how long it is believed. Pure."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from http import HTTPStatus


class Standing(StrEnum):
    """What is known about a link."""

    ALIVE = "alive"
    """Something is there, even if it is only shown to others."""
    DEAD = "dead"
    """The server says that nothing is there."""
    SILENT = "silent"
    """Nobody knows: no answer in time, or a server in trouble."""


FRESH = {
    Standing.ALIVE: timedelta(days=1),
    Standing.DEAD: timedelta(hours=1),
    Standing.SILENT: timedelta(hours=1),
}
"""How long an answer is believed: bad news is soon asked again, because somebody mends it."""

_GUARDED = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS}
"""Said to programs that ask: a page is there, and a reader's browser may well see it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one address answered.

    Attributes:
        url: as it stands in the letter.
        status: of the last hop; None when there was none in time.
        detail: why there is no status; empty otherwise.
    """

    url: str
    status: int | None
    detail: str = ""

    @property
    def standing(self) -> Standing:
        """What the answer says of the link."""
        if self.status is None or self.status == HTTPStatus.REQUEST_TIMEOUT:
            return Standing.SILENT
        if self.status < HTTPStatus.BAD_REQUEST or self.status in _GUARDED:
            return Standing.ALIVE
        return Standing.DEAD if self.status < HTTPStatus.INTERNAL_SERVER_ERROR else Standing.SILENT
