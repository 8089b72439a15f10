"""Editors as tests need them: let in, signed in, with a passkey."""

from datetime import datetime

from sqlmodel import Session

from newsletter.editors import accounts, entering, sessions
from newsletter.editors.acts import COMMAND
from newsletter.editors.models import Editor
from newsletter.editors.roles import Role
from newsletter.editors.sessions import Visit
from newsletter.service import Service
from subscribers.address import Address
from tests.factories import MONDAY, PEPPER

INES = "ines@desk.example"


def let_in(
    session: Session,
    role: Role = Role.EDITOR,
    address: str = INES,
    *,
    pepper: bytes = PEPPER,
    now: datetime = MONDAY,
) -> Editor:
    """Add an editor, as the command does."""
    parsed = Address.parse(address)
    return accounts.add(session, parsed, role, pepper=pepper, actor=COMMAND, now=now)[0]


def enter(session: Session, editor: Editor, *, now: datetime = MONDAY) -> Visit:
    """Sign an editor in, in a browser of its own."""
    secret = entering.enter(session, editor, entering.BY_LINK, now=now)
    visit = sessions.find(session, secret, now=now)
    assert visit is not None
    return visit


def secret_for(
    service: Service, role: Role, address: str = INES, *, now: datetime | None = None
) -> str:
    """Let somebody in and sign them in; give the secret for the cookie."""
    at = now or service.clock()
    with service.database.writing() as session:
        editor = let_in(session, role, address, pepper=service.pepper, now=at)
        return entering.enter(session, editor, entering.BY_LINK, now=at)
