import json
from dataclasses import replace
from datetime import date

import pytest
from pydantic import ValidationError

from newsletter.content.verdicts.summary import summarise
from newsletter.rendering.issue_view import issue_view
from newsletter.rendering.views import Card, IssueView
from tests.factories import make_comparison, make_entry, make_tool
from tests.newsletter.rendering.samples import BRAND, item, many, tool, view


def test_a_view_survives_json() -> None:
    issue = view().with_cards(5)

    stored = json.dumps(issue.as_json())

    assert IssueView.from_json(json.loads(stored)) == issue


def test_a_stored_view_may_hold_keys_of_another_release() -> None:
    stored = view().as_json()
    stored["mood"] = "sunny"
    stored["cards"][0]["mood"] = "sunny"

    assert IssueView.from_json(stored) == view()


def test_a_stored_view_with_a_hole_is_refused() -> None:
    stored = view().as_json()
    del stored["cards"][0]["tool_a"]

    with pytest.raises(ValidationError, match="tool_a"):
        IssueView.from_json(stored)


def test_a_match_up_links_to_its_page_by_sorted_slugs() -> None:
    [card] = view([item(tool("zebra", "Zebra"), tool("ant", "Ant"))]).cards

    assert card.url == "https://verdicts.example.org/compare/ant-vs-zebra"
    assert card.title == "Zebra vs Ant"


def test_a_slug_made_from_a_name_links_to_the_archive() -> None:
    [card] = view([item(tool("ant", "Ant", provisional=True), tool("bee", "Bee"))]).cards

    assert card.url == "https://letters.example.org/archive/12#c-ant-vs-bee"
    assert not card.on_site


def test_without_a_site_everything_links_to_the_archive() -> None:
    urls = [card.url for card in view(site_url=None).cards]

    assert all(url.startswith("https://letters.example.org/archive/12#c-") for url in urls)


def test_addresses_typed_with_a_slash_give_the_same_view() -> None:
    slashed = view(
        base_url="https://letters.example.org/", site_url="https://verdicts.example.org/"
    )

    assert slashed == view()


def test_a_quote_keeps_the_review_it_was_taken_from() -> None:
    quote = view().cards[0].quotes[3]

    assert quote.text in quote.source
    assert quote.cut
    assert quote.source.endswith("the rest of the story is long.")


def test_two_tools_of_one_name_are_told_apart() -> None:
    [card] = view([item(tool("ant-1", "Ant"), tool("ant-2", "Ant"))]).cards

    assert card.title == "Ant (ant-1) vs Ant (ant-2)"


def test_the_last_cards_become_the_first_rows() -> None:
    issue = view(many(4))

    shrunk = issue.with_cards(len(issue.cards) - 2)

    assert [row.key for row in shrunk.match_ups] == [card.key for card in issue.cards]
    assert [isinstance(row, Card) for row in shrunk.match_ups] == [True, True, False, False]
    assert replace(shrunk, cards=issue.cards, rows=()) == issue


@pytest.mark.parametrize("unseen", ["\u200e", "\u00ad", "\u202e", "\u2066", "\u2060"])
def test_names_that_differ_by_nothing_to_be_seen_are_told_apart_by_slug(unseen: str) -> None:
    [card] = view([item(tool("ant", "Antler"), tool("ant-two", f"Ant{unseen}ler"))]).cards

    assert card.title == "Antler (ant) vs Antler (ant-two)"


@pytest.mark.parametrize("name", ["\u3164", "\u2800", "\u034f", "\U000e0100", "\ue000"])
def test_a_name_that_shows_nothing_is_the_slug_everywhere(name: str) -> None:
    comparison = make_comparison(make_tool("alpha", name=name, panel_percent=100), "beta")

    composed = issue_view(
        number=1,
        date=date(2026, 11, 23),
        items=[(make_entry(comparison), summarise(comparison))],
        brand=BRAND,
    )

    [card] = composed.cards
    assert card.title == "alpha vs Beta"
    assert "alpha" in composed.subject
    assert "favours alpha:" in card.numbers or "leans towards alpha:" in card.numbers
