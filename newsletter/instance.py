"""The fence: which installation a database belongs to; a restored or copied one sends nothing.

The database names its installation and counts the issues that have begun to leave from it. Each
host keeps both in a small file of its own. What does not fit together is a copy, a move or a
restored backup, and only a person can say which of two databases goes on: until then nothing leaves.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import orjson
from sqlalchemy import Column, Integer, select, text
from sqlmodel import Field, Session, SQLModel, col

from newsletter import private_files
from newsletter.database import Database, insert_into
from newsletter.errors import NewsletterError
from schedules.clock import Clock, UtcDateTime

FILE = "instance.json"
"""In the data folder; whoever puts back a snapshot of a whole machine deletes it first."""

COPIED = -1
"""The generation of a copy that was made as a backup: behind every host's."""

_ROW = 1
_WHERE = text(
    "SELECT 'instances'::regclass::oid, oid, "
    "has_function_privilege('pg_control_system()', 'EXECUTE') "
    "FROM pg_database WHERE datname = current_database()"
)
_SERVER = text("SELECT system_identifier FROM pg_control_system()")
_CURE = "see what would be sent with: newsletter db adopt --dry-run; go on here with: newsletter db adopt"


class Instance(SQLModel, table=True):
    """The one row that names the installation.

    ``generation`` grows with every issue that begins to leave; a database that is behind the
    generation its host remembers was restored from a backup. ``origin`` is where the table was when
    that was written down, see ``origin_of``: a dump takes the row along, and not the place.
    """

    __tablename__ = "instances"

    id: int = Field(default=_ROW, sa_column=Column(Integer, primary_key=True, autoincrement=False))
    name: str
    generation: int = 0
    origin: str | None = None
    adopted_at: datetime = Field(sa_type=UtcDateTime)


_FOUND = select(col(Instance.name), col(Instance.generation), col(Instance.origin)).where(
    col(Instance.id) == _ROW
)


class PassiveInstance(NewsletterError):
    """This host may not send from this database."""

    code = "passive-instance"


@dataclass(frozen=True, slots=True)
class Known:
    """What one side knows: the name of an installation, and how many issues began to leave."""

    name: str
    generation: int


def objection(database: Known | None, host: Known | None) -> str | None:
    """Say why a host must not send from a database; None when they belong together. Pure."""
    if database is None:
        if host is None or host.generation <= 0:
            return None
        return (
            f"this database is nobody's, but {host.generation} issues have left from another one "
            f"of this host; {_CURE}"
        )
    if host is None:
        return (
            f"this database belongs to installation {database.name}, which this host does not "
            f"know: it was copied or moved here; {_CURE}"
        )
    if host.name != database.name:
        return (
            f"this database belongs to installation {database.name}, this host to {host.name}; "
            f"{_CURE}"
        )
    if database.generation < max(host.generation, 0):
        return (
            "this database is a backup that was put back: what has left since it was made is not "
            f"known here; {_CURE}"
        )
    return None


def moved(origin: str | None, here: str | None) -> str | None:
    """Say why a host must not send from a table that is not where it was; None when it is. Pure."""
    pairs = zip((origin or "").split("/"), (here or "").split("/"), strict=False)
    if all(before == now for before, now in pairs if before and now):
        return None
    return (
        "this database was put back from a dump, or the server was replaced under it: what has left "
        f"since the dump was made is not known here; {_CURE}"
    )


@dataclass(frozen=True, slots=True)
class Memory:
    """What a host keeps outside the database.

    Attributes:
        file: holds name and generation.
        name: set where several hosts share a database; wins over the file's.
    """

    file: Path
    name: str | None = None

    def recall(self) -> Known | None:
        """Give what this host knows; None when it knows nothing, or no longer."""
        kept = self._read()
        if self.name is None:
            return kept
        return kept if kept and kept.name == self.name else Known(self.name, 0)

    def introduce(self, known: Known) -> None:
        """Write down what a host that knows nothing is to know; of several writers one wins."""
        private_files.create(self.file, _written(known))

    def keep(self, known: Known) -> None:
        """Write down what this host knows from now on."""
        private_files.replace(self.file, _written(known))

    def _read(self) -> Known | None:
        try:
            read = orjson.loads(self.file.read_bytes())
            return Known(str(read["name"]), int(read["generation"]))
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None


