"""Postmark's bulk API: one body and many readers, taken as a job that is worked off by itself."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from newsletter.delivery.message import Message, Outcome, Receipt
from newsletter.delivery.transport import Job

_TAKEN = frozenset({"accepted", "processing", "completed"})
_STATES: Mapping[str, Literal["working", "completed", "cancelled"]] = {
    "accepted": "working",
    "processing": "working",
    "completed": "completed",
    "cancelled": "cancelled",
    "failed": "cancelled",
}
"""By Postmark's word. Its pages say Cancelled where its libraries say Failed."""

BULK_ACCEPTED = "bulk-accepted"

_DOUBTFUL = Receipt(
    Outcome.UNKNOWN,
    code="inconsistent-answer",
    detail="Postmark's answer names no job for just these messages, so it is not believed.",
)


def read_bulk(body: Any, messages: Sequence[Message]) -> list[Receipt]:
    """Give the receipts of messages that Postmark took as a job.

    A job has taken all or nothing, but says of no message whether it will leave: only the search
    tells, later. So the receipts hold the job's id, and leave open what became of the message.
    """
    job = job_id(body)
    fits = job and _count(body, "TotalMessages", len(messages)) == len(messages)
    if not fits or _word(body) not in _TAKEN:
        return [_DOUBTFUL] * len(messages)
    taken = Receipt(
        Outcome.UNKNOWN,
        provider_id=job,
        code=BULK_ACCEPTED,
        detail="Postmark has taken the call as a job; its search will show what has left.",
    )
    return [taken] * len(messages)


def read_job(body: Any) -> Job | None:
    """Read how far a job is, or None when the answer cannot be read."""
    state = _STATES.get(_word(body))
    total, released, failed = (
        _count(body, name) for name in ("TotalMessages", "ReleasedCount", "FailedCount")
    )
    if state is None or total is None:
        return None
    if state != "working" and released is None:
        return None  # what is left out is not nothing: it may have released all of it
    return Job(state, total, released or 0, failed or 0)


def job_id(body: Any) -> str | None:
    """Read the name of a job; Postmark's libraries disagree about how it is spelled."""
    found = (body.get("Id") or body.get("ID")) if isinstance(body, dict) else None
    return found if isinstance(found, str) else None


def _word(body: Any) -> str:
    return str(body.get("Status")).lower() if isinstance(body, dict) else ""


def _count(body: Any, name: str, otherwise: int | None = None) -> int | None:
    found = body.get(name, otherwise) if isinstance(body, dict) else None
    return found if isinstance(found, int) else None
