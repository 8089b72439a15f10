"""The loopback Postmark as a process of its own, started and stopped by a test or a benchmark."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson
import requests

from newsletter.testing.postmark.faults import Rule

TOKEN = "loopback-token"  # noqa: S105 -- it opens nothing


@dataclass(frozen=True, slots=True)
class LoopbackPostmark:
    """A running loopback Postmark.

    Attributes:
        url: where it listens.
        log: its file of accepted messages.
        pid: of its process.
    """

    url: str
    log: Path
    pid: int

    def plan(self, *rules: Rule) -> None:
        """Set the faults to come; without any, everything works again."""
        self.call("POST", "/control/plan", [asdict(rule) for rule in rules])

    def suppress(self, *addresses: str, stream: str = "broadcast") -> None:
        """Make Postmark refuse recipients on a stream."""
        entries = [{"EmailAddress": address} for address in addresses]
        self.call("POST", f"/message-streams/{stream}/suppressions", {"Suppressions": entries})

    def accepted(self) -> list[dict[str, Any]]:
        """Read the log: every message that was accepted since it exists, in order."""
        with self.log.open("rb") as lines:
            return [orjson.loads(line) for line in lines]

    def call(
        self, method: str, path: str, data: object = None, *, token: str = TOKEN
    ) -> tuple[int, Any]:
        """Make a call of one's own; give the status and the decoded body."""
        headers: Mapping[str, str] = {
            "Accept": "application/json",
            "Content-Type": "application/json",
            "X-Postmark-Server-Token": token,
        }
        body = None if data is None else orjson.dumps(data)
        with requests.Session() as session:
            session.trust_env = False
            answer = session.request(
                method, self.url + path, data=body, headers=headers, timeout=30
            )
        return answer.status_code, orjson.loads(answer.content)


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
