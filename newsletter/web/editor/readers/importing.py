"""Bringing a list in: uploaded, its columns looked at, tried out, imported, and taken back if need be."""

from dataclasses import replace
from pathlib import Path
from typing import IO

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, Response

from newsletter.editors.acts import Act, Actor
from newsletter.editors.sessions import Visit
from newsletter.service import Service
from newsletter.taking_back import undo_import
from newsletter.uploads.multipart import FilePart, NoMultipart
from newsletter.uploads.shelf import Task, Upload
from newsletter.web.editor.noting import note
from newsletter.web.editor.pages import see
from newsletter.web.editor.readers.import_page import HERE, came_in, import_page
from newsletter.web.editor.visits import FreshPart, OwnerPart
from newsletter.web.parts import Form, FormPart, ServicePart
from subscribers import import_log
from subscribers.csv_reading import COLUMNS, read_header
from subscribers.errors import ImportUnderWay, NoImportToUndo, UnreadableFile
from subscribers.import_log import new_ref

router = APIRouter(include_in_schema=False)

MOST_COLUMNS = 200
LONGEST_CONSENT = 500

_DONE = {
    "discarded": "The file is deleted.",
    "busy": "That has to wait: a list is being worked on.",
    "changed": "Something has changed since the page was opened. This is how things stand now.",
    "undone": "The import is taken back.",
    "not-undone": "There was nothing that could be taken back any more.",
}
_NO_FILE = "Choose a file first: a CSV with the names of its columns in the first line."
_NO_ADDRESSES = "Say which column holds the addresses, and each thing once at most."


@router.get("/editor/subscribers/import")
def show(service: ServicePart, visit: OwnerPart, done: str = "") -> HTMLResponse:
    """Show where an import stands."""
    return import_page(service, visit, news=_DONE.get(done, ""))


@router.post("/editor/subscribers/import")
async def upload(request: Request, service: ServicePart, visit: OwnerPart) -> Response:
    """Take a file in, straight to the disk; nothing is done with it yet."""
    if await run_in_threadpool(_is_taken, service):
        return see(f"{HERE}?done=changed")
    try:
        with service.workshop.shelf.receiving() as (file, path):
            part = await _receive(request, file)
            is_put = await run_in_threadpool(_put, service, visit, path, part)
    except (NoMultipart, UnreadableFile) as problem:
        told = _NO_FILE if isinstance(problem, NoMultipart) else str(problem)
        return await run_in_threadpool(import_page, service, visit, status=422, problem=told)
    except ImportUnderWay:
        return see(f"{HERE}?done=busy")
    return see(HERE if is_put else f"{HERE}?done=changed")


@router.post("/editor/subscribers/import/try")
def try_out(service: ServicePart, visit: OwnerPart, form: FormPart) -> Response:
    """Try the list out with what is said about its columns and its people; nobody is added."""
    upload = _meant(service, form)
    if upload is None or upload.done or came_in(service, upload):
        return see(f"{HERE}?done=changed")
    columns = _columns(form, upload)
    if columns is None:
        return import_page(service, visit, status=422, problem=_NO_ADDRESSES)
    consent = " ".join(form.get("consent", "").split())[:LONGEST_CONSENT]
    # Under a new name, so that whoever saw what another trial came to does not import this one.
    chosen = replace(upload, ref=new_ref(), columns=columns, consent=consent, rehearsed=None)
    return _begin(service, visit, chosen, Task.REHEARSAL, shown=upload.ref)


@router.post("/editor/subscribers/import/go")
def go_on(service: ServicePart, visit: OwnerPart, _: FreshPart, form: FormPart) -> Response:
    """Import the list as it was tried out."""
    upload = _meant(service, form)
    if upload is None or upload.rehearsed is None:
        return see(f"{HERE}?done=changed")
    return _begin(service, visit, upload, Task.IMPORT, shown=upload.ref)


