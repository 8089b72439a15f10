"""The first page behind the door: what comes next, what was last, and who is there to read it."""

from datetime import timedelta

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from newsletter.issues.store import NoSuchIssue
from newsletter.service import Service
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
    slot = desk.next_slot()
    with service.database.reading() as session:
        active = queries.counts(session).get(State.ACTIVE, 0)
    try:
        last = desk.issue()
    except NoSuchIssue:
        last = None
    return editor_page(
        service,
        visit,
        "home.html",
        at=slot.instant,
        left=_left(slot.instant - visit.now),
        draft=desk.issue_of(slot),
        last=last,
        books=desk.dispatch.books(last.number) if last and last.sending_at else None,
        doubts=_doubts(service, last.number) if last and last.sending_at else 0,
        readers=active,
        passive=service.fence.objection(),
    )


def _doubts(service: Service, number: int) -> int:
    return service.dispatch.doubts(number).copies


def _left(left: timedelta) -> str:
    """Say how long it is until then, in the two largest units."""
    minutes = max(left, timedelta(0)) // timedelta(minutes=1)
    days, hours = divmod(minutes // 60, 24)
    if days:
        return f"{_many(days, 'day')} and {_many(hours, 'hour')}"
    return f"{_many(hours, 'hour')} and {_many(minutes % 60, 'minute')}"


def _many(number: int, of: str) -> str:
    return f"{number} {of}{'' if number == 1 else 's'}"
