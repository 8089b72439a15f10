"""How every command behaves: exit 0 when done, 1 when refused with a reason, 2 for wrong usage."""

from contextlib import ExitStack
from contextvars import ContextVar
from typing import Any

import typer
from typer.core import TyperGroup

from newsletter.errors import NewsletterError
from newsletter.settings import InvalidSettings
from schedules.errors import ScheduleError
from subscribers.errors import SubscriberError

REFUSALS = (NewsletterError, SubscriberError, ScheduleError)

at_the_end: ContextVar[ExitStack] = ContextVar("at_the_end")
"""What is closed when the present command ends."""


class Commands(TyperGroup):
    """A group whose refusals are one line on standard error: the code and what to do."""

    def invoke(self, ctx: typer.Context) -> Any:  # type: ignore[override]  # Typer's own Context
        """Run the command; turn a refusal into its line and exit code."""
        with ExitStack() as stack:
            before = at_the_end.set(stack)
            try:
                return super().invoke(ctx)
            except REFUSALS as refusal:
                typer.echo(f"{refusal.code}: {refusal}", err=True)
                raise typer.Exit(2 if isinstance(refusal, InvalidSettings) else 1) from None
            finally:
                at_the_end.reset(before)


def new_group(summary: str) -> typer.Typer:
    """Make a group of commands."""
    return typer.Typer(
        help=summary, cls=Commands, no_args_is_help=True, pretty_exceptions_enable=False
    )
