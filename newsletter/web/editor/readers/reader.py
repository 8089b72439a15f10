"""One reader: what they want, what happened, and what an editor may do for them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from newsletter import personal_data, timeline
from newsletter.editors import accounts, acts
from newsletter.editors.acts import Act, Actor
from newsletter.editors.roles import Role, may
from newsletter.editors.sessions import Visit
from newsletter.service import Service
from newsletter.timeline import Key
from newsletter.web.editor.pages import editor_page, see
from newsletter.web.editor.readers import timeline_words
from newsletter.web.editor.readers.subscribers import LIST
from newsletter.web.editor.visits import EditorPart, FreshPart, OwnerPart, ViewerPart
from newsletter.web.parts import FormPart, ServicePart
from subscribers import consent, queries, withdrawing
from subscribers.address import Address, mask
from subscribers.models import Subscriber
from subscribers.states import State
from subscribers.suppression import release as release_address
from subscribers.suppression import suppress as suppress_address
from subscribers.tokens import PUBLIC_ID_CHARACTERS
from subscribers.unsubscribe import unsubscribe as unsubscribe_person

router = APIRouter(include_in_schema=False)

ON_A_PAGE = 40
SEEN_FOR = timedelta(minutes=10)
"""So long an address that somebody asked to see is shown to them."""

LONGEST_REASON = 200

PublicId = Annotated[str, Path(pattern=rf"^[A-Za-z0-9_-]{{{PUBLIC_ID_CHARACTERS}}}$")]
Before = Annotated[str, Query(max_length=60)]

_DONE = {
    "suppressed": "No letter goes to this reader any more, whatever a form or an import says.",
    "released": "The block is lifted. Letters still need the reader’s own yes.",
    "unsubscribed": "The reader has left; only their own new yes brings them back.",
    "withdrawn": "The links in all letters so far lead nowhere now, except those for leaving.",
    "erased": "Everything personal is deleted. A keyed hash of the address stays, so that no import brings it back.",
    "same": "That was so before; nothing has changed.",
    "sure": "Nothing was erased: the box was not ticked.",
    "reason": "Say why, in a few words and without an address. Nothing was changed.",
}


@router.get("/editor/subscribers/{public_id}")
def show(
    service: ServicePart,
    visit: ViewerPart,
    public_id: PublicId,
    before: Before = "",
    done: str = "",
) -> HTMLResponse:
    """Show a reader and what happened with them, newest first."""
    key = Key.read(before)
    with service.database.reading() as session:
        reader = _require(session, public_id)
        lines = timeline.newest(session, reader, ON_A_PAGE + 1, before=key)
        suppression = queries.suppression_of(session, reader.address_hash or "")
        seen = _has_asked_to_see(session, visit, reader)
        names = accounts.names(session)
    told = [timeline_words.told(line, names) for line in lines[:ON_A_PAGE]]
    return editor_page(
        service,
        visit,
        "reader.html",
        reader=reader,
        address=_shown(reader, whole=seen),
        seen=seen,
        suppression=suppression,
        note=timeline_words.masked(suppression.note) if suppression else "",
        attributes=timeline_words.masked(
            ", ".join(f"{k}: {v}" for k, v in reader.attributes.items())
        ),
        source=timeline_words.masked(reader.source),
        called=timeline_words.masked(reader.name),
        lines=told,
        before=key,
        older=lines[ON_A_PAGE - 1].key if len(lines) > ON_A_PAGE else None,
        may_edit=may(visit.role, Role.EDITOR),
        may_own=may(visit.role, Role.OWNER),
        can_release=suppression or reader.state in _CLOSED,
        news=_DONE.get(done, ""),
    )


@router.post("/editor/subscribers/{public_id}/address")
def see_address(service: ServicePart, visit: EditorPart, public_id: PublicId) -> Response:
    """Note that somebody wants to see the whole address, which their page then shows for a while."""
    with service.database.writing() as session:
        reader = _require(session, public_id)
        _note(session, visit, Act.ADDRESS_SEEN, reader)
    return see(f"{LIST}/{public_id}")


@router.post("/editor/subscribers/{public_id}/suppress")
def suppress(
    service: ServicePart, visit: EditorPart, public_id: PublicId, form: FormPart
) -> Response:
    """Keep a reader from getting letters."""
    reason = reason_in(form)
    if not reason:
        return see(f"{LIST}/{public_id}?done=reason")
    return _act(
        service, visit, public_id, (Act.READER_SUPPRESSED, "suppressed"),
        lambda session, reader: suppress_address(
            session, _address(reader), pepper=service.pepper, now=visit.now, note=reason
        ),
    )  # fmt: skip


@router.post("/editor/subscribers/{public_id}/release")
def release(
    service: ServicePart, visit: EditorPart, public_id: PublicId, form: FormPart
) -> Response:
    """Lift a suppression, a bounce or a complaint."""
    reason = reason_in(form)
    if not reason:
        return see(f"{LIST}/{public_id}?done=reason")
    return _act(
        service, visit, public_id, (Act.READER_RELEASED, "released"),
        lambda session, reader: release_address(
            session, _address(reader), pepper=service.pepper, now=visit.now, reason=reason
        ),
    )  # fmt: skip


@router.post("/editor/subscribers/{public_id}/unsubscribe")
def unsubscribe(service: ServicePart, visit: EditorPart, public_id: PublicId) -> Response:
    """Unsubscribe a reader who asked for it."""
    return _act(
        service, visit, public_id, (Act.READER_UNSUBSCRIBED, "unsubscribed"),
        lambda session, reader: not unsubscribe_person(
            session, reader.public_id, now=visit.now, source="operator",
            actor=consent.Actor.OPERATOR,
        ).already,
    )  # fmt: skip


@router.post("/editor/subscribers/{public_id}/withdraw-links")
def withdraw(service: ServicePart, visit: EditorPart, public_id: PublicId) -> Response:
    """Let all links in a reader's letters lead nowhere, except those for leaving."""
    return _act(
        service, visit, public_id, (Act.LINKS_WITHDRAWN, "withdrawn"),
        lambda session, reader: bool(withdrawing.withdraw_links(session, reader.public_id)),
    )  # fmt: skip


