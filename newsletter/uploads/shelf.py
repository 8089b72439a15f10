"""Where an uploaded list lies: one at a time, in a folder that only this service's user may open.

Beside the file stands what is known of it. Whoever works on it holds a lock, which the system lets go
of when a process ends, however it ends: so it is certain at any time whether somebody does.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import IO, Any

import orjson

from newsletter import private_files
from newsletter.editors.acts import Actor
from newsletter.editors.roles import Role
from subscribers.errors import ImportUnderWay

KEPT_FOR = timedelta(days=1)
"""A list that nobody goes on with is deleted then."""

_ARRIVING = "arriving-"


class Task(StrEnum):
    """What is done with a list."""

    REHEARSAL = "rehearsal"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class Report:
    """What a walk through the list came to.

    Attributes:
        counts: lines by outcome.
        held_back: the first lines that need somebody's eye, with masked addresses.
        warnings: about the whole file.
    """

    counts: dict[str, int]
    held_back: list[dict[str, Any]]
    warnings: list[str]


@dataclass(frozen=True, slots=True)
class Upload:
    """A list that was brought.

    Attributes:
        ref: what its import will be called; another name with each trial.
        at: when it came; aware.
        file_name: as its sender calls it.
        size: bytes.
        names: of its columns.
        columns: what each of them is, as ours are called; None for one that is not read.
        consent: where and how the people in it agreed; empty when nobody says so.
        by: who does what is done with it.
        task: what was begun with it last; None when nothing was, or it came to its end.
        rehearsed: what trying it out came to, with these columns and this consent.
        done: what the import came to; the file itself is gone then.
        problem: why the last task came to nothing.
    """

    ref: str
    at: datetime
    file_name: str
    size: int
    names: list[str] = field(default_factory=list)
    columns: list[str | None] = field(default_factory=list)
    consent: str = ""
    by: Actor | None = None
    task: Task | None = None
    rehearsed: Report | None = None
    done: Report | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a task has come, in lines of the file."""

    done: int
    of: int


class Shelf:
    """The folder.

    Args:
        folder: made when it is first needed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.file = folder / "list.csv"
        self._note = folder / "list.json"
        self._progress = folder / "progress"
        self._lock = folder / "lock"

    @contextmanager
    def receiving(self) -> Iterator[tuple[IO[bytes], Path]]:
        """Open a file for a list that arrives; it is gone afterwards unless it was put in its place."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        path = self._folder / f"{_ARRIVING}{os.urandom(8).hex()}"
        number = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        try:
            with os.fdopen(number, "wb") as file:
                yield file, path
        finally:
            path.unlink(missing_ok=True)

    def put(self, arrived: Path, upload: Upload) -> None:
        """Take a list in that has arrived, in place of one that was done with."""
        arrived.replace(self.file)
        self._progress.unlink(missing_ok=True)
        self.keep(upload)

    def look(self) -> Upload | None:
        """Read what is known of the list that lies here; None when none does."""
        try:
            return _upload(orjson.loads(self._note.read_bytes()))
        except FileNotFoundError:
            return None

    def keep(self, upload: Upload) -> None:
        """Write down what is known of it now."""
        private_files.replace(self._note, orjson.dumps(_plain(upload)).decode())

    def finish(self, upload: Upload) -> None:
        """Write down what became of a list and delete it."""
        self.keep(upload)
        self.file.unlink(missing_ok=True)

    def clear(self) -> None:
        """Delete all that is known of a list, and it."""
        for path in (self.file, self._progress, self._note):
            path.unlink(missing_ok=True)

    def tidy(self, now: datetime) -> None:
        """Delete a list that nobody went on with, unless somebody is at work on it, and old pieces of others."""
        for piece in self._folder.glob(f"{_ARRIVING}*"):  # its process ended while it arrived
            with suppress(FileNotFoundError):  # it may be whole, and put in its place, meanwhile
                if piece.stat().st_mtime < (now - KEPT_FOR).timestamp():
                    piece.unlink()
        upload = self.look()
        if upload is None or upload.done or now - upload.at < KEPT_FOR:
            return
        with suppress(ImportUnderWay), self.working():
            self.clear()

    @contextmanager
    def working(self) -> Iterator[None]:
        """Be the only one at work here.

        Raises:
            ImportUnderWay: when another one is.
        """
        number = self.begin_work()
        try:
            yield
        finally:
            os.close(number)

    def begin_work(self) -> int:
        """Become the only one at work here, until the file that this gives the number of is closed.

        Raises:
            ImportUnderWay: when another one is.
        """
        self._folder.mkdir(mode=0o700, exist_ok=True)
        number = os.open(self._lock, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(number)
            raise ImportUnderWay from None
        return number

    def is_at_work(self) -> bool:
        """Say whether somebody works on the list at this moment."""
        try:
            number = os.open(self._lock, os.O_RDONLY)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(number, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(number)
        return False

    def tell(self, progress: Progress) -> None:
        """Say how far the work has come; not in the database, where the import itself is writing."""
        private_files.replace(self._progress, f"{progress.done} {progress.of}")

    def progress(self) -> Progress | None:
        """Read how far the work has come; None before it has said so."""
        try:
            done, of = self._progress.read_text().split()
        except FileNotFoundError:
            return None
        return Progress(int(done), int(of))


def _plain(upload: Upload) -> dict[str, Any]:
    return asdict(upload)


def _upload(plain: dict[str, Any]) -> Upload:
    by, task = plain["by"], plain["task"]
    read = Upload(**plain)
    return replace(
        read,
        at=datetime.fromisoformat(plain["at"]),
        by=by and Actor(by["words"], by["editor_id"], by["role"] and Role(by["role"])),
        task=task and Task(task),
        rehearsed=plain["rehearsed"] and Report(**plain["rehearsed"]),
        done=plain["done"] and Report(**plain["done"]),
    )
