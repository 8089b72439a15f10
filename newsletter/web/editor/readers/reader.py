"""One reader: what they want, what happened, and the buttons for what an editor may do for them."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from newsletter import timeline
from newsletter.editors import accounts, acts
from newsletter.editors.acts import Act
from newsletter.editors.roles import Role, may
from newsletter.editors.sessions import Visit
from newsletter.timeline import Key
from newsletter.web.editor.pages import editor_page
from newsletter.web.editor.readers import timeline_words
from newsletter.web.editor.visits import ViewerPart
from newsletter.web.parts import ServicePart
from subscribers import queries
from subscribers.address import mask
from subscribers.models import Subscriber
from subscribers.suppression import CLOSED
from subscribers.tokens import PUBLIC_ID_CHARACTERS

router = APIRouter(include_in_schema=False)

ON_A_PAGE = 40
SEEN_FOR = timedelta(minutes=10)
"""So long an address that somebody asked to see is shown to them."""

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
        reader = reader_or_404(session, public_id)
        lines = timeline.newest(session, reader, ON_A_PAGE + 1, before=key)
        suppression = queries.suppression_of(session, reader.address_hash or "")
        seen = _has_asked_to_see(session, visit, reader)
        names = accounts.masked_names(session)
    told = [timeline_words.told(line, names) for line in lines[:ON_A_PAGE]]
    return editor_page(
        service,
        visit,
        "reader.html",
        reader=reader,
        address=shown_address(reader, whole=seen),
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
        can_release=suppression or reader.state in CLOSED,
        news=_DONE.get(done, ""),
    )


def reader_or_404(session: Session, public_id: str) -> Subscriber:
    """Give a reader.

    Raises:
        HTTPException: 404 when there is none of that public id.
    """
    reader = queries.by_public_id(session, public_id)
    if reader is None:
        raise HTTPException(404)
    return reader


def shown_address(reader: Subscriber, *, whole: bool) -> str:
    """Give the address, masked or whole; empty when it was erased."""
    if not reader.email:
        return ""
    return reader.email if whole else mask(reader.email)


def _has_asked_to_see(session: Session, visit: Visit, reader: Subscriber) -> bool:
    if not may(visit.role, Role.EDITOR):
        return False
    since = visit.now - SEEN_FOR
    subject, own = acts.reader(reader.public_id), visit.editor.number
    return acts.last_of(session, Act.ADDRESS_SEEN, subject, own, since=since) is not None