@router.post("/editor/subscribers/import/discard")
def discard(service: ServicePart, visit: OwnerPart, form: FormPart) -> Response:
    """Delete the list, or what is told of the last one."""
    shelf = service.workshop.shelf
    try:
        with shelf.working():
            if _meant(service, form) is None:
                return see(f"{HERE}?done=changed")
            shelf.clear()
    except ImportUnderWay:
        return see(f"{HERE}?done=busy")
    _note(service, visit, Act.LIST_DISCARDED)
    return see(f"{HERE}?done=discarded")


@router.post("/editor/subscribers/import/undo")
def undo(service: ServicePart, visit: OwnerPart, _: FreshPart, form: FormPart) -> Response:
    """Take the last import back, if it is still the one that was meant."""
    shelf = service.workshop.shelf
    try:
        with shelf.working(), service.database.writing() as session:
            last = import_log.last(session)
            done = undo_import(session, now=visit.now, ref=form.get("ref", ""))
            detail = (
                f"{done.removed} removed, {done.restored} as before, {done.kept} left as they are"
            )
            which = f"import {last.number if last else 0}"
            note(session, visit, Act.IMPORT_UNDONE, which, detail)
    except NoImportToUndo:
        return see(f"{HERE}?done=not-undone")
    except ImportUnderWay:
        return see(f"{HERE}?done=busy")
    return see(f"{HERE}?done=undone")


def _meant(service: Service, form: Form) -> Upload | None:
    """Give the list that a form's page has shown; None when that does not lie there any more."""
    lies = service.workshop.shelf.look()
    return lies if lies and lies.ref == form.get("ref") else None


def _is_taken(service: Service) -> bool:
    lies = service.workshop.shelf.look()
    return lies is not None and lies.done is None and not came_in(service, lies)


async def _receive(request: Request, file: IO[bytes]) -> FilePart:
    part = FilePart(request.headers.get("content-type", ""), "file")
    async for piece in request.stream():
        for content in part.feed(piece):
            file.write(content)
    file.flush()
    if not part.is_whole or not file.tell():
        raise NoMultipart
    return part


def _put(service: Service, visit: Visit, path: Path, part: FilePart) -> bool:
    """Read what the columns are called, and lay the file where the work on it begins.

    Returns:
        False when another list was quicker.
    """
    with path.open("rb") as arrived:
        header = read_header(arrived)
    if len(header.names) > MOST_COLUMNS:
        raise UnreadableFile(f"The file has more than {MOST_COLUMNS} columns.")
    size = path.stat().st_size
    brought = Upload(
        ref=new_ref(),
        at=visit.now,
        file_name=part.file_name or "a file",
        size=size,
        names=list(header.names),
        columns=_each_once(header.columns),
    )
    with service.workshop.shelf.working():
        if _is_taken(service):
            return False
        service.workshop.shelf.put(path, brought)
    _note(service, visit, Act.LIST_UPLOADED, detail=f"of {-(-size // 1000)} kB")
    return True


def _note(service: Service, visit: Visit, act: Act, *, detail: str = "") -> None:
    with service.database.writing() as session:
        note(session, visit, act, "a list", detail)


def _begin(service: Service, visit: Visit, upload: Upload, task: Task, *, shown: str) -> Response:
    actor = Actor.of(visit.editor)
    try:
        begun = service.workshop.begin(upload, task, actor, shown=shown, now=visit.now)
    except ImportUnderWay:
        return see(f"{HERE}?done=busy")
    return see(HERE if begun else f"{HERE}?done=changed")


def _columns(form: Form, upload: Upload) -> list[str | None] | None:
    """Read which column is what; None when no column, or more than one, holds the addresses."""
    chosen = [form.get(f"column-{place}", "") for place in range(len(upload.names))]
    columns = [one if one in COLUMNS else None for one in chosen]
    named = [one for one in columns if one]
    return columns if "email" in named and len(named) == len(set(named)) else None


def _each_once(columns: tuple[str | None, ...]) -> list[str | None]:
    """Leave out what a file names twice; the first counts, as in a line."""
    return [one if one not in columns[:place] else None for place, one in enumerate(columns)]
