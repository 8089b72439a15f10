"""The log of what editors did: one row an act, only added to, without addresses and secrets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session, col, select

from newsletter.editors.models import ActRow, Editor
from newsletter.editors.roles import Role


class Act(StrEnum):
    """What can be done. The codes stay in rows for ever: never change one."""

    SIGNED_IN = "signed-in"
    SIGNED_OUT = "signed-out"
    SESSIONS_ENDED = "sessions-ended"
    LINK_MADE = "link-made"
    PASSKEY_ADDED = "passkey-added"
    PASSKEY_REMOVED = "passkey-removed"
    EDITOR_ADDED = "editor-added"
    ROLE_CHANGED = "role-changed"
    EDITOR_REMOVED = "editor-removed"
    ISSUE_APPROVED = "issue-approved"
    ISSUE_HELD = "issue-held"
    ISSUE_RELEASED = "issue-released"
    ISSUE_CHECKED = "issue-checked"
    LETTER_SEEN = "letter-seen"
    TEST_MAILBOX_ADDED = "test-mailbox-added"
    TEST_MAILBOX_REMOVED = "test-mailbox-removed"
    TEST_SENT = "test-sent"
    LOOKED_UP = "looked-up"
    ADDRESS_SEEN = "address-seen"
    READER_SUPPRESSED = "reader-suppressed"
    READER_RELEASED = "reader-released"
    READER_UNSUBSCRIBED = "reader-unsubscribed"
    LINKS_WITHDRAWN = "links-withdrawn"
    READER_ERASED = "reader-erased"
    LIST_EXPORTED = "list-exported"
    LIST_UPLOADED = "list-uploaded"
    LIST_TRIED_OUT = "list-tried-out"
    LIST_DISCARDED = "list-discarded"
    IMPORTED = "imported"
    IMPORT_UNDONE = "import-undone"
    ISSUE_PAUSED = "issue-paused"
    ISSUE_RESUMED = "issue-resumed"
    ISSUE_CANCELLED = "issue-cancelled"
    ISSUE_SENT = "issue-sent"
    COPIES_DECIDED = "copies-decided"
    ISSUE_CORRECTED = "issue-corrected"
    CORRECTION_AMENDED = "correction-amended"
    CORRECTION_WITHDRAWN = "correction-withdrawn"
    CORRECTION_TOLD = "correction-told"
    ISSUE_COMPOSED = "issue-composed"
    COMPOSING_UNDONE = "composing-undone"
    ISSUE_BUILT = "issue-built"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, as the log remembers them.

    Attributes:
        words: what they are called there.
        editor_id: their row, if they have one.
        role: what they are at this moment.
    """

    words: str
    editor_id: int | None = None
    role: Role | None = None

    @classmethod
    def of(cls, editor: Editor) -> "Actor":
        """Give an editor as an actor."""
        return cls(named(editor.number), editor.number, editor.has_role)


COMMAND = Actor("a command")
"""Somebody with a shell on the host."""


def named(editor_id: int) -> str:
    """Name an editor where no address may stand."""
    return f"editor {editor_id}"


def note(
    session: Session, actor: Actor, act: Act, subject: str, *, now: datetime, detail: str = ""
) -> None:
    """Write an act down, in the transaction in which it is done.

    Args:
        session: a writing session.
        actor: who does it.
        act: what is done.
        subject: to what, such as "editor 2" or "issue 7".
        now: aware.
        detail: what else a reader of the log wants to know; no address, no secret.
    """
    session.add(
        ActRow(
            at=now,
            editor_id=actor.editor_id,
            role=actor.role,
            actor=actor.words,
            act=act,
            subject=subject,
            detail=detail,
        )
    )


def reader(public_id: str) -> str:
    """Name a reader where no address may stand."""
    return f"reader {public_id}"


def last_of(
    session: Session, act: Act, subject: str, editor_id: int, *, since: datetime
) -> ActRow | None:
    """Find the newest act of one editor on one subject, if it is not older than an instant."""
    found = select(ActRow).where(
        ActRow.subject == subject,
        ActRow.act == act,
        ActRow.editor_id == editor_id,
        col(ActRow.at) >= since,
    )
    return session.exec(found.order_by(col(ActRow.id).desc()).limit(1)).first()


def newest(session: Session, count: int, *, before: int | None = None) -> Sequence[ActRow]:
    """Read acts, newest first.

    Args:
        session: for reading.
        count: how many at most.
        before: id of the oldest act that was read already.
    """
    acts = select(ActRow).order_by(col(ActRow.id).desc()).limit(count)
    return session.exec(acts if before is None else acts.where(col(ActRow.id) < before)).all()
