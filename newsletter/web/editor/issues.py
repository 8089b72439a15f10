"""One issue: its facts, what preflight found with the way to each spot, its size, and its history."""

from collections.abc import Iterator, Mapping
from typing import Annotated, NamedTuple

from fastapi import APIRouter, HTTPException, Path, Query
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from newsletter.editors import acts, mailboxes
from newsletter.editors.acts import Act, Actor
from newsletter.issues import frozen, store
from newsletter.issues.models import Issue
from newsletter.issues.store import NoSuchIssue
from newsletter.preflight import samples
from newsletter.previews import reports
from newsletter.previews.reports import Report
from newsletter.previews.spots import Spot, spot
from newsletter.rendering.checks import Finding
from newsletter.rendering.letter import HTML_BUDGET
from newsletter.service import Service
from newsletter.web.editor.pages import editor_page, see
from newsletter.web.editor.visits import EditorPart, ViewerPart
from newsletter.web.parts import ServicePart

router = APIRouter(include_in_schema=False)

ON_A_PAGE = 30
CUT_AT = 102_000
"""Bytes of HTML from which on Gmail shows no more."""

Number = Annotated[int, Path(ge=1, le=65535)]
Before = Annotated[int | None, Query(ge=1, le=65535)]
Count = Annotated[int, Query(ge=0, le=mailboxes.MOST)]

_LEVELS: Mapping[str, str] = {
    "block": "Keeps it from leaving",
    "hold": "Waits for an editor’s word",
    "note": "Told only",
}
_DONE = {
    "checked": "Preflight has looked at it.",
    "none": "No mailbox is on the list: add one first.",
    "too-often": str(mailboxes.TooManyTests.__doc__),
    "passive": "Nothing leaves from this installation, and no test copy either.",
}


class Found(NamedTuple):
    """A finding and the way to where it is."""

    finding: Finding
    spot: Spot | None


@router.get("/editor/issues")
def listed(service: ServicePart, visit: ViewerPart, before: Before = None) -> HTMLResponse:
    """List the issues, newest first, a page at a time."""
    with service.database.reading() as session:
        found = store.headings(session, ON_A_PAGE + 1, before=before)
    shown = found[:ON_A_PAGE]
    older = shown[-1].number if len(found) > ON_A_PAGE else None
    return editor_page(service, visit, "issues.html", issues=shown, older=older, before=before)


@router.get("/editor/issues/{number}")
def show(
    service: ServicePart,
    visit: ViewerPart,
    number: Number,
    done: str = "",
    sent: Count = 0,
    of: Count = 0,
) -> HTMLResponse:
    """Show what is known of an issue."""
    with service.database.reading() as session:
        issue = issue_or_404(session, number)
        report = reports.latest(session, issue)
        history = store.history(session, issue)
        boxes = mailboxes.listed(session)
        approved = store.last_approved(session, issue)
    view = frozen.readable(issue)
    return editor_page(
        service,
        visit,
        "issue.html",
        issue=issue,
        view=view,
        report=report,
        levels=_by_level(issue, report) if report else {},
        is_approved=issue.approved_hash == store.content_hash(issue),
        was_approved=approved,
        books=service.dispatch.books(number) if issue.sending_at else None,
        size=size_of(service, issue),
        budget=HTML_BUDGET,
        cut_at=CUT_AT,
        history=history,
        boxes=len(boxes),
        news=_news(done, sent, of),
    )


@router.post("/editor/issues/{number}/preflight")
def check(service: ServicePart, visit: EditorPart, number: Number) -> Response:
    """Have preflight look at an issue as it is now: every rule, every link, the provider."""
    with service.database.reading() as session:
        issue = issue_or_404(session, number)
    findings = service.desk.preflight(issue)
    with service.database.writing() as session:
        reports.keep(session, issue, findings, now=visit.now)
        actor, subject = Actor.of(visit.editor), f"issue {number}"
        acts.note(session, actor, Act.PREFLIGHT_RUN, subject, now=visit.now)
    return see(f"/editor/issues/{number}?done=checked#findings")


def issue_or_404(session: Session, number: int) -> Issue:
    """Give an issue.

    Raises:
        HTTPException: 404 when there is none of that number.
    """
    try:
        return store.get(session, number)
    except NoSuchIssue:
        raise HTTPException(404) from None


def size_of(service: Service, issue: Issue) -> int:
    """Count the bytes of the HTML part with a reader's links in it."""
    values = samples.sample(service.dispatch.sender.letterhead, issue, samples.Person()).values
    return len(frozen.rendered(issue).marked_html().fill_html(values).encode())


def _by_level(issue: Issue, report: Report) -> dict[str, list[Found]]:
    found = list(_found(issue, report))
    levels = {
        words: [one for one in found if one.finding.level == level]
        for level, words in _LEVELS.items()
    }
    return {words: some for words, some in levels.items() if some}


def _found(issue: Issue, report: Report) -> Iterator[Found]:
    view = frozen.readable(issue) if report.is_current else None
    text = frozen.rendered(issue).text
    for finding in report.findings:
        yield Found(finding, spot(finding, view, text) if view else None)


def _news(done: str, sent: int, of: int) -> str:
    if done == "tested" and of:
        return f"{sent} of {of} test {'copy was' if of == 1 else 'copies were'} accepted."
    return _DONE.get(done, "")
