"""An issue while it leaves: how far it is, and a stream of the same for a page that stays open."""

from collections.abc import Collection, Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, StreamingResponse

from newsletter.editors import sessions
from newsletter.editors.roles import Role, may
from newsletter.service import Service
from newsletter.web.editor.issue.issues import Number, issue_or_404
from newsletter.web.editor.issue.standing import can_be_sent
from newsletter.web.editor.leaving.listening import Listeners, Read, Reading
from newsletter.web.editor.leaving.progress import Progress, gather
from newsletter.web.editor.pages import editor_page
from newsletter.web.editor.visits import ViewerPart
from newsletter.web.parts import ServicePart

router = APIRouter(include_in_schema=False)

LOOK_AGAIN = 5
"""Seconds after which a page without script looks again by itself while letters leave."""

_DONE: Mapping[str, str] = {
    "paused": "It is paused: the batch that was under way still leaves, and nothing after it.",
    "resumed": "It goes on: the next batch leaves within half a minute.",
    "cancelled": "It is cancelled. Who had it, has it; nobody else gets it.",
    "sent": "It leaves: the first batch within half a minute.",
    "resend": "Decided: they are queued, and leave with the next batches.",
    "left": "Decided: they stay without it, and nothing more is sent to them.",
}
_NOT_NOW = "Nothing was changed: that cannot be done with it as it stands now."


def _listeners(request: Request) -> Listeners:
    listeners: Listeners = request.app.state.listeners
    return listeners


def _number_of_issue(service: ServicePart, number: Number) -> int:
    """Refuse a number that no issue has, while that can still be answered."""
    with service.database.reading() as session:
        return issue_or_404(session, number).number


@router.get("/editor/issues/{number}/live")
def show(service: ServicePart, visit: ViewerPart, number: Number, done: str = "") -> HTMLResponse:
    """Show how far an issue is, what it waits for, and what can be done about it."""
    with service.database.reading() as session:
        issue = issue_or_404(session, number)
        progress = gather(session, service, issue, visit.now)
    return editor_page(
        service,
        visit,
        "live.html",
        progress=progress,
        can_be_sent=can_be_sent(service.desk, issue, visit.now),
        may_say=may(visit.role, Role.EDITOR),
        again=LOOK_AGAIN,
        news=_DONE.get(done, ""),
        problem=_NOT_NOW if done == "not-now" else "",
    )


@router.get("/editor/issues/{number}/events")
async def events(
    visit: ViewerPart,
    listeners: Annotated[Listeners, Depends(_listeners)],
    number: Annotated[int, Depends(_number_of_issue)],
    seen: str = "",
) -> StreamingResponse:
    """Tell how far an issue is as long as somebody listens."""
    if not listeners.has_room(visit):
        raise HTTPException(503)
    return StreamingResponse(
        listeners.listen(number, visit, seen),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no"},
    )


def reader_of(service: Service) -> Read:
    """Give what reads an issue for all who listen to it."""

    def read(number: int, ids: Collection[int]) -> Reading:
        now = service.clock()
        with service.database.reading() as session:
            progress = gather(session, service, issue_or_404(session, number), now)
            over = sessions.over_among(session, ids, now=now)
        return Reading(_figures(service, progress), progress.seen, not progress.is_under_way, over)

    return read


def _figures(service: Service, progress: Progress) -> str:
    page = editor_page(service, None, "live_figures.html", progress=progress)
    return bytes(page.body).decode()
