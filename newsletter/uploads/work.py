"""The work on an uploaded list: tried out or imported in a thread, in one transaction, line by line.

It ends in one of three ways. It is done; or the file or the database refuses it, and nothing has
changed; or its process ends, in good order or not, and nothing has changed either, as the transaction
is not committed. Then the page offers to begin again. Whether an import was committed in the last
moment of a process is known by its name, which no second import can have.
"""

import os
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from newsletter.content.catalogue import naming
from newsletter.database import Database
from newsletter.editors import acts
from newsletter.editors.acts import Act, Actor
from newsletter.errors import NewsletterError
from newsletter.uploads.shelf import Progress, Report, Shelf, Task, Upload
from subscribers import import_log
from subscribers.csv_reading import Table, open_table
from subscribers.errors import SubscriberError
from subscribers.import_chunk import ImportTerms
from subscribers.import_report import LineReport, Outcome
from subscribers.importing import import_table, rehearse

log = structlog.get_logger()

MOST_HELD_BACK = 100
"""Lines that need somebody's eye, of which a page shows the first."""

_TELL_EVERY = 1000


class Stopped(NewsletterError):
    """The service was stopped in the middle; nothing was changed. Begin again."""

    code = "import-stopped"


@dataclass(frozen=True, slots=True)
class Workshop:
    """All it takes to work on a list.

    Attributes:
        shelf: where it lies.
        database: where people go.
        pepper: the key of address hashes.
        stopping: set when the process shall end.
    """

    shelf: Shelf
    database: Database
    pepper: bytes
    stopping: threading.Event

    def begin(
        self, upload: Upload, task: Task, by: Actor, *, shown: str, now: datetime
    ) -> threading.Thread | None:
        """Begin a task in a thread of its own.

        Args:
            upload: the list.
            task: what to do with it.
            by: who wants it.
            shown: the name under which they saw it.
            now: aware; the instant of the import.

        Returns:
            The thread; None when another list lies there by now.

        Raises:
            ImportUnderWay: when another one is at work.
        """
        lock = self.shelf.begin_work()
        lies = self.shelf.look()
        if lies is None or lies.ref != shown:
            os.close(lock)
            return None
        begun = replace(upload, task=task, by=by, problem="")
        self.shelf.keep(begun)
        thread = threading.Thread(target=self._work, args=(begun, now, lock), name="import")
        thread.start()
        return thread

    def _work(self, upload: Upload, now: datetime, lock: int) -> None:
        try:
            self._end(upload, self._walk(upload, now))
        except (SubscriberError, Stopped) as refusal:
            self.shelf.keep(replace(upload, task=None, problem=str(refusal)))
        except (SQLAlchemyError, OSError) as fault:
            log.error("import_failed", kind=type(fault).__name__)  # noqa: TRY400  # it may quote
            problem = "The database or the disk failed; nothing was changed. Begin again."
            self.shelf.keep(replace(upload, task=None, problem=problem))
        finally:
            os.close(lock)

    def _end(self, upload: Upload, report: Report) -> None:
        if upload.task is Task.IMPORT:
            self.shelf.finish(replace(upload, task=None, done=report))
        else:
            self.shelf.keep(replace(upload, task=None, rehearsed=report))

    def _walk(self, upload: Upload, now: datetime) -> Report:
        with self.database.reading() as session:
            tools = naming.named_tools(session)
        terms = ImportTerms(
            upload.consent or None,
            self.pepper,
            now,
            upload.ref,
            topics=naming.topics(tools),
            tools=naming.by_slugs(tools),
        )
        bring = import_table if upload.task is Task.IMPORT else rehearse
        with self.shelf.file.open("rb") as file:
            table = open_table(file, upload.columns)
            of = sum(1 for _ in table.lines())

            def work(session: Session) -> Report:
                report = self._sum_up(bring(session, table, terms), table, of)
                _note(session, upload, report, now)
                return report

            return self.database.write(work)

    def _sum_up(self, lines: Iterator[LineReport], table: Table, of: int) -> Report:
        counts: Counter[Outcome] = Counter()
        held_back: list[LineReport] = []
        self.shelf.tell(Progress(0, of))
        for number, line in enumerate(lines, start=1):
            if self.stopping.is_set():
                raise Stopped
            counts[line.outcome] += 1
            if line.reason is not None and len(held_back) < MOST_HELD_BACK:
                held_back.append(line)
            if number % _TELL_EVERY == 0:
                self.shelf.tell(Progress(number, of))
        return Report(
            counts={outcome.value: counts[outcome] for outcome in Outcome},
            held_back=[asdict(line) for line in held_back],
            warnings=list(table.warnings),
        )


def _note(session: Session, upload: Upload, report: Report, now: datetime) -> None:
    assert upload.by is not None
    if upload.task is Task.REHEARSAL:
        acts.note(session, upload.by, Act.LIST_TRIED_OUT, "a list", now=now)
        return
    brought = import_log.by_ref(session, upload.ref)
    assert brought is not None
    counted = ", ".join(f"{number} {outcome}" for outcome, number in report.counts.items())
    acts.note(session, upload.by, Act.IMPORTED, f"import {brought.number}", now=now, detail=counted)
