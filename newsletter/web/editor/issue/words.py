"""An editor's word about an issue: GET shows a button, POST acts, and only on what was shown."""

from collections.abc import Mapping

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse

from newsletter.editors.acts import Act, Actor
from newsletter.editors.sessions import Visit
from newsletter.errors import NewsletterError
from newsletter.issues.seen import ChangedMeanwhile
from newsletter.issues.states import ForbiddenIssueChange, IssueEvent, IssueState
from newsletter.preflight.passing import PreflightFailed
from newsletter.rendering.plain import plain
from newsletter.service import Service
from newsletter.web.editor.issue.acting import FoundMore, noted, refusing_what_is_new
from newsletter.web.editor.issue.issues import Number, issue_or_404
from newsletter.web.editor.issue.standing import Standing, Word, standing
from newsletter.web.editor.pages import editor_page, see
from newsletter.web.editor.visits import EditorPart
from newsletter.web.parts import FormPart, ServicePart

router = APIRouter(include_in_schema=False)

MOST_OF_A_REASON = 200
"""Characters of it that are kept."""


@router.get("/editor/issues/{number}/{word}")
def ask(service: ServicePart, visit: EditorPart, number: Number, word: Word) -> HTMLResponse:
    """Show the one button that a link in a letter is about; whoever opens it changes nothing."""
    found = _standing(service, visit, number)
    return editor_page(service, visit, "word.html", standing=found, word=word)


@router.post("/editor/issues/{number}/approve")
def approve(
    service: ServicePart, visit: EditorPart, number: Number, form: FormPart
) -> RedirectResponse:
    """Let an issue leave: the bytes that were shown, in spite of the findings that were shown."""
    before, seen = _standing(service, visit, number), form.get("seen", "")
    if _is_done_already(before, form.get("hash", "")):
        return _back(number, "approved")
    if before.is_too_late and not before.is_over:
        return _back(number, "too-late")
    try:
        service.desk.approve(
            number,
            actor=Actor.of(visit.editor).words,
            told=refusing_what_is_new(form.getlist("passing")),
            seen=seen,
            beside=noted(visit, Act.ISSUE_APPROVED, number, before.issue.content_hash[:12]),
        )
    except NewsletterError as refusal:
        return _back(number, _said(refusal))
    return _back(number, "approved")


@router.post("/editor/issues/{number}/hold")
def hold(
    service: ServicePart, visit: EditorPart, number: Number, form: FormPart
) -> RedirectResponse:
    """Keep an issue from leaving, whatever it has become since the page was opened."""
    reason = plain(form.get("reason", ""))[:MOST_OF_A_REASON]
    issue = _standing(service, visit, number).issue
    if issue.has_begun:
        return _back(number, "not-now")
    try:
        service.desk.change(
            number,
            IssueEvent.HELD,
            actor=Actor.of(visit.editor).words,
            reason=reason or "an editor wants to look at it",
            beside=noted(visit, Act.ISSUE_HELD, number),
        )
    except ForbiddenIssueChange as refusal:
        return _back(number, _said(refusal))
    return _back(number, "held")


@router.post("/editor/issues/{number}/release")
def release(
    service: ServicePart, visit: EditorPart, number: Number, form: FormPart
) -> RedirectResponse:
    """Take back a hold: the one that was shown, and no other that came since."""
    issue = _standing(service, visit, number).issue
    if issue.state == IssueState.DRAFT.value:
        return _back(number, "released")
    try:
        service.desk.change(
            number,
            IssueEvent.RELEASED,
            actor=Actor.of(visit.editor).words,
            seen=form.get("seen", ""),
            beside=noted(visit, Act.ISSUE_RELEASED, number),
        )
    except (ChangedMeanwhile, ForbiddenIssueChange) as refusal:
        return _back(number, _said(refusal))
    return _back(number, "released")


def _standing(service: Service, visit: Visit, number: int) -> Standing:
    with service.database.reading() as session:
        return standing(session, service.desk, issue_or_404(session, number), visit.now)


def _is_done_already(before: Standing, content_hash: str) -> bool:
    """Say whether these very bytes are approved: a button pressed twice, or by two editors."""
    is_approved = before.issue.state == IssueState.APPROVED.value
    return is_approved and before.issue.approved_hash == content_hash


def _said(refusal: NewsletterError) -> str:
    known: Mapping[type[NewsletterError], str] = {
        ChangedMeanwhile: "changed",
        FoundMore: "found",
        PreflightFailed: "blocked",
        ForbiddenIssueChange: "not-now",
    }
    if type(refusal) not in known:
        raise refusal
    return known[type(refusal)]


def _back(number: int, done: str) -> RedirectResponse:
    return see(f"/editor/issues/{number}?done={done}")
