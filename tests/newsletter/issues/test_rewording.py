from dataclasses import replace
from datetime import date

import pytest

from newsletter.content.comparison import Comparison
from newsletter.content.verdicts.summary import summarise
from newsletter.issues.reworded import reworded_card, reworded_issue
from newsletter.issues.rewording import (
    LONGEST,
    CardPart,
    IssuePart,
    NotInSource,
    UnusableWords,
    Words,
    require_faithful,
    usable,
)
from newsletter.rendering.issue_view import issue_view
from newsletter.rendering.views import Card, IssueView
from tests.factories import make_comparison, make_entry
from tests.newsletter.rendering.samples import BRAND

SENTENCE = "The setup takes one command and the defaults are sane; that earns the ship."


@pytest.fixture
def comparison() -> Comparison:
    return make_comparison()


@pytest.fixture
def view(comparison: Comparison) -> IssueView:
    item = (make_entry(comparison), summarise(comparison))
    return issue_view(number=3, date=date(2026, 11, 23), items=[item], brand=BRAND)


@pytest.fixture
def card(view: IssueView) -> Card:
    return view.cards[0]


@pytest.mark.parametrize("text", ["", " \n", "\u200b"])
def test_the_first_sentence_cannot_be_empty(text):
    with pytest.raises(UnusableWords, match="cannot be empty"):
        usable(CardPart.VERDICT, Words(text))


@pytest.mark.parametrize("part", IssuePart)
def test_no_part_of_the_issue_can_be_left_out(part):
    with pytest.raises(UnusableWords):
        usable(part, Words("  "))


@pytest.mark.parametrize("part", [*IssuePart, *CardPart])
def test_what_has_no_room_is_refused_and_its_length_is_told(part):
    most = LONGEST[part]

    assert usable(part, Words("x" * most)).text == "x" * most
    with pytest.raises(UnusableWords, match=f"{most + 1} characters, and room for {most}"):
        usable(part, Words("x" * (most + 1)))


def test_words_are_cleaned_as_everything_from_outside_is():
    assert usable(CardPart.VERDICT, Words("Both\n are\u202e fine.")).text == "Both are fine."


def test_straight_quotation_marks_in_a_sentence_count_as_quotation_marks():
    assert usable(CardPart.CASE, Words('It is "sane".')).text == "It is “sane”."


@pytest.mark.parametrize(
    "marks",
    ["“”", "„“", "„”", "«»", "»«", "»»", "‹›", '""', "‘’", "''", "‚‘", "””", "「」"],
)
def test_quotation_marks_of_every_kind_count_as_quotation_marks(comparison, marks):
    said = f"{marks[0]}a miracle{marks[1]}"
    words = usable(CardPart.CASE, Words(f"One calls it {said} indeed."))

    assert words.text == "One calls it “a miracle” indeed."
    with pytest.raises(NotInSource):
        require_faithful(comparison, CardPart.CASE, words)


@pytest.mark.parametrize(
    "said",
    [
        "It's the users' choice and the teams' loss.",
        "The ’90s users’ tools weren’t this good.",
        "They ship rock 'n' roll, and 'free' is free.",
        'It fits a 5" screen.',
    ],
)
def test_apostrophes_and_inches_are_no_quotation_marks(said):
    assert usable(CardPart.CASE, Words(said)).text == said
    assert usable(CardPart.FOR_A, Words(said, own_words=True)).text == said


@pytest.mark.parametrize("said", ["They call it “sane.", 'One "sane default.', "So sane”."])
def test_a_quotation_mark_without_its_partner_is_refused(said):
    with pytest.raises(UnusableWords, match="no partner"):
        usable(CardPart.VERDICT, Words(said))


@pytest.mark.parametrize(
    "said",
    [
        "“Best thing ever.” (Reviewer 2 of 4)",
        "Best thing ever, says reviewer 2.",
        "Best thing ever (REVIEWER No. two).",
        "Reviewers 1 and 2 call it the best thing ever.",
        "Best thing ever (Ｒｅｖｉｅｗｅｒ ２).",
        "Best ‘thing ever’.",
        "«Best» thing.",
        "＂Best thing＂.",
        "Best “thing.",
    ],
)
def test_own_words_are_not_dressed_up_as_a_reviewers(said):
    with pytest.raises(UnusableWords, match="nobody else's"):
        usable(CardPart.FOR_A, Words(said, own_words=True))


def test_only_a_quote_can_be_marked_as_own_words():
    with pytest.raises(UnusableWords, match="own-words is for quotes"):
        usable(CardPart.VERDICT, Words("Both are fine.", own_words=True))


@pytest.mark.parametrize(
    "said",
    [
        "Reviewer 1: “the defaults are sane”; reviewer 2: “a rate limit that nobody documents”.",
        "“the defaults are sane”, says reviewer 1, but “a rate limit” bothers reviewer two.",
        "“the defaults are sane” (reviewer 1), yet “a rate limit that nobody documents”.",
        "Reviewers 1 and 2 differ: “a rate limit” here, “the defaults are sane” there.",
        "“the defaults are sane”. Reviewer 2 disagrees.",
    ],
)
def test_a_reviewer_who_is_named_beside_the_words_is_the_one_who_wrote_them(comparison, said):
    require_faithful(comparison, CardPart.CASE, Words(said))


