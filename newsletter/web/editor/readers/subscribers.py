"""The list: how many there are, one of them found, all of them taken away as a file."""

import tempfile
from collections.abc import Iterator
from io import TextIOWrapper
from typing import IO

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response, StreamingResponse
from sqlmodel import Session

from newsletter.editors import acts
from newsletter.editors.acts import Act
from newsletter.service import Service
from newsletter.web.editor.noting import note
from newsletter.web.editor.pages import editor_page, see
from newsletter.web.editor.visits import FreshPart, OwnerPart, ViewerPart
from newsletter.web.parts import FormPart, ServicePart
from subscribers import queries
from subscribers.address import Address, address_hash
from subscribers.errors import InvalidAddress
from subscribers.exporting import write_csv
from subscribers.models import Subscriber
from subscribers.states import State
from subscribers.tokens import PUBLIC_ID_CHARACTERS

router = APIRouter(include_in_schema=False)

LIST = "/editor/subscribers"

MEANINGS = {
    State.ACTIVE: "get letters",
    State.PAUSED: "rest, and come back",
    State.PENDING: "were asked, and have not said yes",
    State.UNSUBSCRIBED: "left",
    State.BOUNCED: "have a mailbox that refuses letters",
    State.COMPLAINED: "called a letter spam",
    State.SUPPRESSED: "must not be written to",
    State.ERASED: "are forgotten",
}

_FOUND = {
    "nobody": "Nobody on the list has this address or id.",
    "suppressed": "Nobody on the list has this address; it is on the suppression list.",
}
_PIECE = 1 << 16


@router.get("/editor/subscribers")
def show(service: ServicePart, visit: ViewerPart, found: str = "") -> HTMLResponse:
    """Show how many readers there are in each state, and where one of them is looked up."""
    return _page(service, visit, news=_FOUND.get(found, ""))


@router.post("/editor/subscribers/find")
def find(service: ServicePart, visit: ViewerPart, form: FormPart) -> Response:
    """Look somebody up by exact address or id, and note that; the address goes no further."""
    wanted = form.get("wanted", "").strip()
    try:
        with service.database.writing() as session:
            reader, place = _find(session, wanted, service.pepper)
            subject = acts.reader(reader.public_id) if reader else place
            note(session, visit, Act.LOOKED_UP, subject)
    except InvalidAddress as problem:
        return _page(service, visit, status=422, problem=str(problem), wanted=wanted)
    return see(f"{LIST}/{reader.public_id}" if reader else f"{LIST}?found={place}")


@router.post("/editor/subscribers/export")
def export(service: ServicePart, visit: OwnerPart, _: FreshPart) -> Response:
    """Give everybody who was not erased as a file, the same as the command writes.

    It is written to a file without a name first: so the database is done with before the first
    byte leaves, however slowly somebody takes it, and no more of it is in memory than a piece.
    """
    spooled = tempfile.TemporaryFile()  # noqa: SIM115  # closed when the last piece has left
    try:
        text = TextIOWrapper(spooled, encoding="utf-8", newline="", write_through=True)
        with service.database.reading() as session:
            written = write_csv(session, text)
        text.detach()
        with service.database.writing() as session:
            note(session, visit, Act.LIST_EXPORTED, f"{written} readers")
    except BaseException:
        spooled.close()
        raise
    day = service.window.local(visit.now).date()
    name = f'attachment; filename="readers-{day}.csv"'
    headers = {"Content-Disposition": name, "Content-Length": str(spooled.tell())}
    return StreamingResponse(
        _pieces(spooled), media_type="text/csv; charset=utf-8", headers=headers
    )


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


def _find(session: Session, wanted: str, pepper: bytes) -> tuple[Subscriber | None, str]:
    """Find somebody; else say where what was typed stands."""
    if "@" not in wanted:
        known = len(wanted) == PUBLIC_ID_CHARACTERS
        return queries.by_public_id(session, wanted) if known else None, "nobody"
    address = Address.parse(wanted)
    reader = queries.by_address(session, address)
    hashed = address_hash(address.key, pepper)
    suppressed = reader is None and queries.suppression_of(session, hashed) is not None
    return reader, "suppressed" if suppressed else "nobody"


def _page(
    service: Service,
    visit: ViewerPart,
    *,
    status: int = 200,
    news: str = "",
    problem: str = "",
    wanted: str = "",
) -> HTMLResponse:
    with service.database.reading() as session:
        counts = queries.counts(session)
    return editor_page(
        service,
        visit,
        "subscribers.html",
        status=status,
        counts=[(state, counts[state], meaning) for state, meaning in MEANINGS.items()],
        total=sum(number for state, number in counts.items() if state != State.ERASED),
        news=news,
        problem=problem,
        wanted=wanted,
    )
