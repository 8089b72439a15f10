"""The week at a glance: what comes next, what waits for a word, what was last, and who reads it."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from newsletter.editors.roles import Role, may
from newsletter.web.editor.pages import editor_page
from newsletter.web.editor.time_left import time_left
from newsletter.web.editor.visits import ViewerPart
from newsletter.web.editor.week import gather
from newsletter.web.parts import ServicePart

router = APIRouter(include_in_schema=False)


@router.get("/editor")
def show(service: ServicePart, visit: ViewerPart) -> HTMLResponse:
    """Show the week."""
    week = gather(service, visit.now)
    return editor_page(
        service,
        visit,
        "home.html",
        week=week,
        left=time_left(week.begins, visit.now),
        standing=week.draft,
        may_say=may(visit.role, Role.EDITOR),
        passive=service.fence.objection(),
    )