@router.get("/editor/subscribers/{public_id}/erase")
def ask_to_erase(service: ServicePart, visit: OwnerPart, public_id: PublicId) -> HTMLResponse:
    """Ask once more, and say what would be erased and what would stay."""
    with service.database.reading() as session:
        reader = _require(session, public_id)
    return editor_page(
        service, visit, "reader_erase.html", reader=reader, address=_shown(reader, whole=False)
    )


@router.post("/editor/subscribers/{public_id}/erase")
def erase(
    service: ServicePart, visit: OwnerPart, _: FreshPart, public_id: PublicId, form: FormPart
) -> Response:
    """Forget a reader; not without the box that says that this is meant."""
    if form.get("sure") != "yes":
        return see(f"{LIST}/{public_id}?done=sure")
    return _act(
        service, visit, public_id, (Act.READER_ERASED, "erased"),
        lambda session, reader: personal_data.erase(
            session, reader.public_id, now=visit.now, actor=consent.Actor.OPERATOR
        ),
    )  # fmt: skip


def reason_in(form: FormPart) -> str:
    """Give the reason that was typed; empty when there is none, or an address in it."""
    reason = " ".join(form.get("reason", "").split())[:LONGEST_REASON]
    return "" if "@" in reason else reason


def _act(
    service: Service,
    visit: Visit,
    public_id: str,
    called: tuple[Act, str],
    do: Callable[[Session, Subscriber], bool],
) -> Response:
    """Do something with a reader and note it, in one transaction; say on their page what came of it.

    Args:
        service: the service.
        visit: who does it.
        public_id: of the reader.
        called: the act, and what the page says afterwards.
        do: gives False when it was so before.
    """
    act, done = called

    def work(session: Session) -> bool:
        changed = do(session, _require(session, public_id))
        detail = "" if changed else "as before"
        subject = acts.reader(public_id)
        acts.note(session, Actor.of(visit.editor), act, subject, now=visit.now, detail=detail)
        return changed

    changed = service.database.write(work)
    return see(f"{LIST}/{public_id}?done={done if changed else 'same'}")


def _note(session: Session, visit: Visit, act: Act, reader: Subscriber) -> None:
    subject = acts.reader(reader.public_id)
    acts.note(session, Actor.of(visit.editor), act, subject, now=visit.now)


def _require(session: Session, public_id: str) -> Subscriber:
    reader = queries.by_public_id(session, public_id)
    if reader is None:
        raise HTTPException(404)
    return reader


def _address(reader: Subscriber) -> Address:
    if not reader.email:
        raise HTTPException(409)
    return Address.parse(reader.email)


def _has_asked_to_see(session: Session, visit: Visit, reader: Subscriber) -> bool:
    if not may(visit.role, Role.EDITOR):
        return False
    since = visit.now - SEEN_FOR
    subject, own = acts.reader(reader.public_id), visit.editor.number
    return acts.last_of(session, Act.ADDRESS_SEEN, subject, own, since=since) is not None


def _shown(reader: Subscriber, *, whole: bool) -> str:
    if not reader.email:
        return ""
    return reader.email if whole else mask(reader.email)


_CLOSED = frozenset({State.SUPPRESSED, State.COMPLAINED, State.BOUNCED})
