"""The one row that says whose a database is, and where its table was when that was written down."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Column, Integer, select, text
from sqlmodel import Field, Session, SQLModel, col

from newsletter.database import insert_into
from newsletter.instance.keys import Ring
from newsletter.instance.rules import Known
from schedules.clock import UtcDateTime

COPIED = -1
"""The generation of a copy that was made as a backup: behind every host's."""

ROW = 1
"""The only id there is."""

_WHERE = text(
    "SELECT 'instances'::regclass::oid, oid, "
    "has_function_privilege('pg_control_system()', 'EXECUTE') "
    "FROM pg_database WHERE datname = current_database()"
)
_SERVER = text("SELECT system_identifier FROM pg_control_system()")


class Instance(SQLModel, table=True):
    """The one row that names the installation.

    ``generation`` grows with every issue that begins to leave, and once a minute while letters do;
    a database that is behind the generation its host remembers was restored from a backup.
    ``origin`` is where the table was when that was written down, see ``origin_of``: a dump takes
    the row along, and not the place. ``fingerprints`` tells the secret keys of its hosts from
    others, newest first, separated by commas; a database of an earlier release has none until its
    owner starts.
    """

    __tablename__ = "instances"

    id: int = Field(default=ROW, sa_column=Column(Integer, primary_key=True, autoincrement=False))
    name: str
    generation: int = 0
    origin: str | None = None
    fingerprints: str | None = None
    adopted_at: datetime = Field(sa_type=UtcDateTime)


_FOUND = select(
    col(Instance.name), col(Instance.generation), col(Instance.origin), col(Instance.fingerprints)
).where(col(Instance.id) == ROW)


class Found(NamedTuple):
    """What a database says of itself: nothing where it is nobody's yet."""

    known: Known | None = None
    origin: str | None = None
    ring: Ring | None = None


def mark_as_copy(session: Session, now: datetime) -> None:
    """Make the database of a session a copy, from which nothing leaves until it is adopted.

    The copy may be one of an earlier release, so no column is named that it may not have.
    """
    copy = {"id": ROW, "name": "unnamed", "generation": COPIED, "adopted_at": now}
    marked = insert_into(session, Instance).values(copy)
    session.execute(
        marked.on_conflict_do_update(index_elements=["id"], set_={"generation": COPIED})
    )


def origin_of(session: Session) -> str | None:
    """Name the table of a session: server, database, table; None where that cannot be told.

    What the server makes up itself stays in no dump: not even on the same server has a table that is
    restored the number that it had. A user who may not know the server's leaves that part empty.
    """
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        return None
    table, database, allowed = connection.execute(_WHERE).one()
    server = connection.execute(_SERVER).scalar_one() if allowed else ""
    return f"{server}/{database}/{table}"


def found(session: Session) -> Found:
    """Read the row past the session, which would make an object of it before each batch."""
    row = session.connection().execute(_FOUND).one_or_none()
    return _said(row) if row else Found()


def locked(session: Session) -> Instance | None:
    """Give the row in order to change it; nobody else does before this transaction ends."""
    return session.get(Instance, ROW, with_for_update=True, populate_existing=True)


def of_row(row: Instance | None) -> Found:
    """Give what the row says, as ``found`` does."""
    return _said(row) if row else Found()


def written(ring: Ring) -> str:
    """Write a ring as the row keeps it."""
    return ",".join(ring)


def is_shared(session: Session) -> bool:
    """Say whether other hosts could use the database at this moment."""
    return session.connection().dialect.name == "postgresql"


def _said(row: Any) -> Found:
    return Found(Known(row.name, row.generation), row.origin, _ring(row.fingerprints))


def _ring(written_down: str | None) -> Ring | None:
    return tuple(written_down.split(",")) if written_down else None
