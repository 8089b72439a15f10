"""Votes: a letter's link shows the match-up with the answer filled in; only the button votes."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from fastapi.responses import HTMLResponse

from newsletter.delivery.headers import TEST_TOKEN
from newsletter.rendering.views import Row
from newsletter.service import Service
from newsletter.votes import polls
from newsletter.votes.polls import NoSuchPoll, Poll, PollClosed, VoterErased
from newsletter.votes.rules import Choice
from newsletter.web.links import opened
from newsletter.web.parts import FormPart, ServicePart, page
from subscribers.tokens import Claims, Purpose

router = APIRouter(include_in_schema=False)

On = Annotated[str, Query(description="row id of the comparison")]
For = Annotated[str | None, Query(alias="for", description="the answer to fill in")]


@router.get("/vote/{token}")
def ask(service: ServicePart, token: str, on: On = "", choice: For = None) -> HTMLResponse:
    """Show one match-up, or all of the issue; nothing is recorded, whoever opens the link."""
    if token == TEST_TOKEN:
        return page(service, "test_copy.html", leads_to="the match-up, with one button to vote")
    poll = _poll(service, opened(service, token, Purpose.VOTE))
    row = _match_up(poll, on) if on else None
    if poll.erased or not poll.is_open:
        return _no_more(service, poll, row, status=200)
    if row is None:
        return page(service, "vote_list.html", poll=poll)
    return _question(service, poll, row, Choice.read(choice))


@router.post("/vote/{token}")
def act(service: ServicePart, token: str, form: FormPart, on: On = "") -> HTMLResponse:
    """Record the answer in the form, or change the one that was there, and say so."""
    claims, choice = opened(service, token, Purpose.VOTE), Choice.read(form.get("choice"))
    poll = _poll(service, claims)
    row = _match_up(poll, on)
    if choice is None:
        return _question(service, poll, row, None, missing=True)
    try:
        with service.database.writing() as session:
            poll = polls.vote(
                session,
                claims.public_id,
                claims.issue,
                comparison=on,
                choice=choice,
                now=service.clock(),
            )
    except (PollClosed, VoterErased):
        return _no_more(service, poll, row, status=410)
    return page(service, "voted.html", poll=poll, row=row, choice=choice)


def _poll(service: Service, claims: Claims) -> Poll:
    try:
        with service.database.reading() as session:
            return polls.poll(session, claims.public_id, claims.issue, now=service.clock())
    except NoSuchPoll:
        raise HTTPException(404) from None


def _match_up(poll: Poll, comparison: str) -> Row:
    try:
        return poll.match_up(comparison)
    except NoSuchPoll:
        raise HTTPException(404) from None


def _question(
    service: Service, poll: Poll, row: Row, choice: Choice | None, *, missing: bool = False
) -> HTMLResponse:
    given = poll.answers.get(row.entry_id)
    return page(
        service,
        "vote.html",
        status=422 if missing else 200,
        poll=poll,
        row=row,
        given=given,
        chosen=choice or given,
        missing=missing,
    )


def _no_more(service: Service, poll: Poll, row: Row | None, *, status: int) -> HTMLResponse:
    """Say that nothing is recorded any more, and lead to the issue."""
    return page(service, "vote_closed.html", status=status, poll=poll, row=row)
