"""The issues, and one of them: where it stands, what preflight found, what it holds, its history."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlmodel import Session

from newsletter.delivery.books import are_gone
from newsletter.editors import accounts, mailboxes
from newsletter.editors.acts import Act
from newsletter.editors.roles import Role, may
from newsletter.issues import frozen, life, store
from newsletter.issues.models import Issue
from newsletter.preflight import samples
from newsletter.rendering.rendered import HTML_BUDGET
from newsletter.service import Service
from newsletter.web.editor.issue.acting import noted
from newsletter.web.editor.issue.findings import by_level
from newsletter.web.editor.issue.standing import can_be_sent, standing
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

_DONE: Mapping[str, str] = {
    "approved": "It is approved, exactly as it is. Any change takes that back.",
    "held": "It is held: it does not leave before somebody releases it.",
    "released": "It is released, and a draft again.",
    "cancelled": "It is cancelled: nobody gets it.",
    "checked": "Preflight has looked at it.",
}
_NOT_DONE: Mapping[str, str] = {
    "changed": "Nothing was changed: it is not what you looked at any more. This is how it stands now.",
    "found": "It is not approved: preflight looked once more and found what was not shown before. "
    "Read it, and approve it then.",
    "blocked": "It is not approved: preflight blocks it. What it found has to be mended.",
    "not-now": "Nothing was changed: that cannot be done with it as it stands now.",
    "too-late": "It is not approved: its hour is over. It can still be sent by hand.",
    "none": "No mailbox is on the list: add one first.",
    "too-often": str(mailboxes.TooManyTests.__doc__),
    "passive": "Nothing leaves from this installation, and no test copy either.",
}


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
    """Show what is known of an issue, and what can be done with it."""
    with service.database.reading() as session:
        issue = issue_or_404(session, number)
        found = standing(session, service.desk, issue, visit.now)
        boxes = mailboxes.listed(session)
        approved = life.last_approved(session, issue)
        names = accounts.masked_names(session)
    view = frozen.readable(issue)
    books = service.dispatch.books(number) if issue.has_begun else None
    return editor_page(
        service,
        visit,
        "issue.html",
        standing=found,
        levels=by_level(issue, found.look) if found.look else {},
        view=view,
        was_approved=approved,
        books=books,
        are_gone=books is not None and are_gone(issue, books),
        can_be_sent=can_be_sent(service.desk, issue, visit.now),
        size=size_of(service, issue),
        budget=HTML_BUDGET,
        cut_at=CUT_AT,
        names=names,
        boxes=len(boxes),
        may_say=may(visit.role, Role.EDITOR),
        news=_tested(sent, of) if done == "tested" and of else _DONE.get(done, ""),
        problem=_NOT_DONE.get(done, ""),
    )


@router.post("/editor/issues/{number}/check")
def check(service: ServicePart, visit: EditorPart, number: Number) -> RedirectResponse:
    """Have preflight look now: at the letter, its surroundings and every link."""
    with service.database.reading() as session:
        issue = issue_or_404(session, number)
        is_over = standing(session, service.desk, issue, visit.now).is_over
    if is_over:
        return see(f"/editor/issues/{number}?done=not-now")
    service.desk.look(issue, beside=noted(visit, Act.ISSUE_CHECKED, number))
    return see(f"/editor/issues/{number}?done=checked#findings")


def issue_or_404(session: Session, number: int) -> Issue:
    """Give an issue.

    Raises:
        HTTPException: 404 when there is none of that number.
    """
    try:
        return store.get(session, number)
    except store.NoSuchIssue:
        raise HTTPException(404) from None


def size_of(service: Service, issue: Issue) -> int:
    """Count the bytes of the HTML part with a reader's links in it."""
    values = samples.sample(service.dispatch.sender.letterhead, issue, samples.Person()).values
    return len(frozen.rendered(issue).marked_html().fill_html(values).encode())


def _tested(sent: int, of: int) -> str:
    return f"{sent} of {of} test {'copy was' if of == 1 else 'copies were'} accepted."
