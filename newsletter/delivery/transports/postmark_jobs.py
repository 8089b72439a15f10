"""Postmark's list of bulk jobs: it tells whether a call whose answer was lost became one at all."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from newsletter.delivery.transport import Job
from newsletter.delivery.transports.postmark_bulk import job_id, read_job
from newsletter.delivery.transports.postmark_shelf import Ask

_A_PAGE = 100
_MOST_PAGES = 1_000
"""More than a few days of the largest lists need; one that never ends must not hold us up."""


def jobs_since(ask: Ask, since: datetime) -> Mapping[str, Job] | None:
    """List all jobs of a server since an instant, whoever handed them in.

    Whoever believes that a job is not there sends its letters again, so that the list counts as a
    whole or not at all. Its pages hold ``Requests``, newest first, and ``PaginationKey``, which is
    missing on the last one; whatever else a page holds may mean that there is more.

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
                if at < since:
                    return found
                found[name] = job
            if not key:
                return found
            asked = {"count": _A_PAGE, "paginationKey": key}
    except (AttributeError, KeyError, TypeError, ValueError):
        pass
    return None


def _page(body: Any) -> tuple[list[Any], str]:
    """Take a page apart into its rows and the key of the next page, empty on the last one."""
    fields = {name.casefold(): value for name, value in body.items()}
    rows, key = fields.pop("requests"), fields.pop("paginationkey", None) or ""
    if fields or not isinstance(rows, list) or not isinstance(key, str):
        raise ValueError
    return rows, key


def _read(row: Any) -> tuple[str, Job, datetime]:
    name, job, at = job_id(row), read_job(row), datetime.fromisoformat(row["SubmittedAt"])
    if name is None or job is None or at.tzinfo is None:
        raise ValueError
    return name, job, at
