"""The engine, and the two scopes in which everything reads or writes.

Whoever opens a scope commits it; nothing below commits or rolls back. On SQLite the writing
scope begins with ``BEGIN IMMEDIATE``: a plain ``BEGIN`` that reads first and writes later fails
at once under concurrency, and the driver's own default loses updates without an error.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import chain, count, repeat
from typing import Any, NamedTuple, TypeVar

import orjson
import structlog
from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    Engine,
    Integer,
    Select,
    SQLColumnExpression,
    String,
    any_,
    bindparam,
    cast,
    create_engine,
    event,
    func,
    make_url,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlmodel import Session, SQLModel

log = structlog.get_logger()

MOST_CONNECTIONS = 72
"""Of one process: a worker has up to 64 threads, and what beats beside them needs a few."""

_POOL = {"pool_size": 8, "max_overflow": MOST_CONNECTIONS - 8}

_BEGIN = "newsletter_begin"
_DEADLOCK = "40P01"
"""How PostgreSQL calls it, and SQLite, where writers take turns, knows none."""

_PAUSES = (0.0, 0.5, 1.0, 2.0, 5.0)
"""Seconds between tries, the last of them again and again. A deadlock, and a connection that was cut, are
over at once; a server that is started again takes a moment."""

PATIENCE = timedelta(seconds=90)
"""With a database that is away, or locked. For a lock each try waits half a minute by itself on SQLite."""

_LONGEST_PATIENCE = timedelta(hours=1)
"""A lease may be a day, and whoever waits here sends nothing else."""

UNAVAILABLE = (OperationalError, InternalError, InterfaceError, PoolTimeout)
"""What a database brings about that is locked, full, away, or read-only since another took its place,
and what a pool does whose connections are all in use: the next try may succeed."""

_Result = TypeVar("_Result")


def _sleep(seconds: float) -> bool:
    """Wait on, also when this process is asked to end: what it has in hand is written down first."""
    time.sleep(seconds)
    return False


class Database:
    """One database, SQLite or PostgreSQL, with a reading and a writing scope."""

    def __init__(self, url: str, wait: Callable[[float], bool] = _sleep) -> None:
        """Make the engines; nothing is opened before the first scope.

        Args:
            url: see ``engine_for``.
            wait: waits so many seconds before a further try; True ends the tries.
        """
        self._wait = wait
        self.engine = engine_for(url)
        self.writer = self.engine.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"})

    @property
    def is_sqlite(self) -> bool:
        """Say whether this is the embedded database."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a session for reading; what it changed is thrown away, what it read stays read."""
        with Session(self.engine) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Open a session for writing; commit at the end, roll back on any error."""
        with Session(self.writer, expire_on_commit=False) as session:
            try:
                yield session
                session.commit()
            except BaseException:
                session.rollback()
                raise

    def write(self, work: Callable[[Session], _Result]) -> _Result:
        """Do some work in a scope for writing, and once more when a deadlock has undone it.

        PostgreSQL ends deadlocks by failing one of the two, which is right the second time: the
        other one is over by then.
        """
        try:
            with self.writing() as session:
                return work(session)
        except OperationalError as fault:
            if getattr(fault.orig, "sqlstate", None) != _DEADLOCK:
                raise
        with self.writing() as session:
            return work(session)

    def write_surely(
        self, work: Callable[[Session], _Result], lasting: timedelta = PATIENCE
    ) -> _Result:
        """Do some work in a scope for writing, as often as it takes while patience lasts.

        For what cannot be had again, such as a provider's answer, which is worth more than the time
        in which a server is started again.

        Args:
            work: may be done again when only the word of its commit was lost.
            lasting: for how long it is worth trying; ``PATIENCE`` at least, and at most an hour.
        """
        left = min(max(lasting, PATIENCE), _LONGEST_PATIENCE).total_seconds()
        for tried, pause in zip(count(), chain(_PAUSES, repeat(_PAUSES[-1])), strict=False):
            begun = time.monotonic()
            try:
                with self.writing() as session:
                    done = work(session)
            except UNAVAILABLE as fault:
                if not tried:
                    log.warning("database_unavailable", kind=type(fault).__name__)
                left -= time.monotonic() - begun + pause
                if left < 0 or self._wait(pause):
                    raise
            else:
                if tried:
                    log.info("written_after_all", tries=tried + 1)
                return done
        raise AssertionError  # the pauses have no end

    def close(self) -> None:
        """Close all pooled connections."""
        self.engine.dispose()


def engine_for(url: str) -> Engine:
    """Make an engine with this service's rules; its errors never show a parameter.

    Args:
        url: ``sqlite:///path`` or ``postgresql+psycopg://…``.
    """
    if url.startswith("sqlite"):
        in_memory = make_url(url).database in (None, "", ":memory:")  # has one connection a thread
        engine = create_engine(
            url,
            connect_args={"timeout": 30},
            hide_parameters=True,
            json_serializer=_json,
            **({} if in_memory else _POOL),
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    engine = create_engine(
        url,
        pool_pre_ping=True,
        **_POOL,
        hide_parameters=True,
        json_serializer=_json,
    )
    event.listen(engine, "connect", _prepare_postgresql)
    return engine


def insert_into(session: Session, table: type[SQLModel]) -> postgresql.Insert | sqlite.Insert:
    """Begin an insert that can say what a conflict does: in SQL alike, but not in SQLAlchemy."""
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


class LookUp(NamedTuple):
    """What a mapping has for the key of a row, in SQL.

    Attributes:
        value: the value, or NULL where it has nothing.
        has_key: whether it has something.
    """

    value: ColumnElement[str]
    has_key: ColumnElement[bool]


def looked_up(dialect: str, values: str, key: ColumnElement[int]) -> LookUp:
    """Look the key of each row up in a mapping.

    However large, it is one parameter: a change of many rows, each to a value of its own, is one
    statement that is bound once. And as nothing is joined, no planner can choose a bad order.

    PostgreSQL keeps the keys of such a parameter sorted. SQLite compares the whole of it at each look with what
    it read last, and then searches from the beginning on: so there it becomes a table first, which is indexed
    by itself, and a batch is written down in half of the time. The table is made inside of the statement: of one
    that begins with ``WITH`` Python's driver does not say how many rows it changed.

    Args:
        dialect: the name of the database's.
        values: the name of the parameter, which gets the mapping, from whole numbers to texts, none of them None.
        key: a whole number.
    """
    if dialect == "sqlite":
        each = func.json_each(bindparam(values, type_=JSON)).table_valued("key", "value")
        number = cast(each.c.key, Integer).label("key")
        given = select(number, each.c.value).cte(values, nesting=True).prefix_with("MATERIALIZED")
        found = select(given.c.value).where(given.c.key == key).scalar_subquery()
        return LookUp(found, key.in_(select(number)))
    mapping = bindparam(values, type_=postgresql.JSONB)
    value = func.jsonb_extract_path_text(mapping, cast(key, String))
    return LookUp(value, value.is_not(None))


def among(dialect: str, key: SQLColumnExpression[Any], asked: Select[Any]) -> ColumnElement[bool]:
    """Say in SQL that the key of a row is one of some that a question gives, few beside the rows.

    PostgreSQL answers the question first and looks up what it gave, in the order of the keys. Of a join, or of
    ``IN``, its planner may think that all rows are as quickly read: for a batch of 500 it did so up to
    30,000 readers, and up to 100,000 that it had not analysed, at ten times the price.

    Args:
        dialect: the name of the database's.
        key: an indexed column.
        asked: gives keys.
    """
    if dialect == "sqlite":
        return key.in_(asked)
    return key == any_(func.array(asked.scalar_subquery()))


def refresh_statistics(session: Session, table: type[SQLModel]) -> None:
    """Let PostgreSQL look at a table that has just grown by much, in the same transaction.

    Its planner thinks that there are hardly any rows of what came since it last looked, here of the
    new issue, and then reads all of them to find a batch: 23 ms for each claim among 100,000 readers, ten
    times as long among a million. SQLite follows the indexes without being told.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"ANALYZE {table.__tablename__}"))


def _json(value: Any) -> str:
    """Write JSON; numbers may be keys, and the receipts of a batch are quickly written."""
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",  # an acknowledged unsubscribe must survive a power cut
        "foreign_keys = ON",
        "busy_timeout = 30000",
        "trusted_schema = OFF",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _prepare_postgresql(connection: Any, _record: Any) -> None:
    """Let each question be answered by one process, and by a plan made for it.

    Two more that help to count a hundred thousand copies take 60 % more of the processors for it,
    which the other workers want, too. A statement that psycopg prepared, after five times, would be
    unknown to the server that a pooler gives the next transaction to.
    """
    connection.prepare_threshold = None
    connection.execute("SET max_parallel_workers_per_gather = 0")
    connection.commit()


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get(_BEGIN, "BEGIN"))
