"""A database that is away for a while, by a time of its own in which nobody waits."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from newsletter.database import Database


class Away(Database):
    """The same database as another one, but away for the next seconds of waiting once it is told to be.

    Attributes:
        waited: the pauses between tries.
        seconds: for how long it is still away.
    """

    def __init__(self, database: Database) -> None:
        """Be there at first."""
        super().__init__(database.engine.url.render_as_string(hide_password=False), self._pass)
        self.waited: list[float] = []
        self.seconds = 0.0

    def _pass(self, pause: float) -> bool:
        self.waited.append(pause)
        self.seconds -= pause
        return False

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Refuse while it is away, at once, as a server that is being started again does."""
        if self.seconds > 0:
            raise OperationalError("BEGIN", None, ConnectionRefusedError("nobody listens"))
        with super().writing() as session:
            yield session
