"""What becomes of copies in doubt, decided with one button: GET shows what is known, only POST acts.

Whoever gets the notices needs no account, so the link is the whole authority: whoever has the notice
may decide, and the log says no more about who it was than that. What the command ``issue decide`` does is done
here, once: a button says what its page has shown, and does nothing when that is not so any more.
"""

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse

from newsletter.editor_notices.decide_links import DECIDE_WITHIN, is_about
from newsletter.issues import store
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState
from newsletter.service import Service
from newsletter.web.decide_view import known_of
from newsletter.web.deciding import Came, decide
from newsletter.web.parts import FormPart, ServicePart, page
from subscribers.errors import ExpiredToken, SubscriberError
from subscribers.tokens import Claims, Purpose

router = APIRouter(include_in_schema=False)

ACTOR = "a link from a notice"
"""Who decided, as the log says it."""


@router.get("/decide/{token}")
def ask(service: ServicePart, token: str) -> HTMLResponse:
    """Show what is in doubt, and two buttons; nothing changes, whoever opens the link."""
    try:
        claims, issue = _opened(service, token)
    except ExpiredToken:
        return _too_late(service)
    return _as_it_is(service, issue, claims)


@router.post("/decide/{token}")
def act(service: ServicePart, token: str, form: FormPart) -> HTMLResponse:
    """Do what the form's ``verdict`` says about what the form's page has ``seen``, once."""
    try:
        claims, issue = _opened(service, token)
    except ExpiredToken:
        return _too_late(service)
    decided = decide(service, issue.number, form, actor=ACTOR)
    if decided.came is not Came.DECIDED:
        return _as_it_is(service, issue, claims, decided.came)
    after = service.desk.issue(issue.number)
    return page(
        service,
        "decided.html",
        number=issue.number,
        copies=decided.copies,
        verdict=decided.verdict,
        paused=after.state == IssueState.HELD,
    )


def _opened(service: Service, token: str) -> tuple[Claims, Issue]:
    """Open a token and find the issue that it is about.

    Raises:
        HTTPException: 404 for a token that is none of ours, or about an issue that is not there.
        ExpiredToken: for a genuine one that is too old.
    """
    try:
        claims = service.signer.open(
            token, Purpose.DECIDE, epoch_of=lambda _: 0, now=service.clock()
        )
        with service.database.reading() as session:
            issue = store.get(session, claims.issue)
    except ExpiredToken:
        raise
    except (SubscriberError, store.NoSuchIssue):
        raise HTTPException(404) from None
    if not is_about(claims, issue):
        raise HTTPException(404)
    return claims, issue


_STATUS = {Came.UNCLEAR: 422, Came.PASSIVE: 503, Came.SILENT: 503}


def _as_it_is(
    service: Service, issue: Issue, claims: Claims, came: Came | None = None
) -> HTMLResponse:
    """Show how things stand; without buttons where nothing is in doubt, or nothing may be done."""
    known = known_of(service, issue)
    if known is None:
        return page(service, "decide_over.html", number=issue.number)
    window = service.window
    return page(
        service,
        "decide.html",
        status=_STATUS.get(came, 200) if came else 200,
        number=issue.number,
        known=known,
        came=came,
        until=window.local(claims.expires) if claims.expires else None,
        zone=window.zone,
    )


def _too_late(service: Service) -> HTMLResponse:
    hours = int(DECIDE_WITHIN.total_seconds()) // 3600
    return page(service, "decide_gone.html", status=410, hours=hours)
