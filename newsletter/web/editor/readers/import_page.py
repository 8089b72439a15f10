"""The page about bringing a list in: what lies there, how far the work on it is, what it came to."""

from dataclasses import replace

from fastapi.responses import HTMLResponse

from newsletter.editors.sessions import Visit
from newsletter.service import Service
from newsletter.uploads.shelf import Report, Shelf, Upload
from newsletter.web.bodies import LARGER
from newsletter.web.editor.pages import editor_page
from subscribers import import_log, undoing
from subscribers.csv_reading import COLUMNS
from subscribers.import_report import Outcome

HERE = "/editor/subscribers/import"

RELOADED_EVERY = "2"
"""Seconds after which a browser asks again how far an import has come; no script is needed for that."""

OUTCOMES = {
    Outcome.ADDED.value: "new on the list",
    Outcome.UPDATED.value: "known, and something was added",
    Outcome.UNCHANGED.value: "known, and nothing was new",
    Outcome.SUPPRESSED.value: "kept off: they left, or must not be written to",
    Outcome.REFUSED.value: "lines that cannot be used",
}
"""What each outcome of a line is called."""


def came_in(service: Service, upload: Upload) -> bool:
    """Say whether a list came in although its process ended before it could say so."""
    with service.database.reading() as session:
        return import_log.by_ref(session, upload.ref) is not None


def import_page(
    service: Service, visit: Visit, *, status: int = 200, news: str = "", problem: str = ""
) -> HTMLResponse:
    """Show where an import stands; while it is under way, the page asks again by itself."""
    shelf = service.workshop.shelf
    upload, at_work = _look(shelf)
    with service.database.reading() as session:
        undoable = undoing.undoable(session, now=visit.now)
        last = import_log.last(session)
        brought = import_log.by_ref(session, upload.ref) if upload else None
    interrupted = bool(upload and upload.task and not at_work)
    if upload and brought and not upload.done and not at_work:
        upload, interrupted = replace(upload, done=Report(brought.counts, [], [])), False
    answer = editor_page(
        service,
        visit,
        "import.html",
        status=status,
        upload=upload,
        at_work=at_work,
        progress=shelf.progress() if at_work else None,
        interrupted=interrupted,
        known=list(COLUMNS),
        outcomes=OUTCOMES,
        most=LARGER[HERE] // 1_000_000,
        last=last,
        undoable=undoable,
        news=news,
        problem=problem,
    )
    if at_work:
        answer.headers["Refresh"] = RELOADED_EVERY
    return answer


def _look(shelf: Shelf) -> tuple[Upload | None, bool]:
    """Read what lies there, and whether it is being worked on."""
    upload, at_work = shelf.look(), shelf.is_at_work()
    if upload and upload.task and not at_work:  # it may have ended between the two looks
        at_work, upload = shelf.is_at_work(), shelf.look()
    return upload, at_work and bool(upload and upload.task)
