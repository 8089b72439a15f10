"""``newsletter worker``: one of any number of processes that send, on as many machines."""

from typing import Annotated

import typer

from newsletter.cli.context import service
from newsletter.settings import InvalidSettings

Threads = Annotated[int, typer.Option(min=1, max=64, help="Jobs at a time.")]
Once = Annotated[bool, typer.Option("--once", help="End as soon as no job is left.")]


def worker(*, threads: Threads = 8, once: Once = False) -> None:
    """Send what is due, together with all other workers on the same PostgreSQL."""
    wired = service()
    if wired.settings.engine != "workers":
        raise InvalidSettings(
            "NEWSLETTER_ENGINE: a worker needs NEWSLETTER_ENGINE=workers, and so does newsletter "
            "serve, which sends by itself otherwise"
        )
    from newsletter.worker import Worker  # noqa: PLC0415  # only here the engine is needed

    Worker(wired, threads, once=once).run()
