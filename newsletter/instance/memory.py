"""What a host remembers of its installation, in a small file outside the database."""

from dataclasses import dataclass
from pathlib import Path

import orjson

from newsletter import private_files
from newsletter.instance.rules import Known

FILE = "instance.json"
"""In the data folder; whoever puts back a snapshot of a whole machine deletes it first."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What a host keeps outside the database.

    Attributes:
        file: holds name and generation.
        name: set where several hosts share a database; wins over the file's.
    """

    file: Path
    name: str | None = None

    def recall(self) -> Known | None:
        """Give what this host knows; None when it knows nothing, or no longer."""
        kept = self._read()
        if self.name is None:
            return kept
        return kept if kept and kept.name == self.name else Known(self.name, 0)

    def introduce(self, known: Known) -> None:
        """Write down what a host that knows nothing is to know; of several writers one wins."""
        private_files.create(self.file, _written(known))

    def keep(self, known: Known) -> None:
        """Write down what this host knows from now on."""
        private_files.replace(self.file, _written(known))

    def _read(self) -> Known | None:
        try:
            read = orjson.loads(self.file.read_bytes())
            return Known(str(read["name"]), int(read["generation"]))
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None


def _written(known: Known) -> str:
    return orjson.dumps({"name": known.name, "generation": known.generation}).decode()
