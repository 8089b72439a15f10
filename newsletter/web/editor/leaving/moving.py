"""An issue is paused, goes on, is given up, or leaves now: by a button, and all but a pause asked first."""

from collections.abc import Mapping
from enum import StrEnum

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from newsletter.delivery.audience import EmptyAudience
from newsletter.delivery.rebuilding.rebuilt import NotRebuilt
from newsletter.delivery.timing import TooEarly
from newsletter.editors.acts import Act, Actor
from newsletter.editors.sessions import Visit
from newsletter.errors import NewsletterError
from newsletter.instance.fence import PassiveInstance
from newsletter.issues.models import Issue
from newsletter.issues.seen import ChangedMeanwhile
from newsletter.issues.states import ForbiddenIssueChange, IssueEvent, IssueState
from newsletter.preflight.passing import PreflightFailed
from newsletter.service import Service
from newsletter.unfinished import is_paused
from newsletter.web.editor.issue.acting import FoundMore, noted, refusing_what_is_new
from newsletter.web.editor.issue.issues import Number, issue_or_404
from newsletter.web.editor.issue.standing import can_be_sent, standing
from newsletter.web.editor.leaving.progress import gather
from newsletter.web.editor.pages import editor_page, see
from newsletter.web.editor.visits import EditorPart, FreshPart
from newsletter.web.parts import FormPart, ServicePart

router = APIRouter(include_in_schema=False)


class Move(StrEnum):
    """What is asked once before it is done; also the last part of the address of its button."""

    RESUME = "resume"
    CANCEL = "cancel"
    SEND = "send"


PROBLEMS: Mapping[str, str] = {
    "changed": "Nothing was changed: it does not stand where the page has shown it any more. This is how it stands now.",
    "not-now": "Nothing was changed: that cannot be done with it as it stands now.",
    "found": "Nothing was changed: preflight looked once more and found what was not shown before. Read it, and press again then.",
    "blocked": "Nothing was changed: preflight blocks it. What it found has to be mended.",
    "not-rebuilt": "Nothing was changed: it is not sure which readers have their copy already. Ask the provider with "
    "“newsletter issue rebuild {number}”; it says what to do.",
    "passive": "Nothing was changed: nothing may leave from this installation.",
    "nobody": "Nothing was changed: as wishes are now nobody would get it.",
    "too-early": "Nothing was changed: an editor has set a later time for it. See “newsletter issue window {number}”.",
}
"""What a page says of a button that did nothing; its commands name the issue by ``number``."""


@router.post("/editor/issues/{number}/pause")
def pause(service: ServicePart, visit: EditorPart, number: Number) -> RedirectResponse:
    """Stop an issue after the batch in flight, at one press and whatever has happened since."""
    issue = _issue(service, number)
    if is_paused(issue):
        return _live(number, "paused")
    try:
        service.desk.change(
            number,
            IssueEvent.PAUSED,
            actor=Actor.of(visit.editor).words,
            reason="paused by an editor",
            beside=noted(visit, Act.ISSUE_PAUSED, number),
        )
    except ForbiddenIssueChange:
        return _live(number, "paused" if is_paused(_issue(service, number)) else "not-now")
    return _live(number, "paused")


@router.get("/editor/issues/{number}/resume")
def ask_resume(
    service: ServicePart, visit: EditorPart, number: Number, problem: str = ""
) -> HTMLResponse:
    """Ask whether an issue shall go on."""
    return _ask(service, visit, number, Move.RESUME, problem)


@router.post("/editor/issues/{number}/resume")
def resume(service: ServicePart, visit: EditorPart, number: Number, form: FormPart) -> Response:
    """Go on with the issue that was shown, paused for what was shown."""
    if _issue(service, number).state == IssueState.SENDING.value:
        return _live(number, "resumed")
    try:
        service.desk.resume(
            number,
            actor=Actor.of(visit.editor).words,
            told=refusing_what_is_new(form.getlist("passing")),
            seen=form.get("seen", ""),
            beside=noted(visit, Act.ISSUE_RESUMED, number),
        )
    except NewsletterError as refusal:
        return _refused(number, Move.RESUME, refusal)
    return _live(number, "resumed")


