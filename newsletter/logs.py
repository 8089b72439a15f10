"""Structured logs: constant event names, values as fields, and no address or token ever.

Events are named in the past tense, ``batch_recorded``; ids are logged, never objects.
"""

import logging
import re
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

_ADDRESS = re.compile(
    r"""(?P<local>"[^"\r\n]{1,64}"|(?:[^\s@<>"'(),;:=\[\]{}]|(?<=\w)'(?=\w)){1,64})"""
    r"""(?:@|%40)"""
    r"""(?P<domain>\[[\w.:]{2,60}\]|[^\W_](?:[\w.-]*[^\W_])?)"""
)
"""Rather too much than too little: ``user@host`` may be no address, and is masked all the same."""
_TOKEN = re.compile(
    r"(/(?:unsubscribe|manage|confirm|never|vote|undo|export|erase|address|decide)/)[^\s\"'<>?]+"
)


def set_up(style: str, level: str) -> None:
    """Send all logs, ours and the libraries', to standard error in one form.

    Args:
        style: "console", "json", or "auto" for console on a terminal and JSON elsewhere.
        level: "debug", "info", "warning" or "error"; libraries never log below "warning".
    """
    human = style == "console" or (style == "auto" and sys.stderr.isatty())
    steps: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        hide_people,
    ]
    final = structlog.dev.ConsoleRenderer() if human else structlog.processors.JSONRenderer()
    least = logging.getLevelName(level.upper())
    structlog.configure(
        processors=[*steps, final],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=lambda *_names: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = _StandardError()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, final],
            foreign_pre_chain=steps,
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


class _StandardError(logging.Handler):
    """Writes to what standard error is now, which need not be what it was at the start."""

    def emit(self, record: logging.LogRecord) -> None:
        sys.stderr.write(self.format(record) + "\n")


def hide_people(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Mask addresses and tokens in every value of a log record, whoever wrote it."""
    return {key: _masked(value) for key, value in event.items()}


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        if "@" in value or "%40" in value:
            value = _ADDRESS.sub(_mask, value)
        return _TOKEN.sub(r"\1…", value)
    if isinstance(value, dict):
        return {key: _masked(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(inner) for inner in value]
    return value


def _mask(found: re.Match[str]) -> str:
    first = found["local"].lstrip('"')[:1]
    return f"{first}…@{found['domain']}"
