"""What was accepted: in memory for searches, and in an append-only file as the judge."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

Row = Mapping[str, Any]
"""An accepted message under Postmark's names; ``At`` is its instant, for the simulator alone."""

_LOGGED = ("MessageID", "To", "MessageStream", "Tag", "Metadata", "AcceptedAt")
_CONTENT = ("From", "ReplyTo", "Subject", "Headers", "HtmlBody", "TextBody")


class Ledger:
    """The accepted messages, oldest first.

    Args:
        log: file that gets a JSON line for each accepted message, before the answer leaves.
        keep_bodies: whether content is kept, in memory and in the file.
    """

    def __init__(self, log: Path, *, keep_bodies: bool) -> None:
        self._file = log.open("ab")
        self.keeps_bodies = keep_bodies
        self._forget()

    def add(self, rows: Sequence[Row]) -> None:
        """Accept messages; afterwards they are in the file."""
        logged = (*_LOGGED, *_CONTENT) if self.keeps_bodies else _LOGGED
        lines = [orjson.dumps({name: row[name] for name in logged}) + b"\n" for row in rows]
        self._file.write(b"".join(lines))
        self._file.flush()
        for row in rows:
            self._rows.append(row)
            self._by_id[row["MessageID"]] = row
            for name, value in row["Metadata"].items():
                self._by_metadata[name.casefold(), value].append(row)

    def get(self, message_id: str) -> Row | None:
        """Give one message."""
        return self._by_id.get(message_id)

    def newest_first(self, metadata: tuple[str, str] | None) -> list[Row]:
        """Give all messages, or those with one metadata value."""
        rows = self._rows if metadata is None else self._by_metadata.get(metadata, [])
        return rows[::-1]

    def newest(self, count: int) -> list[Row]:
        """Give the last messages, newest first."""
        return list(islice(reversed(self._rows), count))

    def latest_to(self, address: str, stream: str | None) -> Row | None:
        """Give the last message to an address, on a stream or on any."""
        for row in reversed(self._rows):
            if row["To"] == address and stream in (None, row["MessageStream"]):
                return row
        return None

    def clear(self) -> None:
        """Forget every message, in the file too."""
        self._file.truncate(0)
        self._forget()

    def _forget(self) -> None:
        self._rows: list[Row] = []
        self._by_id: dict[str, Row] = {}
        self._by_metadata: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
