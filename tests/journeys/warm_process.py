"""Commands in processes that need not import the product: nine tenths of what a short command takes.

``serve`` and ``worker``, the demo and some tests of the settings still begin as a user's do.
"""

import multiprocessing
import os
import runpy
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from multiprocessing.context import ForkServerContext
from pathlib import Path

_OURS = ("newsletter.cli", "newsletter.delivery.transports.postmark", "newsletter.preflight")


def run(
    words: Sequence[str], folder: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run ``python -m newsletter`` in a process of its own, forked from one that nothing else uses.

    Args:
        words: after the name of the program.
        folder: where it runs.
        environment: all of it.

    Returns:
        As of ``subprocess.run``; a negative code is the signal that ended it.
    """
    with tempfile.TemporaryDirectory() as place:
        out, err = Path(place) / "out", Path(place) / "err"
        process = _server().Process(
            target=_become, args=(tuple(words), folder, dict(environment), out, err)
        )
        process.start()
        process.join()
        code = process.exitcode
        assert code is not None
        return subprocess.CompletedProcess(words, code, out.read_text(), err.read_text())


def _server() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(_OURS))
    return context


def _become(
    words: Sequence[str], folder: Path, environment: Mapping[str, str], out: Path, err: Path
) -> None:
    for number, file in ((1, out), (2, err)):
        os.dup2(os.open(file, os.O_CREAT | os.O_WRONLY), number)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv = ["newsletter", *words]
    runpy.run_module("newsletter", run_name="__main__", alter_sys=True)
