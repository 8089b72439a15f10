"""What a sentence claims of the panel, by its words: a table, and what is no claim at all."""

import pytest

from newsletter.rendering.checks.preference import preferred
from newsletter.rendering.checks.tallies import shares_beside
from tests.newsletter.rendering.samples import item, tool, view

ROW = view([item(tool("ant", "Antler", 100), tool("bee", "Beeline: Notes & Tasks", 25))]).cards[0]


@pytest.mark.parametrize(
    ("sentence", "side"),
    [
        ("The panel favours Antler: all 4 reviewers would ship it.", "a"),
        ("The panel clearly favors Beeline: Notes & Tasks.", "b"),
        ("The panel leans towards Antler.", "a"),
        ("The panel leaned slightly to Beeline: Notes & Tasks this week.", "b"),
        ("Reviewers prefer Antler.", "a"),
        ("The panel picked Antler, and it was close.", "a"),
        ("Antler wins.", "a"),
        ("Antler beats Beeline: Notes & Tasks.", "a"),
        ("Antler is clearly ahead of Beeline: Notes & Tasks.", "a"),
        ("Beeline: Notes & Tasks is narrowly ahead; Antler has the longer list.", "b"),
        ("Antler has the edge.", "a"),
        ("Antler is the clear winner.", "a"),
        ("The panel puts Antler ahead.", "a"),
        ("Antler over Beeline: Notes & Tasks, by 75 points.", "a"),
        ("Beeline: Notes & Tasks trails.", "a"),
        ("Antler falls short.", "b"),
        ("Neither wins the panel over, though Antler comes closer: 1 of 4 would ship it.", "a"),
    ],
)
def test_a_plain_claim_is_read(sentence: str, side: str) -> None:
    assert preferred(sentence, ROW) == {side}


@pytest.mark.parametrize(
    "sentence",
    [
        "The panel would ship both: all 4 reviewers would ship Antler.",
        "The panel backs Antler and Beeline: Notes & Tasks alike.",
        "The panel does not favour Antler.",
        "Antler might win next year.",
        "Would Antler win?",
        "Antler leads the community vote.",
        "Beeline: Notes & Tasks wins on price.",
        "Antler is better for small teams.",
        "Antler leads the market in Norway.",
        "The panel favours tools that ask first; Antler asks.",
        "The case for Antler: “it beats Beeline: Notes & Tasks and wins” (reviewer 2).",
        "There is no panel verdict yet on Antler.",
        "Antlers lead the herd.",
    ],
)
def test_what_is_no_claim_is_not_taken_for_one(sentence: str) -> None:
    assert preferred(sentence, ROW) == frozenset()


@pytest.mark.parametrize(
    ("sentence", "beside"),
    [
        ("75% for Antler, 25 % for Beeline: Notes & Tasks.", [("a", 75), ("b", 25)]),
        ("Antler has 75% and Beeline: Notes & Tasks stands at 0%.", [("a", 75), ("b", 0)]),
        ("3 of 4 reviewers would ship Antler, none of 4 Beeline.", [("a", 75)]),
        ("1 of 3 for Antler.", []),
        ("Half of them would ship Antler.", []),
    ],
)
def test_shares_beside_a_name_are_read(sentence: str, beside: list[tuple[str, int]]) -> None:
    assert sorted(shares_beside(sentence, ROW)) == beside
