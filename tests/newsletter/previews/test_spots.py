"""From a finding to where it is in the letter."""

import pytest

from newsletter.previews.spots import Spot, spot
from newsletter.rendering.checks import Finding
from newsletter.rendering.letter import render
from tests.newsletter.rendering.samples import NONCE, view

VIEW = view()
TEXT = render(VIEW, NONCE).text
SECOND = VIEW.cards[1]


def found(where: str, message: str = "It is wrong.") -> Spot | None:
    return spot(Finding("some-rule", "hold", message, where), VIEW, TEXT)


@pytest.mark.parametrize(
    "where", [SECOND.title, f"html: {SECOND.title}", f"{SECOND.title}, topics edition of 1"]
)
def test_a_match_up_is_its_card(where):
    assert found(where) == Spot("letter", SECOND.anchor, "card 2")


def test_a_match_up_of_the_text_part_is_the_line_where_its_card_begins():
    place = found(f"text: {SECOND.title}")

    assert place is not None
    assert place.look == "text"
    line = int(place.anchor.removeprefix("line-"))
    assert TEXT.splitlines()[line - 1] == f"2. {SECOND.title}"


def test_quoted_words_are_a_line():
    place = found("text", f"The line {TEXT.splitlines()[2][:40]!r} is wider than 72 columns.")

    assert place == Spot("text", "line-3", "line 3")


@pytest.mark.parametrize(
    ("where", "look", "anchor"),
    [
        ("subject", "", "subject"),
        ("preheader", "", "preheader"),
        ("html", "letter", ""),
        ("text", "text", ""),
        ("headers", "source", ""),
    ],
)
def test_a_part_is_that_part(where, look, anchor):
    place = found(where)

    assert place is not None
    assert (place.look, place.anchor) == (look, anchor)


@pytest.mark.parametrize("where", ["settings", "audience", "https://example.org/gone"])
def test_what_is_not_in_the_letter_has_no_spot(where):
    assert found(where) is None
