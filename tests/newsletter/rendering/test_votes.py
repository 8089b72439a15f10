"""Readers' votes in the letter: those on the issue before, those on a card, and where none are asked."""

import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape

import pytest

from newsletter.rendering.letter import archive_page, render
from newsletter.rendering.plain import plain
from newsletter.rendering.views import IssueView, Share, VoteResult
from tests.newsletter.rendering.samples import (
    MARKS,
    NONCE,
    Said,
    counted,
    edition,
    item,
    tool,
    view,
    voted,
)
from tests.newsletter.rendering.test_checks import EDITIONS, Good
from tests.newsletter.rendering.test_letter import HOSTILE, personalised, visible


def with_share(issue: IssueView, share: Share) -> IssueView:
    first, *others = issue.cards
    return replace(issue, cards=(replace(first, share=share), *others))


def with_result(issue: IssueView, change: Callable[[VoteResult], VoteResult]) -> IssueView:
    first, *others = voted(issue).results
    return replace(issue, results=(change(first), *others))


def test_both_parts_tell_how_readers_voted_on_the_issue_before() -> None:
    html, text = personalised(voted(view()))

    for said in (visible(html), " ".join(text.split())):
        assert "How you voted on issue 11" in said
        assert "Counted on Friday 20 November 2026" in said
        assert "374 votes: 61% for Alder, 39% for Birch: Trees; 38 more for neither." in said
        assert "The panel: 75% for Alder, 100% for Birch: Trees." in said


def test_equal_shares_have_no_winner_and_a_panel_without_a_verdict_is_said_to_have_none() -> None:
    _, text = personalised(voted(view()))

    assert "\n40 votes: 50% for Cedar, 50% for Dogwood.\n" in text
    assert "\nThe panel: no verdict yet for Cedar, 50% for Dogwood.\n" in text


def test_without_results_there_is_no_block() -> None:
    html, text = personalised(view())

    assert "voted" not in visible(html) + text


def test_a_share_of_nothing_has_no_part_of_the_bar() -> None:
    all_for_one = with_result(view(), lambda one: replace(one, share=Share(0, 100, 30)))

    assert 'width="0%"' not in render(all_for_one, NONCE).html
    assert Good.of(all_for_one).codes() == set()


def test_a_card_whose_poll_is_over_asks_for_no_vote() -> None:
    html, text = personalised(counted(view()))

    for part in (html, text):
        assert not any(f"?{side}={place}" in part for side in "ab" for place in (1, 2, 3))
        assert all(f"?{side}={place}" in part for side in "ab" for place in (4, 5, 6))
    assert text.count("Which one would you ship?") == 3


def test_readers_votes_stand_beside_the_communitys_and_are_called_theirs() -> None:
    html, text = personalised(counted(view()))

    assert "Community 61% of 374 reader votes 39% of 374 reader votes" in visible(html)
    assert "Community 81% 0% of 25 reader votes 44% 100% of 25 reader votes" in visible(html)
    assert "    Community      61% of 374 reader votes\n" in text
    assert "    Community      81%\n                   0% of 25 reader votes\n" in text


def test_the_archive_shows_what_the_letter_shows() -> None:
    issue = voted(counted(view()))
    html, _ = personalised(issue)

    for words in ("61% of 374 reader votes", "How you voted on issue 11", "61% for Alder"):
        assert words in visible(html)
        assert words in visible(archive_page(issue))


@pytest.mark.parametrize("kind", EDITIONS)
def test_an_edition_says_why_it_holds_what_it_holds_and_where_the_rest_is(kind: str) -> None:
    html, text = personalised(edition(view(), kind))  # type: ignore[arg-type]

    why = {"topics": "topics you chose", "monthly": "since your last letter",
           "followed": "a tool you follow", "catch-up": "the weeks between"}[kind]  # fmt: skip
    for part in (visible(html), text):
        assert part.count(why) == 1
        assert "View in browser" not in part
        assert "The whole issue" in part
    for address in ("archive/12", "manage/p-3Vb8NcRw5YyDf6"):
        assert f'href="https://letters.example.org/{address}"' in html
        assert f"\nhttps://letters.example.org/{address}\n" in text


def test_a_whole_issue_says_nothing_of_the_kind() -> None:
    html, text = personalised(view())

    assert "whole issue" not in visible(html) + text


def test_an_edition_votes_by_the_place_in_the_whole_issue() -> None:
    html, text = personalised(edition(view()))

    for part in (unescape(html), text):
        votes = dict.fromkeys(re.findall(r"/vote/[^?]+\?(\w=\d+)", part))
        assert list(votes) == ["a=2", "b=2", "a=4", "b=4"]


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
def test_hostile_names_of_an_earlier_issue_are_only_words(words: str) -> None:
    name = plain(words)
    issue = with_result(
        view(), lambda one: replace(one, title=f"{name} vs B", tool_a=name, tool_b="B")
    )

    assert Good.of(issue).codes() == set()