@router.get("/editor/issues/{number}/cancel")
def ask_cancel(
    service: ServicePart, visit: EditorPart, _: FreshPart, number: Number, problem: str = ""
) -> HTMLResponse:
    """Ask whether an issue shall be given up, and say for how many that comes too late."""
    return _ask(service, visit, number, Move.CANCEL, problem)


@router.post("/editor/issues/{number}/cancel")
def cancel(
    service: ServicePart, visit: EditorPart, _: FreshPart, number: Number, form: FormPart
) -> Response:
    """Give an issue up for good."""
    issue = _issue(service, number)
    done = _live if issue.has_begun else _back
    if issue.state == IssueState.CANCELLED.value:
        return done(number, "cancelled")
    try:
        service.desk.change(
            number,
            IssueEvent.CANCELLED,
            actor=Actor.of(visit.editor).words,
            reason="cancelled by an editor",
            seen=form.get("seen", ""),
            beside=noted(visit, Act.ISSUE_CANCELLED, number),
        )
    except NewsletterError as refusal:
        return _refused(number, Move.CANCEL, refusal)
    return done(number, "cancelled")


@router.get("/editor/issues/{number}/send")
def ask_send(
    service: ServicePart, visit: EditorPart, _: FreshPart, number: Number, problem: str = ""
) -> HTMLResponse:
    """Ask whether an issue whose hour has come shall leave now, to everybody at once."""
    return _ask(service, visit, number, Move.SEND, problem)


@router.post("/editor/issues/{number}/send")
def send(
    service: ServicePart, visit: EditorPart, _: FreshPart, number: Number, form: FormPart
) -> Response:
    """Let an issue go whose hour has come: an approved one, or any that is too late to leave by itself."""
    issue = _issue(service, number)
    if issue.state == IssueState.SENDING.value:
        return _live(number, "sent")
    if not can_be_sent(service.desk, issue, visit.now):
        return _refused(number, Move.SEND, ForbiddenIssueChange())
    try:
        service.desk.begin(
            number,
            actor=Actor.of(visit.editor).words,
            told=refusing_what_is_new(form.getlist("passing")),
            seen=form.get("seen", ""),
            beside=noted(visit, Act.ISSUE_SENT, number, issue.content_hash[:12]),
        )
    except NewsletterError as refusal:
        return _refused(number, Move.SEND, refusal)
    return _live(number, "sent")


def _issue(service: Service, number: int) -> Issue:
    with service.database.reading() as session:
        return issue_or_404(session, number)


def _ask(service: Service, visit: Visit, number: int, move: Move, problem: str) -> HTMLResponse:
    with service.database.reading() as session:
        issue = issue_or_404(session, number)
        progress = gather(session, service, issue, visit.now)
        found = standing(session, service.desk, issue, visit.now)
    possible = {
        Move.RESUME: progress.way == "paused",
        Move.CANCEL: progress.is_under_way or not found.is_over,
        Move.SEND: can_be_sent(service.desk, issue, visit.now),
    }[move]
    return editor_page(
        service,
        visit,
        "live_ask.html",
        move=move,
        possible=possible,
        progress=progress,
        standing=found,
        readers=service.desk.forecast() if move is Move.SEND and possible else 0,
        is_owed=move is Move.RESUME and possible and service.dispatch.rebuilder.is_owed(number),
        problem=PROBLEMS.get(problem, "").format(number=number),
    )


def _refused(number: int, move: Move, refusal: NewsletterError) -> RedirectResponse:
    """Lead back to the question, where the reason is told."""
    known: Mapping[type[NewsletterError], str] = {
        ChangedMeanwhile: "changed",
        ForbiddenIssueChange: "not-now",
        FoundMore: "found",
        PreflightFailed: "blocked",
        NotRebuilt: "not-rebuilt",
        PassiveInstance: "passive",
        EmptyAudience: "nobody",
        TooEarly: "too-early",
    }
    if type(refusal) not in known:
        raise refusal
    return see(f"/editor/issues/{number}/{move}?problem={known[type(refusal)]}")


def _back(number: int, done: str) -> RedirectResponse:
    return see(f"/editor/issues/{number}?done={done}")


def _live(number: int, done: str) -> RedirectResponse:
    return see(f"/editor/issues/{number}/live?done={done}")
