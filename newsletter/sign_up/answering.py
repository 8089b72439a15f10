"""Behind the door: each noted request is answered once, within the budgets, by a letter or by none."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, true
from sqlmodel import Session, col

from newsletter.notices import rows as notice_rows
from newsletter.notices.letters import LetterKind
from newsletter.sign_up import queue
from newsletter.sign_up.budgets import Budget, full_again, take_all
from newsletter.sign_up.limits import MAILBOX_DAILY, MAILBOX_MONTHLY, Limits
from newsletter.sign_up.models import SignUpRequest
from subscribers import signup
from subscribers.address import Address
from subscribers.consent import Consent, ConsentEvent
from subscribers.profile import Profile
from subscribers.states import ON_THE_LIST


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of one request.

    Attributes:
        letter: which kind of letter will leave, if one will.
        used_up: the budget that had nothing left for it, if one had not.
    """

    letter: LetterKind | None = None
    used_up: Budget | None = None


def answer_next(
    session: Session, limits: Limits, *, pepper: bytes, now: datetime
) -> Answered | None:
    """Answer one request whose time has come, in one transaction.

    Returns:
        What became of it; None when nobody waits.
    """
    request = queue.next_due(session, now)
    if request is None:
        return None
    refused = take_all(session, list(limits.of_letter(request, pepper)), now)
    if refused is None:
        queue.remove(session, request)
        return Answered(letter=_answer(session, request, pepper=pepper, now=now))
    budget, key = refused
    if budget in (MAILBOX_DAILY, MAILBOX_MONTHLY):
        queue.remove(session, request)  # this mailbox has had its letter
    else:
        until = full_again(session, budget, key, now)
        queue.postpone(session, _sharing(budget, request, limits), until)
    return Answered(used_up=budget)


def _answer(
    session: Session, request: SignUpRequest, *, pepper: bytes, now: datetime
) -> LetterKind | None:
    asked = signup.request(
        session,
        Address.parse(request.email),
        consent=Consent(
            event=ConsentEvent.REQUESTED,
            source=request.source,
            at=request.asked_at,
            wording=request.wording,
            wording_version=request.wording_version,
            privacy_version=request.privacy_version,
            origin=request.network,
        ),
        pepper=pepper,
        profile=Profile(
            name=request.name,
            timezone=request.timezone,
            tags=tuple(request.tags),
            source=request.source,
        ),
    )
    reader = asked.subscriber
    if reader is None:
        return None
    kind = LetterKind.CONFIRM if asked.mail_due else LetterKind.SUBSCRIBED
    if kind is LetterKind.SUBSCRIBED and reader.state not in ON_THE_LIST:
        return None
    key = f"{kind} {request.asked_at:%Y-%m-%dT%H:%M:%S}"
    notice_rows.write_to(session, reader.public_id, kind, key=key, now=now)
    return kind


def _sharing(budget: Budget, request: SignUpRequest, limits: Limits) -> ColumnElement[bool]:
    """Give those who wait for the same budget."""
    if budget in (limits.domain, limits.domain_daily):
        return col(SignUpRequest.domain) == request.domain
    if budget == limits.network:
        return col(SignUpRequest.network) == request.network
    if budget == limits.unproven:
        return ~col(SignUpRequest.proven)
    return true()
