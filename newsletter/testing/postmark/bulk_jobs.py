"""A bulk request on its way, and the keys by which the list of them is paged."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from newsletter.testing.postmark.exchange import Refused


@dataclass(slots=True)
class Job:
    """A bulk request that was taken.

    Attributes:
        id: of the job.
        submitted_at: when.
        subject: as it was given, placeholders and all.
        messages: each with the shared fields filled in.
        released: how many were sent.
        failed: how many could not be, since they are suppressed or cannot be rendered.
        cancelled: whether no more messages will be released.
    """

    id: str
    submitted_at: str
    subject: str | None
    messages: Sequence[Mapping[str, Any]] = field(repr=False)
    released: int = 0
    failed: int = 0
    cancelled: bool = False

    def shown(self) -> dict[str, Any]:
        """Give the job as the API shows it; what is unknown is left out."""
        done, total = self.released + self.failed, len(self.messages)
        status = "Accepted" if not done else "Processing" if done < total else "Completed"
        if self.cancelled:
            status = "Cancelled"
        subject = {} if self.subject is None else {"Subject": self.subject}
        return {
            "Id": self.id,
            "Status": status,
            "SubmittedAt": self.submitted_at,
            "TotalMessages": total,
            "PercentageCompleted": 100 * done // total,
            "ReleasedCount": self.released,
            "FailedCount": self.failed,
            **subject,
        }


def write_key(start: int) -> str:
    """Give the key of the page that begins with this row."""
    return base64.urlsafe_b64encode(f"from {start}".encode()).decode().rstrip("=")


def read_key(key: str) -> int:
    """Give the row with which a page begins; without a key it is the first.

    Raises:
        Refused: when it is none of our keys.
    """
    if not key:
        return 0
    try:
        return int(base64.urlsafe_b64decode(key + "==").decode().removeprefix("from "))
    except ValueError:
        raise Refused(13, "Invalid pagination key.") from None
