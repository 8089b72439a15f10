"""Sessions: one for each browser in which an editor is signed in, known by the hash of its secret.

A session ends by itself after a time without a sign of life, and at the latest after a week. It is
ended by signing out, and with all others of its editor when their role or their passkeys change.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, update
from sqlmodel import Session, col, select

from newsletter.editors import tokens
from newsletter.editors.models import Editor, EditorSession
from newsletter.editors.roles import Role

IDLE = timedelta(hours=12)
"""Without a sign of life a session is over after this."""

LONGEST = timedelta(days=7)
"""However busy, a session is over after this."""

FRESH = timedelta(minutes=10)
"""So long after signing in, what cannot be taken back may be done without doing it again."""

SEEN_EVERY = timedelta(minutes=1)
"""Signs of life are written down at most so often."""


@dataclass(frozen=True, slots=True)
class Visit:
    """An editor who is signed in, in one browser.

    Attributes:
        editor: who.
        session: in which session.
        now: the instant as of which that is so; aware.
    """

    editor: Editor
    session: EditorSession
    now: datetime

    @property
    def role(self) -> Role:
        """What they are."""
        return self.editor.has_role

    @property
    def is_fresh(self) -> bool:
        """Whether they showed lately who they are."""
        return self.now - self.session.fresh_at <= FRESH

    @property
    def is_news(self) -> bool:
        """Whether the last sign of life is so old that this one is written down."""
        return self.now - self.session.seen_at >= SEEN_EVERY


def begin(session: Session, editor: Editor, way: str, *, now: datetime) -> str:
    """Begin a session.

    Args:
        session: a writing session.
        editor: whose.
        way: how they got in, such as "link".
        now: aware.

    Returns:
        Its secret, for the cookie.
    """
    row = EditorSession(
        token_hash="",
        editor_id=editor.number,
        way=way,
        created_at=now,
        seen_at=now,
        fresh_at=now,
    )
    return _with_secret(session, row)


def renew(session: Session, visit: Visit) -> str:
    """End all sessions of an editor and go on in this browser with a new secret.

    It is over when the old one would have been, and no fresher than that was.

    Returns:
        The secret.
    """
    old = visit.session
    end_all(session, old.editor_id, now=visit.now)
    row = EditorSession(**old.model_dump(exclude={"id", "token_hash", "ended_at"}), token_hash="")
    return _with_secret(session, row)


def find(session: Session, token: str, *, now: datetime) -> Visit | None:
    """Find who is signed in with a secret; None when nobody is, or not any more."""
    found = session.exec(
        select(EditorSession, Editor)
        .join(Editor, col(Editor.id) == col(EditorSession.editor_id))
        .where(
            EditorSession.token_hash == tokens.digest(token),
            col(Editor.disabled_at).is_(None),
            *_open(now),
        )
    ).one_or_none()
    return found and Visit(editor=found[1], session=found[0], now=now)


def over_among(session: Session, ids: Collection[int], *, now: datetime) -> Collection[int]:
    """Say which of some sessions are over, or are somebody's who was removed."""
    still = session.execute(
        select(col(EditorSession.id))
        .join(Editor, col(Editor.id) == col(EditorSession.editor_id))
        .where(col(EditorSession.id).in_(ids), col(Editor.disabled_at).is_(None), *_open(now))
    )
    return frozenset(ids) - frozenset(still.scalars())


def seen(session: Session, visit: Visit) -> None:
    """Write a sign of life down."""
    row = col(EditorSession.id) == visit.session.id
    session.execute(update(EditorSession).where(row).values(seen_at=visit.now))


def end(session: Session, token: str, *, now: datetime) -> bool:
    """End the session of a secret.

    Returns:
        False when it was over already.
    """
    return _end(session, now, col(EditorSession.token_hash) == tokens.digest(token)) > 0


def end_one(session: Session, editor_id: int, session_id: int, *, now: datetime) -> int:
    """End one session of an editor, if it is theirs; give how many that were: 1 or 0."""
    whose = col(EditorSession.editor_id) == editor_id
    return _end(session, now, whose, col(EditorSession.id) == session_id)


def end_all(session: Session, editor_id: int, *, now: datetime, but: int | None = None) -> int:
    """End the sessions of an editor, all or all but one; give how many that were."""
    whose = col(EditorSession.editor_id) == editor_id
    return _end(session, now, whose, *([col(EditorSession.id) != but] if but else []))


def of_editor(session: Session, editor_id: int, *, now: datetime) -> Sequence[EditorSession]:
    """Read the open sessions of an editor, newest sign of life first."""
    whose = col(EditorSession.editor_id) == editor_id
    found = select(EditorSession).where(whose, *_open(now))
    return session.exec(found.order_by(col(EditorSession.seen_at).desc())).all()


def _open(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        col(EditorSession.ended_at).is_(None),
        col(EditorSession.seen_at) > now - IDLE,
        col(EditorSession.created_at) > now - LONGEST,
    )


def _end(session: Session, now: datetime, *which: ColumnElement[bool]) -> int:
    ended = update(EditorSession).where(*_open(now), *which).values(ended_at=now)
    return len(session.execute(ended.returning(col(EditorSession.id))).all())


def _with_secret(session: Session, row: EditorSession) -> str:
    token = tokens.new(tokens.Kind.SESSION)
    row.token_hash = tokens.digest(token)
    session.add(row)
    return token
