"""``newsletter serve``: site, heartbeat and sender in one process that stops cleanly."""

import signal
import socket
from typing import Annotated

import structlog
import typer

from newsletter.cli.context import service
from newsletter.heart import heartbeat
from newsletter.service import Service
from schedules.heartbeat import Heartbeat

log = structlog.get_logger()

Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.")]
Passive = Annotated[bool, typer.Option("--passive", help="Only the site: send nothing.")]


def serve(*, host: Host = "127.0.0.1", port: Port = 8000, passive: Passive = False) -> None:
    """Serve the site, look at the schedule, and send what is due."""
    run_service(service(), host, port, passive=passive)


def run_service(wired: Service, host: str, port: int, *, passive: bool = False) -> None:
    """Serve a wired service until it is told to stop; end cleanly.

    Args:
        wired: the service.
        host: address to listen on.
        port: port to listen on; 0 takes a free one.
        passive: neither look at the schedule nor send.
    """
    by_workers = wired.settings.engine == "workers"  # they look at the schedule and send
    jobs = {} if passive or by_workers else wired.heartbeat_jobs
    heart = heartbeat(jobs, wired.fence, wired.clock)
    for ending in (signal.SIGINT, signal.SIGTERM):
        # The server raises the signal again when it has stopped; it must not end us before we have.
        signal.signal(ending, lambda *_: wired.stopping.set())
    heart.start()
    try:
        _serve(wired, host, port, heart if jobs else None)
    finally:
        wired.stopping.set()  # the sending loop ends after the batch in flight
        heart.stop()
        log.info("stopped")


def _serve(wired: Service, host: str, port: int, heart: Heartbeat | None) -> None:
    import uvicorn  # noqa: PLC0415  # other commands need no web server

    from newsletter.web.app import create_app  # noqa: PLC0415
    from newsletter.web.server import Server  # noqa: PLC0415

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Only where a socket says that it is TCP does asyncio send small answers without a pause of 40 ms.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, port))
            listening.listen()  # who reads the next line may call at once
        except OSError as error:
            message = f"cannot listen on {host}:{port} ({error.strerror}); try another --port"
            raise typer.BadParameter(message) from None
        name = f"[{host}]" if ":" in host else host
        typer.echo(f"serving on http://{name}:{listening.getsockname()[1]}", err=True)
        app = create_app(wired, heart)
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,  # addresses of pages hold tokens
            server_header=False,
            timeout_graceful_shutdown=10,
        )
        Server(config, at_end=app.state.listeners.close).run(sockets=[listening])
