"""Small files that only their owner may read and that nobody ever sees half written."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path


def create(path: Path, content: str) -> None:
    """Put a new file in place; of several writers the first wins, the others change nothing."""
    new = _beside(path, content)
    try:
        with suppress(FileExistsError):
            os.link(new, path)
    finally:
        new.unlink()


def replace(path: Path, content: str) -> None:
    """Put a file in place of what is there."""
    _beside(path, content).replace(path)


def _beside(path: Path, content: str) -> Path:
    number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    with os.fdopen(number, "w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(number)
    return Path(name)
