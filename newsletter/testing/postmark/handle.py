"""The handle by which a test steers a loopback Postmark that runs somewhere."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

import orjson
import requests

from newsletter.testing.postmark.faults import Rule
from newsletter.testing.postmark.suppressions import MOST_ADDRESSES

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
        self._control("plan", [asdict(rule) for rule in rules])

    def reset(self) -> None:
        """Forget everything but the templates, and empty the log."""
        self._control("reset", {})

    def clock(self, advance: float = 0.0) -> datetime:
        """Move the virtual clock forward by seconds, and give its instant."""
        return datetime.fromisoformat(self._control("clock", {"advance": advance})["now"])

    def index(self, **indexing: Any) -> None:
        """Set how well the search works; see ``index.Indexing``; without any, perfectly."""
        self._control("index", indexing)

    def account(self, **approvals: bool) -> None:
        """Set what Postmark has approved; see ``account.Approvals``."""
        self._control("account", approvals)

    def bulk(self, *, seconds: float = 0.0) -> None:
        """Set how long bulk jobs take from now on."""
        self._control("bulk", {"seconds": seconds})

    def cancel(self, job_id: str) -> None:
        """Stop a bulk job, as Postmark's people may."""
        self._control("bulk", {"cancel": job_id})

    def webhooks(self, url: str, **webhook: Any) -> None:
        """Configure the one webhook; see ``webhooks.Webhook``."""
        self._control("webhooks", {"url": url, **webhook})

    def events(self, *events: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Make things happen, see ``events.Events.happen``; give the webhook bodies of them."""
        bodies: list[dict[str, Any]] = self._control("events", events)["events"]
        return bodies

    def deliver(self) -> dict[str, int]:
        """Make the webhook calls that are due; count sent, accepted, waiting and dropped ones."""
        answer = self._control("webhooks/deliver", {}, patience=600)
        return {name: answer[name] for name in ("sent", "accepted", "waiting", "dropped")}

    def suppress(self, *addresses: str, stream: str = "broadcast") -> None:
        """Make Postmark refuse recipients on a stream."""
        for start in range(0, len(addresses), MOST_ADDRESSES):
            entries = [
                {"EmailAddress": address} for address in addresses[start : start + MOST_ADDRESSES]
            ]
            self.call("POST", f"/message-streams/{stream}/suppressions", {"Suppressions": entries})

    def accepted(self) -> list[dict[str, Any]]:
        """Read the log: every message that was accepted since it exists, in order."""
        with self.log.open("rb") as lines:
            return [orjson.loads(line) for line in lines]

    def call(
        self,
        method: str,
        path: str,
        data: object = None,
        *,
        token: str = TOKEN,
        patience: float = 30,
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
                method, self.url + path, data=body, headers=headers, timeout=patience
            )
        return answer.status_code, orjson.loads(answer.content)

    def _control(self, name: str, data: object, *, patience: float = 30) -> dict[str, Any]:
        status, answer = self.call("POST", f"/control/{name}", data, patience=patience)
        if status != HTTPStatus.OK:
            raise ValueError(answer["Message"])
        return dict(answer)
