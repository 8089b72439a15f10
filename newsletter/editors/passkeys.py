"""The passkeys of an editor, as rows: listed and forgotten; see ``ceremonies`` for how they come and serve."""

from collections.abc import Sequence

from sqlalchemy import delete
from sqlmodel import Session, col, select

from newsletter.editors import acts, sessions
from newsletter.editors.acts import Act, Actor
from newsletter.editors.models import Passkey
from newsletter.editors.sessions import Visit


def of_editor(session: Session, editor_id: int) -> Sequence[Passkey]:
    """Read the passkeys of an editor, oldest first."""
    whose = select(Passkey).where(Passkey.editor_id == editor_id)
    return session.exec(whose.order_by(col(Passkey.id))).all()


def remove(session: Session, visit: Visit, passkey_id: int) -> str | None:
    """Forget a passkey of somebody signed in; all sessions end, and this browser goes on in a new one.

    Returns:
        The secret of the new session; None when the passkey is not theirs, and nothing was done.
    """
    own = (col(Passkey.id) == passkey_id, col(Passkey.editor_id) == visit.editor.number)
    gone = session.execute(delete(Passkey).where(*own).returning(col(Passkey.id))).first()
    if gone is None:
        return None
    acts.note(
        session,
        Actor.of(visit.editor),
        Act.PASSKEY_REMOVED,
        f"passkey {passkey_id}",
        now=visit.now,
    )
    return sessions.renew(session, visit)
