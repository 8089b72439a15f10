"""Atom and JSON Feed: well-formed whatever is in them, with addresses that never change."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import feedparser
import pytest
from selectolax.lexbor import LexborHTMLParser

from newsletter.rendering.feed import NOTHING_YET, Entry, atom, json_feed
from newsletter.rendering.letter import archive_page
from newsletter.rendering.views import IssueView
from tests.newsletter.rendering.samples import BRAND, Said, item, many, tool, view
from tests.newsletter.rendering.test_letter import HOSTILE

ATOM = "{http://www.w3.org/2005/Atom}"
LEFT = datetime(2026, 11, 23, 9, 0, 0, 250_000, tzinfo=UTC)


def numbered(number: int) -> Entry:
    address = f"{BRAND.base_url}/archive/{number}"
    issue = replace(view(many(2)), number=number, archive_url=address)
    return Entry(issue, LEFT + timedelta(weeks=number - 12))


def parsed(document: str) -> ET.Element:
    return ET.fromstring(document.encode())  # noqa: S314  our own bytes


def texts(element: ET.Element, name: str) -> list[str | None]:
    return [found.text for found in element.findall(f"{ATOM}{name}")]


def test_an_entry_has_all_that_atom_asks_for() -> None:
    feed = parsed(atom([numbered(12)], BRAND))
    entry = feed.find(f"{ATOM}entry")
    assert entry is not None

    for name in ("id", "title", "updated"):
        assert len(texts(feed, name)) == len(texts(entry, name)) == 1
    assert feed.find(f"{ATOM}author/{ATOM}name") is not None
    links = {link.attrib["rel"]: link.attrib["href"] for link in feed.findall(f"{ATOM}link")}
    assert links == {
        "self": "https://letters.example.org/feed.xml",
        "alternate": "https://letters.example.org/archive",
    }


def test_both_feeds_say_the_same_of_each_issue() -> None:
    entries = [numbered(13), numbered(12)]

    as_atom = feedparser.parse(atom(entries, BRAND).encode(), sanitize_html=False).entries
    as_json = json_feed(entries, BRAND)["items"]

    assert [
        (one.id, one.link, one.title, one.summary, one.published, one.updated, one.content[0].value)
        for one in as_atom
    ] == [
        (
            one["id"], one["url"], one["title"], one["summary"],
            one["date_published"], one["date_modified"], one["content_html"].strip(),
        )
        for one in as_json
    ]  # fmt: skip


def test_an_entry_is_known_by_its_permanent_address_and_dated_when_it_began_to_leave() -> None:
    (entry,) = feedparser.parse(atom([numbered(12)], BRAND).encode()).entries

    assert entry.id == entry.link == "https://letters.example.org/archive/12"
    assert entry.published == entry.updated == "2026-11-23T09:00:00Z"


def test_an_entry_keeps_its_identity_when_the_newsletter_moves() -> None:
    moved = replace(BRAND, base_url="https://elsewhere.example.org/", name="Another Name")

    feed = feedparser.parse(atom([numbered(12)], moved).encode())

    assert feed.feed.id == "https://elsewhere.example.org/feed.xml"
    assert feed.entries[0].id == "https://letters.example.org/archive/12"


def test_the_feed_changed_when_its_newest_issue_left() -> None:
    feed = parsed(atom([numbered(13), numbered(12)], BRAND))

    assert texts(feed, "updated") == ["2026-11-30T09:00:00Z"]


def test_a_feed_without_an_issue_is_a_feed_and_always_the_same() -> None:
    feed = feedparser.parse(atom([], BRAND).encode())

    assert not feed.bozo
    assert feed.entries == json_feed([], BRAND)["items"] == []
    assert feed.feed.updated_parsed[:6] == NOTHING_YET.timetuple()[:6]


@pytest.mark.parametrize(
    "words", [*HOSTILE.values(), "\ufffe\uffff\x08 lone", "漢字 مرحبا 🚀"], ids=str.__len__
)
def test_a_feed_is_well_formed_whatever_the_words(words: str) -> None:
    said = Said("a", "for", 1, words)
    issue = view([item(tool("ant", words, tagline=words), tool("bee", "Bee"), words, said)])
    brand = replace(BRAND, name=f"{words}\x0b")  # no setting, but a feed breaks at one such sign
    issue = replace(issue, subject=f"{words}\x0c", preheader=words)

    document = atom([Entry(issue, LEFT)], brand)
    feed = feedparser.parse(document.encode(), sanitize_html=False)
    html = LexborHTMLParser(feed.entries[0].content[0].value)

    assert parsed(document).find(f"{ATOM}entry") is not None
    assert not feed.bozo
    assert html.css("script, style, img") == []
    assert json.loads(json.dumps(json_feed([Entry(issue, LEFT)], brand)))["items"]


def test_a_title_is_the_subject_to_the_letter() -> None:
    issue = replace(view(), subject="Fish & <Chips> {{ x }} ]]> “@@email@@” 🚀")

    (entry,) = feedparser.parse(
        atom([Entry(issue, LEFT)], BRAND).encode(), sanitize_html=False
    ).entries

    assert entry.title == issue.subject


def test_an_entry_is_structure_without_style() -> None:
    html = LexborHTMLParser(Entry(view(), LEFT).html)

    assert html.css("[style], [class], [width], style, script, img, font") == []
    assert len(html.css("table:not(:has(caption))")) == 6
    assert len(html.css("blockquote")) == sum(len(card.quotes) for card in view().cards)


def test_every_address_in_an_entry_is_absolute_and_nobodys_own() -> None:
    html = LexborHTMLParser(Entry(view(), LEFT).html)
    addresses = [link.attributes["href"] or "" for link in html.css("a")]

    assert all(address.startswith("https://") for address in addresses)
    assert not [one for one in addresses if "/vote/" in one or "/manage/" in one]
    assert "@@" not in html.html  # type: ignore[operator]


def headings(issue: IssueView) -> list[str]:
    html = LexborHTMLParser(Entry(issue, LEFT).html)
    return [link.attributes["href"] or "" for link in html.css("h2 a")]


def test_each_heading_leads_to_its_place_in_the_archive() -> None:
    page = LexborHTMLParser(archive_page(view()))

    places = [page.css_first(f"[id='{one.partition('#')[2]}']") for one in headings(view())]

    assert len(places) == 6
    assert all(place is not None for place in places)