@dataclass(frozen=True, slots=True)
class Fence:
    """Stands between this host's sender and a database that is not its own."""

    database: Database
    memory: Memory
    clock: Clock

    def settle_in(self) -> None:
        """Name an installation that starts for the first time; of several starts one wins."""
        with self.database.reading() as session:
            found, origin = _found(session)
        if found is not None:
            if origin is None:
                self._note_origin()
            return
        if self.memory.recall() is None:
            self.memory.introduce(Known(secrets.token_hex(6), 0))
        host = self.memory.recall()
        if host is None or objection(None, host):
            return
        begun = {"id": _ROW, "name": host.name, "generation": 0, "adopted_at": self.clock()}
        with self.database.writing() as session:
            named = insert_into(session, Instance).values(origin=origin_of(session), **begun)
            session.execute(named.on_conflict_do_nothing(index_elements=["id"]))

    def objection(self) -> str | None:
        """Say why nothing may leave from here; None when it may. Changes nothing."""
        with self.database.reading() as session:
            return _objection(session, *_found(session), self.memory.recall())

    def may_send(self) -> str | None:
        """Say the same, and remember first what a later look is to be measured by.

        Nothing of an issue leaves before its host has written down that it began: so a backup from
        before it is told apart, whenever this process dies.
        """
        host = self.memory.recall()
        with self.database.reading() as session:
            found, origin = _found(session)
            because = _objection(session, found, origin, host)
        if because is None and found is not None and found != host:
            self.memory.keep(found)
        return because

    def begin(self, session: Session) -> None:
        """Count an issue that begins to leave, in its transaction.

        Raises:
            PassiveInstance: when this host may not send from this database.
        """
        row = _locked(session)
        origin = row.origin if row else None
        if because := _objection(session, _known(row), origin, self.memory.recall()):
            raise PassiveInstance(because)
        if row is not None:
            row.generation += 1
            session.add(row)

    def adopt(self, session: Session) -> Known:
        """Make this host the owner of the database of a session.

        The host remembers it before the commit: a process that dies in between leaves a database
        from which nothing leaves, and which is adopted again.
        """
        row, host = _locked(session), self.memory.recall()
        known = [side.generation for side in (_known(row), host) if side]
        owner = Known(host.name if host else secrets.token_hex(6), max(0, *known) + 1)
        self.memory.keep(owner)
        row = row or Instance(name=owner.name, adopted_at=self.clock())
        row.name, row.generation, row.adopted_at = owner.name, owner.generation, self.clock()
        row.origin = origin_of(session)
        session.add(row)
        return owner

    def _note_origin(self) -> None:
        """Write down where the table of an earlier release is."""
        with self.database.writing() as session:
            row = _locked(session)
            if row is not None and row.origin is None:
                row.origin = origin_of(session)


def uncounted(_session: Session) -> None:
    """Count nothing: a desk without a fence."""


def mark_as_copy(session: Session, now: datetime) -> None:
    """Make the database of a session a copy, from which nothing leaves until it is adopted."""
    row = _locked(session) or Instance(name="unnamed", adopted_at=now)
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


def _found(session: Session) -> tuple[Known | None, str | None]:
    """Read row and origin past the session, which would make an object of it before each batch."""
    row = session.connection().execute(_FOUND).one_or_none()
    return (Known(row.name, row.generation), row.origin) if row else (None, None)


def _objection(
    session: Session, found: Known | None, origin: str | None, host: Known | None
) -> str | None:
    because = objection(found, host)
    return because or (moved(origin, origin_of(session)) if origin else None)


def _locked(session: Session) -> Instance | None:
    return session.get(Instance, _ROW, with_for_update=True, populate_existing=True)


def _known(row: Instance | None) -> Known | None:
    return Known(row.name, row.generation) if row else None


def _written(known: Known) -> str:
    return orjson.dumps({"name": known.name, "generation": known.generation}).decode()
