"""The loopback Postmark as a process of its own, started and stopped by a test or a benchmark."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from newsletter.testing.postmark.handle import TOKEN, LoopbackPostmark

__all__ = ["TOKEN", "LoopbackPostmark", "running_postmark"]


@contextmanager
def running_postmark(log: Path, *, keep_bodies: bool = False) -> Iterator[LoopbackPostmark]:
    """Start a loopback Postmark on a free port and stop it at the end.

    Args:
        log: file of accepted messages; it is appended to, so it outlives restarts.
        keep_bodies: whether rendered content is logged as well.
    """
    command = [sys.executable, "-m", "newsletter.testing.postmark", "--until-input-ends"]
    command += ["--token", TOKEN, "--log", str(log), *(["--keep-bodies"] if keep_bodies else [])]
    with subprocess.Popen(  # noqa: S603 -- our own module
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        try:
            yield LoopbackPostmark(url, log, process.pid)
        finally:
            process.terminate()
