"""Votes: a letter's link shows the match-up with the answer filled in; only the button votes.

A link names the match-up by its place in the issue, in the parameter that says what to fill in:
``?a=3``, ``?b=3``, or ``?on=3`` for nothing.
"""

import re
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse

from newsletter.delivery.headers import TEST_TOKEN
from newsletter.service import Service
from newsletter.votes import polls
from newsletter.votes.polls import NoSuchPoll, Poll, PollClosed, PollUnreadable, VoterErased
from newsletter.votes.rules import Choice
from newsletter.web.links import opened
from newsletter.web.parts import FormPart, ServicePart, page
from subscribers.tokens import Claims, Purpose

router = APIRouter(include_in_schema=False)

_PLACE = re.compile(r"[1-9][0-9]{0,3}")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a link asks for: a place in the issue, and the answer to fill in.

    Attributes:
        place: as it is written; None for the whole issue.
        choice: None for no answer.
    """

    place: str | None
    choice: Choice | None


def _asked(request: Request) -> Asked:
    """Read the parameters of a link; one that names two places is none of ours.

    Raises:
        HTTPException: 404.
    """
    named = [(name, text) for name, text in request.query_params.multi_items()
             if name in ("a", "b", "on")]  # fmt: skip
    if len(named) > 1:
        raise HTTPException(404)
    if not named:
        return Asked(None, None)
    [(name, place)] = named
    return Asked(place, Choice.read(name))


AskedPart = Annotated[Asked, Depends(_asked)]


@router.get("/vote/{token}")
def ask(service: ServicePart, token: str, asked: AskedPart) -> HTMLResponse:
    """Show one match-up, or all of the issue; nothing is recorded, whoever opens the link."""
    if token == TEST_TOKEN:
        return page(service, "test_copy.html", leads_to="the match-up, with one button to vote")
    poll = _poll(service, opened(service, token, Purpose.VOTE))
    place = None if asked.place is None else _place(poll, asked.place)
    if poll.erased or not poll.is_open:
        return _no_more(service, poll, place, status=200)
    if place is None:
        return page(service, "vote_list.html", poll=poll)
    return _question(service, poll, place, asked.choice)


@router.post("/vote/{token}")
def act(service: ServicePart, token: str, form: FormPart, asked: AskedPart) -> HTMLResponse:
    """Record the answer in the form, or change the one that was there, and say so."""
    claims, choice = opened(service, token, Purpose.VOTE), Choice.read(form.get("choice"))
    poll = _poll(service, claims)
    place = _place(poll, asked.place or "")
    if choice is None:
        return _question(service, poll, place, None, missing=True)
    try:
        with service.database.writing() as session:
            poll = polls.vote(
                session,
                claims.public_id,
                claims.issue,
                place=place,
                choice=choice,
                now=service.clock(),
            )
    except (PollClosed, VoterErased):
        return _no_more(service, poll, place, status=410)
    return page(
        service, "voted.html", poll=poll, row=poll.match_up(place), place=place, choice=choice
    )


def _poll(service: Service, claims: Claims) -> Poll:
    try:
        with service.database.reading() as session:
            return polls.poll(session, claims.public_id, claims.issue, now=service.clock())
    except NoSuchPoll:
        raise HTTPException(404) from None
    except PollUnreadable:
        raise HTTPException(503) from None


def _place(poll: Poll, text: str) -> int:
    if not _PLACE.fullmatch(text) or int(text) > len(poll.issue.match_ups):
        raise HTTPException(404)
    return int(text)


def _question(
    service: Service, poll: Poll, place: int, choice: Choice | None, *, missing: bool = False
) -> HTMLResponse:
    given = poll.answer_on(place)
    return page(
        service,
        "vote.html",
        status=422 if missing else 200,
        poll=poll,
        row=poll.match_up(place),
        place=place,
        given=given,
        chosen=choice or given,
        missing=missing,
    )


def _no_more(service: Service, poll: Poll, place: int | None, *, status: int) -> HTMLResponse:
    """Say that nothing is recorded any more, and lead to the issue."""
    row = None if place is None else poll.match_up(place)
    return page(service, "vote_closed.html", status=status, poll=poll, row=row)
