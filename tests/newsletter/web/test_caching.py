"""Conditional requests, by RFC 9110."""

from datetime import UTC, datetime

import pytest
from fastapi import Request, Response

from newsletter.web.caching import cacheable

CHANGED = datetime(2026, 11, 23, 9, 0, 0, 750_000, tzinfo=UTC)


def answer(known: dict[str, str] | None = None, body: bytes = b"an issue") -> Response:
    raw = [(name.encode(), value.encode()) for name, value in (known or {}).items()]
    request = Request({"type": "http", "headers": raw})
    return cacheable(request, body, "text/plain", CHANGED)


ETAG = answer().headers["etag"]
DAY = "Mon, 23 Nov 2026 09:00:00 GMT"


def test_an_answer_may_be_kept_and_says_when_it_changed() -> None:
    first = answer()

    assert (first.status_code, first.body) == (200, b"an issue")
    assert first.headers["last-modified"] == DAY
    assert first.headers["cache-control"] == "public, max-age=300"


@pytest.mark.parametrize(
    "known",
    [
        {"if-none-match": ETAG},
        {"if-none-match": f'"other", W/{ETAG}'},
        {"if-none-match": "*"},
        {"if-modified-since": DAY},
        {"if-none-match": ETAG, "if-modified-since": "Mon, 01 Jan 2001 00:00:00 GMT"},
    ],
    ids=str,
)
def test_who_has_it_is_told_so(known: dict[str, str]) -> None:
    again = answer(known)

    assert (again.status_code, again.body) == (304, b"")
    assert (again.headers["etag"], again.headers["last-modified"]) == (ETAG, DAY)


@pytest.mark.parametrize(
    "known",
    [
        {"if-none-match": '"other"'},
        {"if-none-match": '"other"', "if-modified-since": DAY},
        {"if-none-match": ""},
        {"if-modified-since": "Mon, 23 Nov 2026 08:59:59 GMT"},
        {"if-modified-since": "Mon, 23 Nov 2026 10:00:00 -0000"},
        {"if-modified-since": "yesterday"},
        {"if-modified-since": f"Mon, 23 Nov 2026 10:00:00 +{'9' * 20}"},
    ],
    ids=str,
)
def test_who_has_something_else_gets_it(known: dict[str, str]) -> None:
    assert answer(known).status_code == 200


def test_other_bytes_have_another_fingerprint_though_the_issue_is_the_same() -> None:
    assert answer(body=b"an issue, by a new template").headers["etag"] != ETAG
