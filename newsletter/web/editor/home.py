"""The first page behind the door: what comes next, what was last, and who is there to read it."""

from datetime import timedelta

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from newsletter.issues import store
from newsletter.web.editor.pages import editor_page
from newsletter.web.editor.visits import ViewerPart
from newsletter.web.parts import ServicePart
from subscribers import queries
from subscribers.states import State

router = APIRouter(include_in_schema=False)


@router.get("/editor")
def show(service: ServicePart, visit: ViewerPart) -> HTMLResponse:
    """Show the week."""
    desk = service.desk
    slot = desk.slots.next()
    with service.database.reading() as session:
        active = queries.counts(session).get(State.ACTIVE, 0)
        last = next(iter(store.published(session, most=1)), None)
    return editor_page(
        service,
        visit,
        "home.html",
        at=slot.instant,
        left=_left(slot.instant - visit.now),
        draft=desk.issue_of(slot),
        last=last,
        books=desk.dispatch.books(last.number) if last else None,
        doubts=desk.dispatch.doubts(last.number).copies if last else 0,
        readers=active,
        passive=service.fence.objection(),
    )


def _left(left: timedelta) -> str:
    """Say how long it is until then, in the two largest units."""
    minutes = max(left, timedelta(0)) // timedelta(minutes=1)
    days, hours = divmod(minutes // 60, 24)
    if days:
        return f"{_many(days, 'day')} and {_many(hours, 'hour')}"
    return f"{_many(hours, 'hour')} and {_many(minutes % 60, 'minute')}"


def _many(number: int, of: str) -> str:
    return f"{number} {of}{'' if number == 1 else 's'}"