def test_a_reviewer_may_begin_a_sentence_as_the_block_does() -> None:
    words = "How you voted on issue 11 is how I would: 99% of the time."
    issue = view(
        [item(tool("ant", "Ant"), tool("bee", "Bee"), "A tie.", Said("a", "for", 1, words))]
    )

    assert Good.of(issue).codes() == set()
    assert Good.of(voted(issue)).codes() == set()


SPOILT = {
    "a share": ("61% for Alder", "16% for Alder"),
    "both shares": ("61% for Alder, 39%", "39% for Alder, 61%"),
    "the count": ("374 votes", "437 votes"),
    "who chose neither": ("38 more", "83 more"),
    "the panel": ("75% for Alder", "50% for Alder"),
    "a name": ("for Cedar, 50%", "for Cider, 50%"),
    "the day": ("Friday 20 November", "Thursday 19 November"),
    "the issue": ("voted on issue 11", "voted on issue 10"),
    "what a percentage is of": ("of those who chose one of the two", "of everybody"),
    "a winner": ("50% for Dogwood.", "50% for Dogwood. Cedar won."),
}


@pytest.mark.parametrize("part", ["html", "text"])
@pytest.mark.parametrize(("right", "wrong"), SPOILT.values(), ids=SPOILT)
def test_a_part_that_tells_of_votes_otherwise_is_noticed(part: str, right: str, wrong: str) -> None:
    good = Good.of(voted(view()))
    if part == "html":
        spoilt = good.with_html(right, wrong)
    else:
        text = re.sub(r"\s+".join(map(re.escape, right.split())), wrong, good.rendered.text)
        spoilt = replace(good, rendered=replace(good.rendered, text=text))
        assert text != good.rendered.text

    assert "results-wrong" in spoilt.codes()


def test_results_that_were_not_counted_are_noticed() -> None:
    shown, silent = Good.of(voted(view())), Good.of(view())

    assert "results-wrong" in replace(shown, view=silent.view).codes()
    assert "results-wrong" in replace(silent, view=shown.view).codes()


def test_a_bar_of_votes_that_is_too_long_is_noticed() -> None:
    good = Good.of(voted(view()))

    assert good.with_html('width="61%"', 'width="71%"').codes() == {"results-wrong"}


def test_a_result_leads_to_its_own_match_up() -> None:
    good = Good.of(voted(view()))
    one, other = (result.url for result in good.view.results)

    assert "link-mislabelled" in good.with_html(one, "?").with_html(other, one).codes()
    assert "links-differ" in good.with_html(one, other).codes()


@pytest.mark.parametrize(
    "share", [Share(61, 40, 30), Share(-1, 101, 30), Share(100, 0, 0), Share(50, 50, 30, -1)]
)
def test_a_share_that_cannot_be_is_noticed_wherever_it_is_told(share: Share) -> None:
    on_card = with_share(view(), share)
    told = with_result(view(), lambda one: replace(one, share=share))

    assert "share-impossible" in Good.of(on_card).codes()
    assert "share-impossible" in Good.of(told).codes()


def test_results_are_of_one_issue_that_came_before() -> None:
    of_another = with_result(view(), lambda one: replace(one, issue=10))

    assert "share-impossible" in Good.of(of_another).codes()


@pytest.mark.parametrize("part", ["html", "text"])
def test_a_vote_on_what_is_over_is_noticed(part: str) -> None:
    over = counted(view())
    open_again = Good.of(replace(over, cards=tuple(replace(c, is_open=True) for c in over.cards)))

    assert replace(open_again, view=over).codes() == {"vote-mislabelled"}


def test_a_share_on_a_card_is_that_of_the_view() -> None:
    good = Good.of(counted(view()))

    assert "table-wrong" in good.with_html("61% of 374", "39% of 374").codes()
    assert "table-wrong" in good.with_text("61% of 374", "39% of 374").codes()
    assert "table-wrong" in good.with_text("374 reader votes", "374 votes").codes()
    assert good.with_html('width="61%"', 'width="60%"').codes() == {"bar-wrong"}


def test_the_date_stands_in_the_readers_language_and_says_which_it_is() -> None:
    german = {**MARKS, "date": "Montag, 23. November 2026", "language": "de"}
    letter = render(view(), NONCE)
    html, text = letter.marked_html().fill_html(german), letter.marked_text().fill(german)

    assert '<span lang="de">Montag, 23. November 2026</span>' in html
    assert "issue 12,\nMontag, 23. November 2026\nView in browser:" in text
    assert "Monday 23 November 2026" in visible(archive_page(view()))
