"""Postmark's list of bulk jobs: it tells whether a call whose answer was lost became one at all."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from newsletter.delivery.transport import Job
from newsletter.delivery.transports.postmark_bulk import job_id, read_job
from newsletter.delivery.transports.postmark_shelf import Ask

_A_PAGE = 100
_MOST_PAGES = 1_000
"""Far more than a month of a list of a million needs; a list that never ends must not hold us up."""


def jobs_since(ask: Ask, since: datetime) -> Mapping[str, Job] | None:
    """List all jobs of a server since an instant, whoever handed them in.

    Whoever believes that a job is not there sends its letters again, so that the list counts as a
    whole or not at all: each page is one list, newest first, with nothing beside it but the key of
    the next page, and each job tells its name, when it came and how far it is. What the list is
    called is documented nowhere, and so it is not asked for by name.

    Returns:
        The jobs by name; None when there is no whole list, or none that is understood.
    """
    found: dict[str, Job] = {}
    asked: dict[str, Any] = {"count": _A_PAGE}
    before: datetime | None = None
    try:
        for _ in range(_MOST_PAGES):
            answer = ask("GET", "/email/bulk", **asked)
            if answer.trouble is not None:
                return None
            rows, key = _page(answer.body)
            for row in rows:
                name, job, at = _read(row)
                if before is not None and at > before:
                    return None
                before = at
                found[name] = job
            if not key or (before is not None and before < since):
                return found
            asked = {"count": _A_PAGE, "paginationKey": key}
    except (AttributeError, KeyError, TypeError, ValueError):
        pass
    return None


def _page(body: Any) -> tuple[list[Any], str]:
    """Take a page apart into its rows and the key of the next page, empty on the last one."""
    fields = {name.casefold(): value for name, value in body.items()}
    key = fields.pop("paginationkey", None) or ""
    [rows] = fields.values()
    if not isinstance(rows, list) or not isinstance(key, str):
        raise TypeError
    return rows, key


def _read(row: Any) -> tuple[str, Job, datetime]:
    # A job that is over may leave out how many it released, which nobody asks of the list.
    name, job = job_id(row), read_job({"ReleasedCount": 0, **row})
    at = datetime.fromisoformat(row["SubmittedAt"])
    if name is None or job is None or at.tzinfo is None:
        raise ValueError
    return name, job, at