@pytest.mark.parametrize("part", [CardPart.VERDICT, CardPart.CASE])
def test_a_sentence_may_quote_what_a_reviewer_wrote_and_name_that_reviewer(comparison, part):
    require_faithful(comparison, part, Words("“the defaults are sane” (reviewer 1), they say."))


@pytest.mark.parametrize(
    "said",
    [
        "One calls it “a miracle”.",
        "“the defaults are sane” (reviewer 2)",
        "“the defaults are sane” (Reviewer 2 of 4)",
        "Reviewer 2 finds that “the defaults are sane”.",
        "“the defaults are sane”, says reviewer three.",
        "Reviewer 2: “the defaults are sane”; reviewer 1: “a rate limit that nobody documents”.",
        "“” is all they say.",
    ],
)
def test_a_sentence_may_put_nothing_into_a_reviewers_mouth(comparison, said):
    with pytest.raises(NotInSource, match="quote exactly"):
        require_faithful(comparison, CardPart.CASE, Words(said))


def test_a_quote_is_taken_from_the_review_it_stands_in(card, comparison):
    changed = reworded_card(card, comparison, {CardPart.FOR_B: Words(SENTENCE)})

    [quote] = [one for one in changed.quotes if (one.side, one.stance) == ("b", "for")]
    assert (quote.reviewer, quote.text, quote.cut, quote.by) == (1, SENTENCE, False, "reviewer")
    assert quote.text in quote.source


def test_a_quote_that_ends_early_is_marked_as_cut(card, comparison):
    part = SENTENCE.partition(";")[0]

    changed = reworded_card(card, comparison, {CardPart.AGAINST_A: Words(part)})

    [quote] = [one for one in changed.quotes if (one.side, one.stance) == ("a", "against")]
    assert quote.cut


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("It is a miracle.", "own words"),
        ("the defaults are sane", "begin where the sentence begins"),
        ("The setup takes one comm", "end with a whole word"),
    ],
)
def test_a_quote_that_is_no_whole_beginning_of_a_sentence_is_refused(comparison, text, why):
    with pytest.raises(NotInSource, match=why):
        require_faithful(comparison, CardPart.FOR_A, Words(text))


def test_own_words_have_no_reviewer_and_no_source(card, comparison):
    words = Words("We liked the first hour.", own_words=True)
    require_faithful(comparison, CardPart.FOR_A, words)

    changed = reworded_card(card, comparison, {CardPart.FOR_A: words})

    [quote] = [one for one in changed.quotes if one.by == "editor"]
    assert (quote.side, quote.stance, quote.reviewer, quote.source) == ("a", "for", 0, "")


def test_a_quote_and_the_second_sentence_may_be_left_out(card, comparison):
    empty = Words("")
    left_out = {CardPart.CASE: empty, CardPart.FOR_A: empty, CardPart.AGAINST_A: empty}

    changed = reworded_card(card, comparison, left_out)

    assert (changed.case, changed.case_quotes) == (None, ())
    assert [quote.side for quote in changed.quotes] == [
        quote.side for quote in card.quotes if quote.side == "b"
    ]


def test_quotes_keep_the_order_of_the_card(card, comparison):
    own = {part: Words("Mine.", own_words=True) for part in reversed(CardPart) if "-" in part}

    changed = reworded_card(card, comparison, own)

    assert [(one.side, one.stance) for one in changed.quotes] == [
        ("a", "for"),
        ("a", "against"),
        ("b", "for"),
        ("b", "against"),
    ]


def test_the_second_sentence_keeps_the_proof_of_what_it_quotes(card, comparison):
    case = Words("They say “the defaults are sane” (reviewer 1).")

    changed = reworded_card(card, comparison, {CardPart.CASE: case})

    assert changed.case == case.text
    assert [(one.text, one.reviewer) for one in changed.case_quotes] == [
        ("the defaults are sane", 1)
    ]
    assert changed.reworded == ("case",)


def test_a_quote_whose_review_has_changed_since_is_left_without_a_source(card, comparison):
    emptied = replace(comparison, quotes=())

    changed = reworded_card(card, emptied, {CardPart.FOR_A: Words(SENTENCE)})

    [quote] = [one for one in changed.quotes if one.text == SENTENCE]
    assert quote.source == ""


def test_without_wordings_nothing_changes(card, view, comparison):
    assert reworded_card(card, comparison, {}) == card
    assert reworded_issue(view, {}) == view


def test_an_issue_takes_subject_preheader_headline_and_intro(view):
    changed = reworded_issue(view, {part: Words(f"New {part}.") for part in IssuePart})

    assert (changed.subject, changed.preheader) == ("New subject.", "New preheader.")
    assert (changed.headline, changed.intro) == ("New headline.", ("New intro.",))
