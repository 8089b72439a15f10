"""The search index, which can lag behind, lose its order, hide rows, or be down."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from random import Random

from newsletter.testing.postmark.clock import VirtualClock
from newsletter.testing.postmark.exchange import Refused
from newsletter.testing.postmark.ledger import Ledger, Row


@dataclass(frozen=True, slots=True)
class Indexing:
    """How well the index works.

    Attributes:
        lag: seconds from acceptance until a message can be found.
        shuffle: seed of an own delay for each message, anything up to the lag; None: all the lag.
        down: whether every search is answered with 503.
        hide: how many of the newest messages cannot be found, whichever these are at the search.
        lose: how many of the newest messages, as of now, cannot be found although later ones can.
    """

    lag: float = 0.0
    shuffle: int | None = None
    down: bool = False
    hide: int = 0
    lose: int = 0


class Index:
    """Says which messages can be found now."""

    def __init__(self, ledger: Ledger, clock: VirtualClock) -> None:
        self._ledger = ledger
        self._clock = clock
        self._indexing = Indexing()
        self._lost: Collection[str] = ()

    def set(self, indexing: Indexing) -> None:
        """Work like this from now on."""
        self._indexing = indexing
        self._lost = _ids(self._ledger.newest(indexing.lose))

    def check(self) -> None:
        """Refuse to search while down.

        Raises:
            Refused: with status 503.
        """
        if self._indexing.down:
            text = "The search is down for maintenance."
            raise Refused(100, text, HTTPStatus.SERVICE_UNAVAILABLE)

    def visible(self, rows: list[Row]) -> list[Row]:
        """Keep those that can be found."""
        if self._indexing == Indexing():
            return rows
        now = self._clock()
        hidden = _ids(self._ledger.newest(self._indexing.hide)) | set(self._lost)
        return [
            row for row in rows if row["MessageID"] not in hidden and self._searchable(row) <= now
        ]

    def _searchable(self, row: Row) -> datetime:
        lag, seed = self._indexing.lag, self._indexing.shuffle
        if seed is not None:
            lag *= Random(f"{seed} {row['MessageID']}").random()  # noqa: S311 -- no secret
        accepted: datetime = row["At"]
        return accepted + timedelta(seconds=lag)


def _ids(rows: Sequence[Row]) -> set[str]:
    return {row["MessageID"] for row in rows}
