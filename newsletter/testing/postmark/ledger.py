"""What was accepted: in memory for searches, and in an append-only file as the judge."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from schedules.clock import Clock

_LOGGED = ("MessageID", "To", "MessageStream", "Tag", "Metadata", "AcceptedAt")
_CONTENT = ("From", "ReplyTo", "Subject", "Headers", "HtmlBody", "TextBody")


class Ledger:
    """The accepted messages, oldest first; a row has Postmark's names for its fields.

    Args:
        log: file that gets a JSON line for each accepted message, before the answer leaves.
        keep_bodies: whether content is kept, in memory and in the file.
        clock: the present instant.
    """

    def __init__(self, log: Path, *, keep_bodies: bool, clock: Clock) -> None:
        self._file = log.open("ab")
        self.keeps_bodies = keep_bodies
        self._clock = clock
        self._rows: list[Mapping[str, Any]] = []
        self._by_id: dict[str, Mapping[str, Any]] = {}
        self._by_metadata: defaultdict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)

    def now(self) -> str:
        """Give the present instant as Postmark writes it."""
        return postmark_time(self._clock())

    def add(self, rows: Sequence[Mapping[str, Any]]) -> None:
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

    def get(self, message_id: str) -> Mapping[str, Any] | None:
        """Give one message."""
        return self._by_id.get(message_id)

    def newest_first(self, metadata: tuple[str, str] | None) -> list[Mapping[str, Any]]:
        """Give all messages, or those with one metadata value."""
        rows = self._rows if metadata is None else self._by_metadata.get(metadata, [])
        return rows[::-1]


def postmark_time(instant: datetime) -> str:
    """Write an instant with seven digits of a second, trailing zeros cut."""
    digits = f"{instant.microsecond * 10:07d}".rstrip("0")
    return f"{instant:%Y-%m-%dT%H:%M:%S}{'.' if digits else ''}{digits}Z"
