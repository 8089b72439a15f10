"""Getting in and out: each way ends in a new session, and in a line of the log."""

from datetime import datetime

from sqlmodel import Session

from newsletter.editors import acts, links, sessions
from newsletter.editors.acts import Act, Actor
from newsletter.editors.models import Editor
from newsletter.editors.sessions import Visit

BY_LINK, BY_PASSKEY = "link", "passkey"


def by_link(
    session: Session, token: str, *, now: datetime, instead_of: str | None = None
) -> tuple[str, str]:
    """Sign in with a link.

    Args:
        session: a writing session.
        token: the link's secret.
        now: aware.
        instead_of: the secret of the session that this browser had.

    Returns:
        The secret of the new session, and the page to which the link leads.

    Raises:
        UnknownLink: for none of ours.
        LinkOver: for one that is not good any more.
    """
    editor, back = links.use(session, token, now=now)
    return enter(session, editor, BY_LINK, now=now, instead_of=instead_of), back


def enter(
    session: Session, editor: Editor, way: str, *, now: datetime, instead_of: str | None = None
) -> str:
    """Begin the session of somebody who has shown who they are; give its secret."""
    if instead_of is not None:
        sessions.end(session, instead_of, now=now)
    acts.note(
        session,
        Actor.of(editor),
        Act.SIGNED_IN,
        acts.named(editor.number),
        now=now,
        detail=f"by {way}",
    )
    return sessions.begin(session, editor, way, now=now)


def leave(session: Session, visit: Visit) -> None:
    """End the present session."""
    sessions.end_one(session, visit.editor.number, visit.session.id or 0, now=visit.now)
    whom = acts.named(visit.editor.number)
    acts.note(session, Actor.of(visit.editor), Act.SIGNED_OUT, whom, now=visit.now)


def end_sessions(session: Session, editor: Editor, actor: Actor, *, now: datetime) -> int:
    """Sign an editor out everywhere, and end their open links; give how many sessions that were."""
    links.end_all(session, editor, now=now)
    ended = sessions.end_all(session, editor.number, now=now)
    _note_ended(session, actor, editor, ended, now)
    return ended


def end_others(session: Session, visit: Visit, only: int | None = None) -> int:
    """End one other session of somebody who is signed in, or all others; give how many."""
    own = visit.editor.number
    if only is None:
        ended = sessions.end_all(session, own, now=visit.now, but=visit.session.id)
    else:
        ended = sessions.end_one(session, own, only, now=visit.now)
    if ended:
        _note_ended(session, Actor.of(visit.editor), visit.editor, ended, visit.now)
    return ended


def _note_ended(session: Session, actor: Actor, editor: Editor, ended: int, now: datetime) -> None:
    whom, detail = acts.named(editor.number), f"{ended} of them"
    acts.note(session, actor, Act.SESSIONS_ENDED, whom, now=now, detail=detail)
