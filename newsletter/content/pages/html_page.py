"""A page as HTML, to the text a reader sees, its own address, and the date it declares."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import orjson
from selectolax.lexbor import LexborHTMLParser

from newsletter.content.addresses import parse_address
from newsletter.content.pages.html_text import visible_text
from newsletter.content.refusals import Unreadable

MOST_TAGS = 50_000
_BEGUN_MARK = re.compile(r"(?:</?|&#?\w*)$")  # of a cut page; it would be taken for text


@dataclass(frozen=True, slots=True)
class HtmlPage:
    """What an HTML page holds beyond its text.

    Attributes:
        text: visible text, one line for each block.
        address: the canonical link, else og:url, when it points to a comparison or a tool.
        published_on: JSON-LD datePublished, else dateModified; nothing else counts as a date.
    """

    text: str
    address: str | None = None
    published_on: date | None = None


def read_html(html: str) -> HtmlPage:
    """Read a page; malformed HTML is read as a browser would.

    Raises:
        Unreadable: it has tens of thousands of tags, which nested would stall the parser.
    """
    if html.count("<") > MOST_TAGS:
        raise Unreadable(f"HTML with more than {MOST_TAGS:,} tags is no comparison page")
    page = LexborHTMLParser(_BEGUN_MARK.sub("", html))
    return HtmlPage(visible_text(page), _address(page), _declared_date(page))


def _address(page: LexborHTMLParser) -> str | None:
    links = [
        *(node.attributes.get("href") for node in page.css('link[rel~="canonical"]')),
        *(node.attributes.get("content") for node in page.css('meta[property="og:url"]')),
    ]
    return next((link for link in links if link and parse_address(link).kind != "neither"), None)


def _declared_date(page: LexborHTMLParser) -> date | None:
    scripts = page.css('script[type="application/ld+json"]')
    found = [node for script in scripts for node in _objects(script.text_content or script.text())]
    for field in ("datePublished", "dateModified"):
        for node in found:
            if (day := _day(node.get(field))) is not None:
                return day
    return None


def _objects(source: str) -> Iterator[dict[str, Any]]:
    """Give the objects of a JSON-LD script, outermost first; broken JSON holds none."""
    try:
        level = [orjson.loads(source)]
    except orjson.JSONDecodeError:
        return
    while level:
        yield from (node for node in level if isinstance(node, dict))
        inner = (node.values() if isinstance(node, dict) else node for node in level)
        level = [node for nodes in inner for node in nodes if isinstance(node, dict | list)]


def _day(value: object) -> date | None:
    """Give the day in UTC of an ISO date or instant, or None."""
    if not isinstance(value, str):
        return None
    try:
        instant = datetime.fromisoformat(value.strip())
        return (instant if instant.tzinfo is None else instant.astimezone(UTC)).date()
    except (ValueError, OverflowError):  # in UTC the first hours of year 1 are in no year
        return None
