"""Accounts: who may sign in, as what; every change ends the sessions of whom it is about."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col, select

from newsletter.database import insert_into
from newsletter.editors import acts, sessions
from newsletter.editors.acts import Act, Actor
from newsletter.editors.models import Editor, Passkey, SignInLink
from newsletter.editors.refusals import (
    AlreadyEditor,
    NoOwnerAnyMore,
    NotYourself,
    UnknownEditor,
)
from newsletter.editors.roles import Role
from newsletter.sign_up.places import hidden
from subscribers.address import Address, mask


def hidden_key(address: Address, pepper: bytes) -> str:
    """Give the keyed hash by which a request for a link finds its editor."""
    return hidden(pepper, "editor", address.key)


def add(
    session: Session, address: Address, role: Role, *, pepper: bytes, actor: Actor, now: datetime
) -> tuple[Editor, bool]:
    """Let somebody in who was not let in, or not any more; nobody is mailed.

    Args:
        session: a writing session.
        address: theirs.
        role: what they become.
        pepper: hides the address.
        actor: who lets them in.
        now: aware.

    Returns:
        Their row, and whether that is news.

    Raises:
        AlreadyEditor: when they are in with another role.
    """
    key = hidden_key(address, pepper)
    new = {
        "email": address.text, "address_key": address.key, "role": role.value, "created_at": now,
        "hidden_key": key,
    }  # fmt: skip
    written = insert_into(session, Editor).values(new).on_conflict_do_nothing()
    is_new = session.execute(written.returning(col(Editor.id))).first() is not None
    editor = by_address(session, address)
    editor.hidden_key = key  # after a change of secrets it is another one
    session.add(editor)
    if not is_new and editor.disabled_at is None:
        if editor.has_role is not role:
            raise AlreadyEditor
        return editor, False
    editor.role, editor.disabled_at = role.value, None
    acts.note(
        session, actor, Act.EDITOR_ADDED, acts.named(editor.number), now=now, detail=f"as {role}"
    )
    return editor, True


def change_role(
    session: Session, editor: Editor, role: Role, *, actor: Actor, now: datetime
) -> bool:
    """Make somebody something else; they sign in again as that.

    Returns:
        False when they were that before.
    """
    before = editor.has_role
    if before is role:
        return False
    editor.role = role.value
    session.add(editor)
    sessions.end_all(session, editor.number, now=now)
    whom, change = acts.named(editor.number), f"{before} to {role}"
    acts.note(session, actor, Act.ROLE_CHANGED, whom, now=now, detail=change)
    return True


def remove(session: Session, editor: Editor, *, actor: Actor, now: datetime) -> None:
    """Shut somebody out at once: their sessions, links and passkeys are worth nothing any more.

    The row stays, as the log names it.
    """
    editor.disabled_at = now
    session.add(editor)
    sessions.end_all(session, editor.number, now=now)
    session.execute(delete(SignInLink).where(col(SignInLink.editor_id) == editor.id))
    session.execute(delete(Passkey).where(col(Passkey.editor_id) == editor.id))
    acts.note(session, actor, Act.EDITOR_REMOVED, acts.named(editor.number), now=now)


def require_other(session: Session, owner: Editor, editor_id: int) -> Editor:
    """Find whom an owner may change: anybody but themself.

    All owners are locked first, so that of two who shut each other out at the same moment one stays.

    Args:
        session: a writing session.
        owner: who changes somebody, as they were when the request came.
        editor_id: whom.

    Raises:
        NoOwnerAnyMore: when somebody was faster.
        NotYourself: when it is the owner.
        UnknownEditor: when there is nobody.
    """
    locked = select(Editor).where(Editor.role == Role.OWNER.value).order_by(col(Editor.id))
    again = locked.with_for_update().execution_options(populate_existing=True)
    owners = {one.id for one in session.exec(again) if one.disabled_at is None}
    if owner.id not in owners:
        raise NoOwnerAnyMore
    if owner.id == editor_id:
        raise NotYourself
    return get(session, editor_id)


def get(session: Session, editor_id: int) -> Editor:
    """Read an editor who was not removed.

    Raises:
        UnknownEditor: when there is none.
    """
    editor = session.get(Editor, editor_id)
    if editor is None or editor.disabled_at is not None:
        raise UnknownEditor
    return editor


def by_address(session: Session, address: Address) -> Editor:
    """Read somebody by their address, also who was removed.

    Raises:
        UnknownEditor: when nobody has it.
    """
    editor = session.exec(select(Editor).where(Editor.address_key == address.key)).first()
    if editor is None:
        raise UnknownEditor
    return editor


def active_by_address(session: Session, address: Address) -> Editor:
    """Read an editor by their address.

    Raises:
        UnknownEditor: when nobody has it, or was removed.
    """
    return get(session, by_address(session, address).number)


def by_hidden_key(session: Session, key: str) -> Editor | None:
    """Find the editor whom a request for a link is about; None as a rule, if strangers ask."""
    whose, active = Editor.hidden_key == key, col(Editor.disabled_at).is_(None)
    return session.exec(select(Editor).where(whose, active)).first()


def everybody(session: Session) -> Sequence[Editor]:
    """Read all there ever were, in the order in which they came."""
    return session.exec(select(Editor).order_by(col(Editor.id))).all()


def names(session: Session) -> Mapping[str, str]:
    """Give what pages call whoever did something, by how their acts name them: a masked address."""
    return {acts.named(one.number): mask(one.email) for one in everybody(session)}
