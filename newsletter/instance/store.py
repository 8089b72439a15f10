"""The one row that says whose a database is, and where its table was when that was written down."""

from datetime import datetime

from sqlalchemy import Column, Integer, select, text
from sqlmodel import Field, Session, SQLModel, col

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

    ``generation`` grows with every issue that begins to leave; a database that is behind the
    generation its host remembers was restored from a backup. ``origin`` is where the table was when
    that was written down, see ``origin_of``: a dump takes the row along, and not the place.
    """

    __tablename__ = "instances"

    id: int = Field(default=ROW, sa_column=Column(Integer, primary_key=True, autoincrement=False))
    name: str
    generation: int = 0
    origin: str | None = None
    adopted_at: datetime = Field(sa_type=UtcDateTime)


_FOUND = select(col(Instance.name), col(Instance.generation), col(Instance.origin)).where(
    col(Instance.id) == ROW
)


def mark_as_copy(session: Session, now: datetime) -> None:
    """Make the database of a session a copy, from which nothing leaves until it is adopted."""
    row = locked(session) or Instance(name="unnamed", adopted_at=now)
    row.generation = COPIED
    session.add(row)


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


def found(session: Session) -> tuple[Known | None, str | None]:
    """Read row and origin past the session, which would make an object of it before each batch."""
    row = session.connection().execute(_FOUND).one_or_none()
    return (Known(row.name, row.generation), row.origin) if row else (None, None)


def locked(session: Session) -> Instance | None:
    """Give the row in order to change it; nobody else does before this transaction ends."""
    return session.get(Instance, ROW, with_for_update=True, populate_existing=True)


def known(row: Instance | None) -> Known | None:
    """Give what the database knows; None when it is nobody's yet."""
    return Known(row.name, row.generation) if row else None
