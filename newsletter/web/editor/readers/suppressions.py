"""The suppression list: who must not be written to, and why. It knows most of them by a keyed hash only."""

from typing import Annotated, NamedTuple

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session, col, select

from newsletter.editors import acts
from newsletter.editors.acts import Act
from newsletter.editors.roles import Role, may
from newsletter.editors.sessions import Visit
from newsletter.service import Service
from newsletter.web.editor.noting import note
from newsletter.web.editor.pages import editor_page, see
from newsletter.web.editor.readers.reader_buttons import reason_in
from newsletter.web.editor.readers.timeline_words import masked
from newsletter.web.editor.visits import EditorPart, ViewerPart
from newsletter.web.parts import FormPart, ServicePart
from subscribers import queries
from subscribers.address import Address, address_hash, mask
from subscribers.errors import InvalidAddress
from subscribers.models import Subscriber, Suppression
from subscribers.suppression import release as release_address
from subscribers.suppression import suppress as suppress_address

router = APIRouter(include_in_schema=False)

ON_A_PAGE = 50
HERE = "/editor/subscribers/suppressions"

Number = Annotated[int | None, Query(ge=1, le=2**31 - 1)]


class Place(NamedTuple):
    """Which part of the list is looked at: what is older than a row, or only one row."""

    before: int | None = None
    row: int | None = None


NEWEST = Place()

_DONE = {
    "none": "This address is not on the suppression list.",
    "suppressed": "The address gets no letters any more.",
    "released": "The block is lifted. Letters still need the reader’s own yes.",
    "same": "That was so before; nothing has changed.",
}
_NO_REASON = "Say why, in a few words and without an address."


@router.get("/editor/subscribers/suppressions")
def show(
    service: ServicePart,
    visit: ViewerPart,
    before: Number = None,
    row: Number = None,
    done: str = "",
) -> HTMLResponse:
    """Show the list, newest first, or the one row that was looked up."""
    return _page(service, visit, place=Place(before, row), news=_DONE.get(done, ""))


@router.post("/editor/subscribers/suppressions/find")
def find(service: ServicePart, visit: ViewerPart, form: FormPart) -> Response:
    """Look an address up, and note that; only the number of its row goes further."""
    try:
        address = Address.parse(form.get("email", ""))
    except InvalidAddress as problem:
        return _page(service, visit, status=422, problem=str(problem))
    with service.database.writing() as session:
        found = queries.suppression_of(session, address_hash(address.key, service.pepper))
        subject = f"suppression {found.id}" if found else "no suppression"
        note(session, visit, Act.LOOKED_UP, subject)
    return see(f"{HERE}?row={found.id}" if found else f"{HERE}?done=none")


@router.post("/editor/subscribers/suppressions/add")
def add(service: ServicePart, visit: EditorPart, form: FormPart) -> Response:
    """Keep an address from ever getting letters, also one that was never on the list."""
    return _act(service, visit, form, Act.READER_SUPPRESSED)


@router.post("/editor/subscribers/suppressions/release")
def release(service: ServicePart, visit: EditorPart, form: FormPart) -> Response:
    """Lift what keeps an address from getting letters, also of one that is known by its hash only."""
    return _act(service, visit, form, Act.READER_RELEASED)


def _act(service: Service, visit: Visit, form: FormPart, act: Act) -> Response:
    pepper, now, reason = service.pepper, visit.now, reason_in(form)
    try:
        address = Address.parse(form.get("email", ""))
    except InvalidAddress as problem:
        return _page(service, visit, status=422, problem=str(problem))
    if not reason:
        return _page(service, visit, status=422, problem=_NO_REASON)

    def work(session: Session) -> bool:
        known = _named(session, address, pepper)  # a release takes its row away
        if act is Act.READER_SUPPRESSED:
            changed = suppress_address(session, address, pepper=pepper, now=now, note=reason)
        else:
            changed = release_address(session, address, pepper=pepper, now=now, reason=reason)
        whose = known or _named(session, address, pepper) or "an address that nobody here has"
        note(session, visit, act, whose, "" if changed else "as before")
        return changed

    changed = service.database.write(work)
    done = "suppressed" if act is Act.READER_SUPPRESSED else "released"
    return see(f"{HERE}?done={done if changed else 'same'}")


def _named(session: Session, address: Address, pepper: bytes) -> str:
    """Name whose address it is, as the log may: the reader, or the row; empty for nobody's."""
    if reader := queries.by_address(session, address):
        return acts.reader(reader.public_id)
    found = queries.suppression_of(session, address_hash(address.key, pepper))
    return f"suppression {found.id}" if found else ""


def _page(
    service: Service,
    visit: Visit,
    *,
    status: int = 200,
    place: Place = NEWEST,
    news: str = "",
    problem: str = "",
) -> HTMLResponse:
    before, row = place
    with service.database.reading() as session:
        found = _rows(session, before, row)
    shown = found[:ON_A_PAGE]
    return editor_page(
        service,
        visit,
        "suppressions.html",
        status=status,
        rows=[
            {
                "reason": one.reason,
                "at": one.created_at,
                "note": masked(one.note),
                "address": mask(reader.email or "") if reader else "",
                "public_id": reader.public_id if reader else "",
            }
            for one, reader in shown
        ],
        older=shown[-1][0].id if len(found) > ON_A_PAGE else None,
        only=row,
        before=before,
        may_edit=may(visit.role, Role.EDITOR),
        news=news,
        problem=problem,
    )


def _rows(
    session: Session, before: int | None, row: int | None
) -> list[tuple[Suppression, Subscriber | None]]:
    """Read some of the list with the readers it is about, where they are still known."""
    same = col(Subscriber.address_hash) == col(Suppression.address_hash)
    query = select(Suppression, Subscriber).join(Subscriber, same, isouter=True)
    if row is not None:
        query = query.where(Suppression.id == row)
    elif before is not None:
        query = query.where(col(Suppression.id) < before)
    found = session.exec(query.order_by(col(Suppression.id).desc()).limit(ON_A_PAGE + 1))
    return [(one, reader) for one, reader in found]
