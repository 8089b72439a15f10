"""The commands as an operator types them: a process of its own, its own data folder."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from tests.canary import CANARY, lines_of_log
from tests.journeys import warm_process

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "newsletter" / "demo" / "comparisons"


class Operator:
    """Somebody with a shell, some settings, and no knowledge of the inside."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        outside = {
            name: value for name, value in os.environ.items() if not name.startswith("NEWSLETTER_")
        }
        given = {
            "DATA_DIR": str(folder),
            "POSTAL_ADDRESS": "1 Test Street",
            "LOG_LEVEL": "warning",
            "BASE_URL": "http://localhost",
            **settings,
        }
        self.environment = outside | {f"NEWSLETTER_{name}": value for name, value in given.items()}

    def run(
        self, *words: str, fault: str = "", **settings: str
    ) -> subprocess.CompletedProcess[str]:
        more = {f"NEWSLETTER_{name}": value for name, value in settings.items()}
        if fault:
            more["NEWSLETTER_FAULT"] = fault
        done = warm_process.run(words, ROOT, self.environment | more)
        _listen(done.stderr)
        return done

    def must(self, *words: str) -> str:
        done = self.run(*words)
        assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
        return done.stdout

    def json(self, *words: str) -> Any:
        return orjson.loads(self.must(*words, "--json"))

    def readers(self, count: int) -> list[str]:
        addresses = [f"reader{number}@example.org" for number in range(1, count + 1)]
        file = self.folder.with_suffix(".csv")
        file.write_text("email\n" + "\n".join(addresses))
        self.must("subscribers", "import", str(file), "--consent", "a test")
        return addresses

    @contextmanager
    def serving(self, *words: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
        """Run ``newsletter serve`` on a free port; give its address."""
        with subprocess.Popen(
            [sys.executable, "-m", "newsletter", "serve", "--port", "0", *words],
            cwd=ROOT,
            env=self.environment,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stderr is not None
            try:
                line = next(line for line in process.stderr if "serving on" in line)
                yield line.split()[-1], process
            finally:
                if process.poll() is None:
                    process.send_signal(signal.SIGTERM)
                process.wait(timeout=60)
                _listen(process.stderr.read())


def _listen(stderr: str) -> None:
    for line in lines_of_log(stderr):
        CANARY.hear("a log of the commands", line)
