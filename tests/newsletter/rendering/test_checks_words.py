"""What words claim in numbers: of the page, which is no claim, and of an editor, which is one."""

from dataclasses import replace

import pytest

from newsletter.rendering.checks.tallies import calls_a_tie, panel_shares, points
from tests.newsletter.rendering.samples import item, tool, view
from tests.newsletter.rendering.test_checks import Good

ROW = view([item(tool("ant", "Antler", 100), tool("bee", "Beeline", 25))]).cards[0]


@pytest.mark.parametrize(
    "entry",
    ["2.9%", "0%", "5% of sales", "Free, 30%", "No free tier", "Not free", "3 of 4 for Antler",
     "You must pay", "Antler wins"],
)  # fmt: skip
def test_how_a_tool_is_listed_is_no_claim(entry: str) -> None:
    numbers = f"The panel favours Antler; entry is listed as {entry} for Antler and paid for Bee."
    issue = view([item(tool("ant", "Antler", 100, entry=entry), tool("bee", "Bee", 50), numbers)])

    assert Good.of(issue).codes() == set()


@pytest.mark.parametrize(
    "words",
    ["50.100% for Quillcode.", "１００% for Patchwork IDE.", "99 pct for Quillcode.",
     "75％ for Quillcode.", "Three of four reviewers would ship Quillcode.",
     "3 out of 4 reviewers would ship it.", "All four reviewers would ship Patchwork IDE.",
     "Quillcode wins by 90 points.", "Quillcode is 99 percentage points ahead."],
)  # fmt: skip
def test_a_false_number_is_foreign_however_it_is_written(words: str) -> None:
    good = Good.of(view())
    spoilt = good.with_first_card(lambda card: replace(card, numbers=words, reworded=("verdict",)))

    assert spoilt.codes() == {"foreign-number"}


@pytest.mark.parametrize(
    "words",
    ["It is a tie.", "The panel calls it a tie.", "Patchwork IDE dominates.",
     "The winner is Patchwork IDE.", "Go with Patchwork IDE.", "Patchwork IDE crushes Quillcode.",
     "Patchwork IDE is the one to buy."],
)  # fmt: skip
def test_a_false_preference_is_seen_in_more_words(words: str) -> None:
    good = Good.of(view())
    spoilt = good.with_first_card(lambda card: replace(card, numbers=words, reworded=("verdict",)))

    assert spoilt.codes() == {"verdict-contradicts-words"}


@pytest.mark.parametrize(
    ("sentence", "shares", "gaps", "tie"),
    [
        ("All reviewers would ship Antler, one of four Beeline.", {100.0}, set(), False),
        ("Two of four for Beeline.", {50.0}, set(), False),
        ("If 2 of 4 reviewers would ship it, fine.", set(), set(), False),
        ("One of three plans is free.", set(), set(), False),
        ("Three points stand out.", set(), set(), False),
        ("Antler leads by seventy points.", set(), set(), False),
        ("Antler leads by five points.", set(), {5}, False),
        ("It ended in a draw.", set(), set(), True),
        ("It is not a tie.", set(), set(), False),
        ("The community vote is a tie.", set(), set(), False),
    ],
)
def test_counts_are_read_and_doubts_are_left(
    sentence: str, shares: set[float], gaps: set[int], tie: bool
) -> None:
    assert panel_shares(sentence, ROW) == shares
    assert points(sentence, ROW) == gaps
    assert calls_a_tie(sentence, ROW) is tie


@pytest.mark.parametrize(
    ("intro", "codes"),
    [
        ("Six match-ups this week.", set()),
        ("Four are decided, one is a tie, one is still open.", set()),
        ("Five more verdicts below.", set()),
        ("Two of them are worth a look.", set()),
        ("19 match-ups, none decided.", {"count-wrong"}),
        ("Every panel ended in a tie this week.", {"count-wrong"}),
        ("And 7 more comparisons.", {"count-wrong"}),
        ("99% of the panel would ship Quillcode.", {"foreign-number"}),
        ("Quillcode 50%, and it leads.", {"foreign-number"}),
        ("Quillcode is ahead by 90 points.", {"foreign-number"}),
        ("Quillcode is ahead by 50 points.", set()),
    ],
)
def test_an_editors_counts_are_compared_with_the_issue(intro: str, codes: set[str]) -> None:
    spoilt = Good.of(replace(view(), intro=(intro,)))

    assert {(found.code, found.level) for found in spoilt.findings()} == {
        (code, "hold") for code in codes
    }


@pytest.mark.parametrize(
    "words",
    ["«Best ever», reviewer 1 wrote.", "‘Best ever’, says a reviewer.", "„Best ever“, one said.",
     "Reviewer 3 says it is the best ever.", '"Best ever", one said.'],
)  # fmt: skip
def test_an_editor_quotes_in_no_other_way(words: str) -> None:
    good = Good.of(view())
    spoilt = good.with_first_card(lambda card: replace(card, case=words, reworded=("case",)))

    assert "editor-words-attributed" in spoilt.codes()
