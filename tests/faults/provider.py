"""The loopback Postmark as the bench uses it: renewed for each trial, and the judge at its end."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from newsletter.testing.postmark.process import LoopbackPostmark, running_postmark
from tests.faults.scripts import SUPPRESSES, Script
from tests.faults.surroundings import ISSUE


@dataclass(frozen=True, slots=True)
class Copy:
    """One message of the issue that the provider accepted."""

    to: str
    message_id: str
    delivery_id: str
    attempt_id: str


@dataclass(frozen=True, slots=True)
class Provider:
    """A loopback Postmark in a process of its own, for all trials of one bench worker."""

    postmark: LoopbackPostmark

    def renew(self, script: Script, shift: timedelta) -> None:
        """Forget everything, and have in store what the script says."""
        self.postmark.reset()
        self.advance(shift)
        if any(rule.path.startswith("/templates") for rule in script.rules):
            self._forget_templates()
        if script.suppressed:
            self.postmark.suppress(*sorted(SUPPRESSES))
        if script.index:
            self.postmark.index(**script.index)
        if script.a_job_takes:
            self.postmark.bulk(seconds=script.a_job_takes)
        if script.rules:
            self.postmark.plan(*script.rules)

    def advance(self, by: timedelta) -> None:
        """Let time pass at the provider."""
        self.postmark.clock(by.total_seconds())

    def end_faults(self) -> None:
        """From now on everything works."""
        self.postmark.plan()
        self.postmark.index()

    def copies(self) -> list[Copy]:
        """Read what was accepted of the issue; notices and messages to nobody are none of it."""
        prefix = f"{ISSUE}-"
        return [
            Copy(row["To"], row["MessageID"], delivery, str(row["Metadata"].get("batch-id")))
            for row in self.postmark.accepted()
            if (delivery := _delivery_id(row)).startswith(prefix)
        ]

    def _forget_templates(self) -> None:
        _, known = self.postmark.call("GET", "/templates?count=500&offset=0")
        for template in known["Templates"]:
            self.postmark.call("DELETE", f"/templates/{template['TemplateId']}")


@contextmanager
def provider(folder: Path) -> Iterator[Provider]:
    """Start a loopback Postmark that is stopped at the end."""
    with running_postmark(folder / "postmark.log") as postmark:
        yield Provider(postmark)


def _delivery_id(row: dict[str, Any]) -> str:
    return str(row["Metadata"].get("delivery-id", ""))
