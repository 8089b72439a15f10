"""What an editor does for one reader: each act is one transaction, noted, and told on their page."""

from collections.abc import Callable

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from newsletter import personal_data
from newsletter.editors import acts
from newsletter.editors.acts import Act
from newsletter.editors.sessions import Visit
from newsletter.service import Service
from newsletter.web.editor.noting import note
from newsletter.web.editor.pages import editor_page, see
from newsletter.web.editor.readers.reader import PublicId, reader_or_404, shown_address
from newsletter.web.editor.readers.subscribers import LIST
from newsletter.web.editor.visits import EditorPart, FreshPart, OwnerPart
from newsletter.web.parts import Form, FormPart, ServicePart
from subscribers import consent, withdrawing
from subscribers.address import Address
from subscribers.models import Subscriber
from subscribers.suppression import release as release_address
from subscribers.suppression import suppress as suppress_address
from subscribers.unsubscribe import unsubscribe as unsubscribe_person

router = APIRouter(include_in_schema=False)

LONGEST_REASON = 200


@router.post("/editor/subscribers/{public_id}/address")
def see_address(service: ServicePart, visit: EditorPart, public_id: PublicId) -> Response:
    """Note that somebody wants to see the whole address, which their page then shows for a while."""
    with service.database.writing() as session:
        reader = reader_or_404(session, public_id)
        note(session, visit, Act.ADDRESS_SEEN, acts.reader(reader.public_id))
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
        reader = reader_or_404(session, public_id)
    return editor_page(
        service,
        visit,
        "reader_erase.html",
        reader=reader,
        address=shown_address(reader, whole=False),
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


def reason_in(form: Form) -> str:
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
        changed = do(session, reader_or_404(session, public_id))
        note(session, visit, act, acts.reader(public_id), "" if changed else "as before")
        return changed

    changed = service.database.write(work)
    return see(f"{LIST}/{public_id}?done={done if changed else 'same'}")


def _address(reader: Subscriber) -> Address:
    if not reader.email:
        raise HTTPException(409)
    return Address.parse(reader.email)
