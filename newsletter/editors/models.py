"""The rows of editors: who they are, the secrets by which they get in, and what they did."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from newsletter.editors.roles import Role
from schedules.clock import UtcDateTime


class Editor(SQLModel, table=True):
    """Somebody who may sign in; who was removed keeps a row, because the log names it.

    ``hidden_key`` is a keyed hash of the address: a request for a link is noted under it, so that
    it waits the same way for everybody who is typed into the form.
    """

    __tablename__ = "editors"
    __table_args__ = (
        UniqueConstraint("address_key", name="uq_editors_address_key"),
        UniqueConstraint("hidden_key", name="uq_editors_hidden_key"),
    )

    id: int | None = Field(default=None, primary_key=True)
    email: str
    address_key: str
    hidden_key: str
    role: str
    created_at: datetime = Field(sa_type=UtcDateTime)
    disabled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    @property
    def has_role(self) -> Role:
        """The role, as the table of roles knows it."""
        return Role(self.role)

    @property
    def number(self) -> int:
        """The id of a row that has been written."""
        assert self.id is not None
        return self.id

    def __repr__(self) -> str:
        """Name the row without the address: rows end up in logs and error pages."""
        return f"Editor({self.id})"

    __str__ = __repr__


class SignInLink(SQLModel, table=True):
    """A link that signs one editor in, once; of its secret only the SHA-256 is kept.

    ``back`` is the page of ours on which they were when they were asked to sign in.
    """

    __tablename__ = "editor_links"
    __table_args__ = (Index("ix_editor_links_editor_id", "editor_id"),)

    token_hash: str = Field(primary_key=True)
    editor_id: int = Field(foreign_key="editors.id")
    back: str = ""
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class EditorSession(SQLModel, table=True):
    """One browser in which an editor is signed in; of its secret only the SHA-256 is kept.

    ``fresh_at`` is when they last showed who they are; ``seen_at`` is right to a minute.
    """

    __tablename__ = "editor_sessions"
    __table_args__ = (
        UniqueConstraint("token_hash", name="uq_editor_sessions_token_hash"),
        Index("ix_editor_sessions_editor_id", "editor_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str
    editor_id: int = Field(foreign_key="editors.id")
    way: str
    created_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    fresh_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Passkey(SQLModel, table=True):
    """A key that a device or a password manager holds; here is only what checks its signatures.

    ``challenged_at`` is when the newest challenge was made that it has answered: older ones are
    refused from then on, so that no answer is good twice.
    """

    __tablename__ = "editor_passkeys"
    __table_args__ = (
        UniqueConstraint("credential_id", name="uq_editor_passkeys_credential_id"),
        Index("ix_editor_passkeys_editor_id", "editor_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    editor_id: int = Field(foreign_key="editors.id")
    credential_id: str
    public_key: str
    sign_count: int
    label: str
    created_at: datetime = Field(sa_type=UtcDateTime)
    last_used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    challenged_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class TrialMailbox(SQLModel, table=True):
    """A mailbox of the desk's, to which copies marked as a test are sent."""

    __tablename__ = "test_mailboxes"
    __table_args__ = (UniqueConstraint("address_key", name="uq_test_mailboxes_address_key"),)

    id: int | None = Field(default=None, primary_key=True)
    email: str
    address_key: str
    added_at: datetime = Field(sa_type=UtcDateTime)

    def __repr__(self) -> str:
        """Name the row without the address, as an editor's."""
        return f"TrialMailbox({self.id})"

    __str__ = __repr__


class ActRow(SQLModel, table=True):
    """Something that was done, by whom, and what they were then; only added to.

    No address and no secret is in it: people are named by the numbers of their rows.
    """

    __tablename__ = "editor_acts"
    __table_args__ = (Index("ix_editor_acts_subject", "subject", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    editor_id: int | None = Field(default=None, foreign_key="editors.id")
    role: str | None = None
    actor: str
    act: str
    subject: str
    detail: str = ""
