"""The letter before it leaves: its own bytes in a frame from which nothing gets out, or as text."""

from datetime import datetime

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from newsletter.content.addresses import provisional_slug
from newsletter.editions.offering import Offers
from newsletter.editors import acts
from newsletter.editors.acts import Act
from newsletter.editors.roles import Role, may
from newsletter.issues import frozen
from newsletter.issues.models import Issue
from newsletter.previews import looks
from newsletter.previews.looks import AS_TEXT, Look
from newsletter.rendering.dates import LANGUAGES
from newsletter.rendering.emulation import EMULATIONS
from newsletter.rendering.rendered import HTML_BUDGET
from newsletter.service import Service
from newsletter.web.editor.framing import framed, may_frame
from newsletter.web.editor.issue.issues import CUT_AT, Number, issue_or_404
from newsletter.web.editor.noting import note
from newsletter.web.editor.pages import editor_page, see
from newsletter.web.editor.previewing.asked import Asked
from newsletter.web.editor.previewing.seen import Seen, seen
from newsletter.web.editor.visits import EditorPart, ViewerPart
from newsletter.web.parts import FormPart, ServicePart
from schedules.waves import Waves
from subscribers import queries
from subscribers.address import Address
from subscribers.errors import InvalidAddress
from subscribers.profile import CADENCES
from subscribers.zones import zones_by_region

router = APIRouter(include_in_schema=False)


@router.get("/editor/issues/{number}/preview")
def show(
    service: ServicePart, visit: ViewerPart, request: Request, number: Number, missing: bool = False
) -> HTMLResponse:
    """Show the letter, and the ways to look at it."""
    asked = Asked.of(request.query_params)
    with service.database.reading() as session:
        issue = issue_or_404(session, number)
        shown = seen(service, visit, session, issue, asked)
        groups = {group for one in Offers(session).of(number) for group in one.groups}
    answer = editor_page(
        service,
        visit,
        "preview.html",
        seen=shown,
        asked=asked,
        issue=issue,
        looks=looks.WORDS,
        told=looks.TOLD[asked.look],
        is_text=asked.look in AS_TEXT,
        lines=_lines(shown, asked.look),
        broken=looks.broken(asked.look, shown.html),
        is_emulated=asked.look.value in EMULATIONS,
        size=len(shown.copy.html.encode()) if shown.copy else 0,
        budget=HTML_BUDGET,
        cut_at=CUT_AT,
        missing=missing,
        may_look_up=may(visit.role, Role.EDITOR),
        cadences=CADENCES,
        topics=sorted(groups | (asked.wishes.topics if asked.wishes else frozenset())),
        tools=_tools(issue),
        zones=zones_by_region(),
        languages=LANGUAGES,
        leaves_at=_leaves_at(service, issue, shown.zone),
    )
    return may_frame(answer)


@router.get("/editor/issues/{number}/raw")
def raw(service: ServicePart, visit: ViewerPart, request: Request, number: Number) -> Response:
    """Give the HTML for the frame."""
    asked = Asked.of(request.query_params)
    with service.database.reading() as session:
        issue = issue_or_404(session, number)
        shown = seen(service, visit, session, issue, asked)
    if asked.look in AS_TEXT or not shown.html:
        raise HTTPException(404)
    html = looks.shown(asked.look, shown.html)
    return framed(html, images=asked.look is not Look.NO_IMAGES)


@router.post("/editor/issues/{number}/preview/reader")
def look_up(service: ServicePart, visit: EditorPart, number: Number, form: FormPart) -> Response:
    """Find a reader by exact address, and go to their letter; the address stays out of the address."""
    try:
        address = Address.parse(form.get("email", ""))
    except InvalidAddress:
        address = None
    with service.database.writing() as session:
        issue_or_404(session, number)
        reader = queries.by_address(session, address) if address else None
        whose = acts.reader(reader.public_id) if reader else "nobody"
        note(session, visit, Act.LETTER_SEEN, whose, f"in issue {number}")
        found = f"reader={reader.public_id}" if reader else "missing=1"
    return see(f"/editor/issues/{number}/preview?{found}")


def _lines(shown: Seen, look: Look) -> list[str]:
    return {Look.TEXT: shown.text, Look.SOURCE: shown.source}.get(look, "").splitlines()


def _tools(issue: Issue) -> dict[str, str]:
    """Give the tools of an issue by name, and a slug by which each can be followed."""
    view = frozen.readable(issue)
    match_ups = view.match_ups if view else ()
    return {one.name: provisional_slug(one.name) for row in match_ups for _, one in row.tools}


def _leaves_at(service: Service, issue: Issue, zone: str | None) -> datetime:
    """Say when it leaves to somebody in a zone."""
    in_waves = service.dispatch.local_time
    return Waves(service.window, issue.local_date).at(zone if in_waves else None)
