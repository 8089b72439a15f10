"""Postmark's list of bulk jobs is believed as a whole or not at all."""

from datetime import UTC, datetime
from typing import Any

import pytest

from newsletter.delivery.transport import Job
from newsletter.delivery.transports.postmark_answers import Answer
from newsletter.delivery.transports.postmark_jobs import jobs_since

MONTH_AGO = datetime(2026, 10, 24, tzinfo=UTC)


def row(name: str, at: str = "2026-11-23T09:00:00.1234567Z", **fields: Any) -> dict[str, Any]:
    counts = {"TotalMessages": 3, "ReleasedCount": 2, "FailedCount": 1}
    return {"Id": name, "Status": "Completed", "SubmittedAt": at, **counts, **fields}


class Pages:
    """Answers with one page after the other, and keeps what it was asked."""

    def __init__(self, *pages: Any) -> None:
        self._pages = list(pages)
        self.asked: list[dict[str, Any]] = []

    def __call__(self, method: str, path: str, **query: Any) -> Answer:
        self.asked.append({"method": method, "path": path, **query})
        return Answer(body=self._pages.pop(0))


def listed(*pages: Any) -> Any:
    return jobs_since(Pages(*pages), MONTH_AGO)


def test_pages_are_turned_by_their_key_however_it_is_spelled():
    first = {"Requests": [row("two")], "paginationKey": "next"}
    pages = Pages(first, {"requests": [row("one")], "PaginationKey": None})

    assert jobs_since(pages, MONTH_AGO) == {
        name: Job("completed", 3, 2, 1) for name in ("two", "one")
    }
    assert [asked.get("paginationKey") for asked in pages.asked] == [None, "next"]


def test_older_jobs_are_left_out_and_no_further_page_is_asked_for():
    page = {"Requests": [row("new"), row("old", "2026-10-01T09:00:00Z")], "PaginationKey": "next"}
    pages = Pages(page)

    assert set(jobs_since(pages, MONTH_AGO) or ()) == {"new"}
    assert len(pages.asked) == 1


@pytest.mark.parametrize(
    "page",
    [
        {},
        [],
        None,
        {"Requests": None},
        {"Errors": []},
        {"Items": [row("one")]},
        {"Requests": [row("one")], "Others": []},
        {"Requests": [row("one")], "TotalCount": 7},
        {"Requests": [row("one")], "PaginationKey": 5},
        {"Requests": [row("one", "2026-11-23T09:00:00Z"), row("two", "2026-11-23T10:00:00Z")]},
        {"Requests": [row("one", "2026-11-23T09:00:00")]},
        {"Requests": [row("one", "on Monday")]},
        {"Requests": [row("one", Status="Brewing")]},
        {"Requests": [row("one", TotalMessages=None)]},
        {"Requests": [row("one", ReleasedCount=None)]},
        {"Requests": [row("one", Id=None)]},
        {"Requests": ["one"]},
    ],
)
def test_a_list_that_is_not_understood_is_none(page):
    assert listed(page) is None


def test_a_list_that_breaks_off_is_none():
    first = {"Requests": [row("one")], "PaginationKey": "next"}

    assert listed(first, {"ErrorCode": 13, "Message": "Invalid pagination key."}) is None


def test_a_list_that_never_ends_is_none(monkeypatch):
    monkeypatch.setattr("newsletter.delivery.transports.postmark_jobs._MOST_PAGES", 3)
    page = {"Requests": [row("one")], "PaginationKey": "next"}

    assert listed(page, page, page) is None
