"""Links that sign an editor in: good once, for twenty minutes, and made when they leave."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col, select

from newsletter.editors import tokens
from newsletter.editors.models import Editor, SignInLink
from newsletter.editors.refusals import LinkOver, UnknownLink

GOOD_FOR = timedelta(minutes=20)
"""Counted from when the letter leaves, or the command prints it."""


def make(session: Session, editor: Editor, *, now: datetime, back: str = "") -> str:
    """Make a link's secret.

    Args:
        session: a writing session.
        editor: whom it signs in.
        now: aware.
        back: the page of ours to which it leads then; "" for the first one.
    """
    token = tokens.new(tokens.Kind.LINK)
    session.add(
        SignInLink(
            token_hash=tokens.digest(token),
            editor_id=editor.number,
            back=back,
            created_at=now,
            expires_at=now + GOOD_FOR,
        )
    )
    return token


def look(session: Session, token: str, *, now: datetime) -> None:
    """See whether a link is good; looking does not use it up.

    Raises:
        UnknownLink: for none of ours.
        LinkOver: for one that was used or is too old.
    """
    row = session.get(SignInLink, tokens.digest(token))
    if row is None:
        raise UnknownLink
    if row.used_at is not None or now >= row.expires_at:
        raise LinkOver


def use(session: Session, token: str, *, now: datetime) -> tuple[Editor, str]:
    """Use a link up; whoever is the second to try has come too late. Other links end with it.

    Returns:
        Whom it signs in, and the page to which it leads.

    Raises:
        UnknownLink: for none of ours.
        LinkOver: for one that was used or is too old, or whose editor was removed.
    """
    link = col(SignInLink.token_hash) == tokens.digest(token)
    good = (link, col(SignInLink.used_at).is_(None), col(SignInLink.expires_at) > now)
    used = update(SignInLink).where(*good).values(used_at=now)
    found = session.execute(
        used.returning(col(SignInLink.editor_id), col(SignInLink.back))
    ).one_or_none()
    if found is None:
        look(session, token, now=now)
        raise LinkOver
    editor_id, back = found
    editor = session.exec(
        select(Editor).where(Editor.id == editor_id, col(Editor.disabled_at).is_(None))
    ).first()
    if editor is None:
        raise LinkOver
    end_all(session, editor, now=now)
    return editor, back


def end_all(session: Session, editor: Editor, *, now: datetime) -> None:
    """End every open link of an editor."""
    open_ = (col(SignInLink.editor_id) == editor.id, col(SignInLink.used_at).is_(None))
    session.execute(update(SignInLink).where(*open_).values(used_at=now))
