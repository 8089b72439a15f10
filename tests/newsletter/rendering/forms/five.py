"""The five forms, each with how it is written and how it is read back."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

import feedparser

from newsletter.rendering.feed import Entry, atom, json_feed
from newsletter.rendering.issue_json import public_issue
from newsletter.rendering.letter import archive_page, render
from newsletter.rendering.views import IssueView
from tests.newsletter.rendering.forms.in_html import read_entry, read_letter
from tests.newsletter.rendering.forms.in_json import lines_of, read_json
from tests.newsletter.rendering.forms.in_text import read_text
from tests.newsletter.rendering.forms.told import InALine, Told
from tests.newsletter.rendering.samples import BRAND, MARKS, NONCE

LEFT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def mail(issue: IssueView) -> str:
    return render(issue, NONCE).marked_html().fill_html(MARKS)


def text(issue: IssueView) -> str:
    return render(issue, NONCE).marked_text().fill(MARKS)


def feed(issue: IssueView) -> str:
    return atom([Entry(issue, LEFT)], BRAND)


def second_feed(issue: IssueView) -> str:
    return json.dumps(json_feed([Entry(issue, LEFT)], BRAND), ensure_ascii=False)


def as_json(issue: IssueView) -> str:
    return json.dumps(public_issue(issue), ensure_ascii=False)


def read_feed(document: str) -> Told:
    parsed = feedparser.parse(document.encode(), sanitize_html=False)
    assert not parsed.bozo
    return read_entry(parsed.entries[0].content[0].value)


def read_feed_as_readers_do(document: str) -> Told:
    """Feed readers throw out what could harm: none of it may be ours."""
    return read_entry(feedparser.parse(document.encode()).entries[0].content[0].value)


def read_second_feed(document: str) -> Told:
    return read_entry(json.loads(document)["items"][0]["content_html"])


def read_issue_json(document: str) -> Told:
    return read_json(json.loads(document))


Form = tuple[Callable[[IssueView], str], Callable[[str], Told]]

FORMS: dict[str, Form] = {
    "mail": (mail, read_letter),
    "text": (text, read_text),
    "archive": (archive_page, read_letter),
    "feed": (feed, read_feed),
    "feed, sanitised": (feed, read_feed_as_readers_do),
    "JSON feed": (second_feed, read_second_feed),
    "JSON": (as_json, read_issue_json),
}
WHOLE = [name for name in FORMS if name not in ("mail", "text")]
"""Forms without a limit of size: no match-up is ever cut to a line in them."""


def expected(issue: IssueView, told: Told) -> Told:
    """What a form must tell, by the JSON form; only letters may end in one-line match-ups."""
    public = json.loads(as_json(issue))
    lines = sum(isinstance(one.body, InALine) for one in told.match_ups)
    return read_json(public).shortened(lines_of(public, lines))
