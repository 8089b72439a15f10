"""The one place that asks what time it is, and the column type that keeps instants aware."""

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import DateTime
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

Clock = Callable[[], datetime]
"""A callable that gives the present instant, aware, in UTC."""


def system_clock() -> datetime:
    """Give the present instant from the operating system, aware, in UTC."""
    return datetime.now(UTC)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware going in, stored as UTC, aware in UTC coming out.

    SQLite returns naive values for ``DateTime(timezone=True)``, and a naive value compared with
    an aware one is an error far away from its cause; so both ends are held to awareness here.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant needs a time zone: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
