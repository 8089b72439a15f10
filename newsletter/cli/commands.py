"""How every command behaves: exit 0 when done, 1 when refused with a reason, 2 for wrong usage."""

import errno
import re
import sqlite3
from contextlib import ExitStack
from contextvars import ContextVar
from typing import Any

import typer
from sqlalchemy.exc import DBAPIError
from typer.core import TyperGroup

from newsletter.errors import NewsletterError
from newsletter.settings import InvalidSettings
from schedules.errors import ScheduleError
from subscribers.errors import SubscriberError

REFUSALS = (NewsletterError, SubscriberError, ScheduleError)

at_the_end: ContextVar[ExitStack] = ContextVar("at_the_end")
"""What is closed when the present command ends; it may refuse, too."""

_QUOTED = re.compile(r"""(["']).*?\1""")


class Commands(TyperGroup):
    """A group whose refusals are one line on standard error: the code and what to do."""

    def invoke(self, ctx: typer.Context) -> Any:  # type: ignore[override]  # Typer's own Context
        """Run the command; turn a refusal into its line and exit code."""
        try:
            return self._invoke_and_close(ctx)
        except REFUSALS as refusal:
            line = f"{refusal.code}: {refusal}"
            status = 2 if isinstance(refusal, InvalidSettings) else 1
        except DBAPIError as error:
            line, status = _database_line(error.orig), 1
        except sqlite3.Error as error:
            line, status = _database_line(error), 1
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise  # whoever read our output has left; that needs no words
            line, status = f"system: {error.strerror or error}{_at(error.filename)}", 1
        typer.echo(line, err=True)
        raise typer.Exit(status)

    def _invoke_and_close(self, ctx: typer.Context) -> Any:
        with ExitStack() as stack:
            before = at_the_end.set(stack)
            try:
                return super().invoke(ctx)
            finally:
                at_the_end.reset(before)


def _database_line(error: BaseException | None) -> str:
    """Say what the driver said, without what it quotes: that may be a piece of a password."""
    said = str(error).strip().partition("\n")[0]
    return (
        f"database: {_QUOTED.sub('…', said)}; see whether it runs, NEWSLETTER_DATABASE_URL is "
        "right and the data folder is whole; otherwise restore a backup"
    )


def _at(place: object) -> str:
    return f": {place}" if place else ""


def new_group(summary: str) -> typer.Typer:
    """Make a group of commands."""
    return typer.Typer(
        help=summary, cls=Commands, no_args_is_help=True, pretty_exceptions_enable=False
    )
