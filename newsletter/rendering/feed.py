"""Published issues as feeds: Atom and JSON Feed tell the same, each issue whole, nobody addressed.

The feeds are written by the same templates and words as the letter, so that the forms cannot
drift; a feed library would take the escaping over and leave the words to us.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from jinja2 import Environment
from markupsafe import Markup, escape

from newsletter.rendering.environment import html_environment
from newsletter.rendering.views import Brand, IssueView

NOTHING_YET = datetime(1970, 1, 1, tzinfo=UTC)
"""The date of a feed without an issue: Atom asks for one, and it must not change by itself."""

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One published issue.

    Attributes:
        view: what it says.
        published: the instant at which it began to leave.
        changed: when what it says last changed; None when it never did.
    """

    view: IssueView
    published: datetime
    changed: datetime | None = None

    @property
    def updated(self) -> datetime:
        """The instant from which on it says what it says."""
        return self.changed or self.published

    @property
    def html(self) -> str:
        """The issue for feed readers: plain structure without any style."""
        return html_environment().get_template("feed/issue.html").render(issue=self.view)


def last_change(entries: Sequence[Entry]) -> datetime:
    """Give the instant at which a feed of these entries last changed."""
    return max((entry.updated for entry in entries), default=NOTHING_YET)


def atom(entries: Sequence[Entry], brand: Brand) -> str:
    """Write the Atom feed (RFC 4287).

    Args:
        entries: newest first.
        brand: whose feed it is now; each entry keeps the addresses it went out with.
    """
    return (
        _xml_environment()
        .get_template("feed/atom.xml")
        .render(
            entries=entries,
            brand=brand,
            base_url=brand.base_url.rstrip("/"),
            updated=last_change(entries),
            instant=instant,
        )
    )


def json_feed(entries: Sequence[Entry], brand: Brand) -> dict[str, Any]:
    """Give the JSON Feed (version 1.1) with the entries of the Atom feed."""
    base_url = brand.base_url.rstrip("/")
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": brand.name,
        "home_page_url": f"{base_url}/archive",
        "feed_url": f"{base_url}/feed.json",
        "favicon": f"{base_url}/favicon.svg",
        "language": "en",
        "authors": [{"name": brand.name}],
        "items": [_item(entry) for entry in entries],
    }


@cache
def _xml_environment() -> Environment:
    return html_environment().overlay(finalize=_in_xml)


def _in_xml(value: object) -> Markup:
    """Escape a value; one sign that XML forbids would cost every reader the whole feed."""
    return escape(_NOT_XML.sub("", str(value)))


def _item(entry: Entry) -> dict[str, Any]:
    view = entry.view
    return {
        "id": view.archive_url,
        "url": view.archive_url,
        "title": view.subject,
        "summary": view.preheader,
        "content_html": entry.html,
        "date_published": instant(entry.published),
        "date_modified": instant(entry.updated),
    }


def instant(moment: datetime) -> str:
    """Write an instant as both feeds do (RFC 3339): "2026-11-23T09:00:00Z"."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
