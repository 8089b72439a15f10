import json
from dataclasses import replace

import pytest
from sqlmodel import Session

from newsletter.content.comparison import Tool
from newsletter.editions.assigning import Assignment
from newsletter.editions.choosing import MOST
from newsletter.editions.drafts import drafts
from newsletter.editions.letters import NoSuchEdition, letter
from newsletter.editions.models import Edition
from newsletter.issues import frozen
from newsletter.issues.frozen import content_hash
from newsletter.issues.models import Issue
from newsletter.rendering.checks import Finding, check
from newsletter.rendering.dates import long_date
from newsletter.rendering.rendered import HTML_BUDGET, Rendered
from newsletter.rendering.views import IssueView, Share, VoteResult
from subscribers.wishes import Wishes
from tests.factories import make_tool
from tests.newsletter.editions.weeks import (
    EVERYBODY,
    compare,
    freeze_issue,
    keep_view,
    leave,
    reader,
    topic,
    want,
    week,
)
from tests.newsletter.rendering.samples import BRAND, MARKS

MONTHLY = Wishes("monthly")
FOLLOWED = Wishes("followed", follows=frozenset({"left-2-2"}))


@pytest.fixture
def session(database):
    with database.writing() as session:
        yield session


def opened(session: Session, issue: Issue, one: Assignment) -> tuple[Rendered, IssueView]:
    """The letter of a reader, and the view that is kept with it."""
    assert one.edition is not None
    rendered = letter(session, issue, one.edition)
    kept = session.get_one(Edition, (issue.number, one.edition))
    return rendered, IssueView.from_json(json.loads(kept.content))


def faults(rendered: Rendered, view: IssueView) -> list[Finding]:
    marks = {**MARKS, "date": long_date(view.date)}
    findings = check(rendered, view, marks=marks, brand=BRAND)
    return [found for found in findings if found.level != "note"]


def a_month(session: Session) -> tuple[Rendered, IssueView]:
    """The letter of a monthly reader in December, with two weeks of November in it."""
    one = reader(session, "one", MONTHLY)
    leave(session, week(session, 1))
    for number in (2, 3):
        leave(session, week(session, number))
    december = week(session, 6)
    return opened(session, december, leave(session, december)[one])


def test_a_letter_holds_this_issue_in_its_order_and_then_older_ones_newest_first(session):
    rendered, view = a_month(session)

    titles = [
        f"Left {week} {place} vs Right {week} {place}" for week in (6, 3, 2) for place in (1, 2)
    ]
    assert [card.title for card in view.cards] == titles
    places = [rendered.text.upper().find(title.upper()) for title in titles]
    assert places == sorted(places)
    assert -1 not in places


def test_polls_of_older_issues_are_closed_and_their_links_lead_where_they_led(session):
    _, view = a_month(session)

    assert [card.is_open for card in view.cards] == [True, True, False, False, False, False]
    first = json.loads(session.get_one(Issue, 2).content)["cards"][0]
    assert view.cards[4].url == first["url"]


def test_a_letter_says_what_kind_it_is_and_counts_its_own_match_ups(session):
    rendered, view = a_month(session)

    assert view.kind == "monthly"
    assert view.headline == "6 match-ups, none decided"
    assert "+ 5 more" in view.subject
    assert rendered.subject == view.subject


def test_number_date_brand_and_results_are_those_of_the_issue(session):
    one = reader(session, "one", FOLLOWED)
    issue = week(session, 2)
    result = VoteResult(
        1, issue.local_date, "A vs B", "https://a.example.org", "A", "B", 50, 50, Share(60, 40, 30)
    )
    whole = replace(frozen.view(issue), results=(result,))
    keep_view(session, issue, whole)

    _, view = opened(session, issue, leave(session, issue)[one])

    assert replace(
        view, kind="issue", cards=(), subject="", preheader="", headline="", intro=()
    ) == replace(whole, cards=(), subject="", preheader="", headline="", intro=())


def test_an_editors_subject_headline_and_intro_are_words_about_the_whole_issue(session):
    one = reader(session, "one", FOLLOWED)
    issue = week(session, 2)
    whole = frozen.view(issue)
    worded = replace(whole, subject="Two for you", headline="Two duels", intro=("Both are new.",))
    keep_view(session, issue, worded)

    rendered, view = opened(session, issue, leave(session, issue)[one])

    assert view.subject == rendered.subject == "Left 2 2 vs Right 2 2: the verdict"
    assert view.headline == "One match-up, a tie"
    assert view.intro == ("Neither side is ahead.",)


def test_a_card_that_an_editor_reworded_stays_as_it_is_frozen(session):
    one = reader(session, "one", FOLLOWED)
    issue = week(session, 2)
    whole = frozen.view(issue)
    card = replace(whole.cards[1], case="Take either.", reworded=("case",))
    keep_view(session, issue, replace(whole, cards=(whole.cards[0], card)))

    _, view = opened(session, issue, leave(session, issue)[one])

    assert view.cards == (replace(card, place=2),)


def test_votes_name_a_match_up_by_its_place_in_the_whole_issue(session):
    one = reader(session, "one", FOLLOWED)
    issue = week(session, 2)

    _, view = opened(session, issue, leave(session, issue)[one])

    assert [card.place for card in view.cards] == [2]


def test_a_letter_is_rendered_once_and_stays_as_it_is(session):
    one = reader(session, "one", FOLLOWED)
    issue = week(session, 2)
    given = leave(session, issue)[one]
    first, _ = opened(session, issue, given)
    issue.content = "{}"

    again = letter(session, issue, 1)

    assert again == first
    assert session.get_one(Edition, (2, 1)).content_hash == content_hash(first)


def test_what_was_drafted_before_it_left_is_what_leaves(session):
    one = reader(session, "one", MONTHLY)
    for number in (1, 2):
        leave(session, week(session, number))
    issue = week(session, 6)
    began, issue.sending_at = issue.sending_at, None
    drafted = list(drafts(session, issue, EVERYBODY))
    issue.sending_at = began

    rendered, view = opened(session, issue, leave(session, issue)[one])

    assert [(draft.letter, draft.view, draft.earlier) for draft in drafted] == [
        (rendered, view, frozenset({2}))
    ]
    assert [draft.letter for draft in drafts(session, issue, EVERYBODY)] == [rendered]


def test_an_edition_that_was_never_opened_is_refused(session):
    with pytest.raises(NoSuchEdition):
        letter(session, week(session, 1), 1)


def test_a_long_month_keeps_to_the_budget_its_last_cards_become_lines(session):
    one = reader(session, "one", MONTHLY)
    leave(session, week(session, 1, count=1))
    for number in (2, 3, 4):
        leave(session, week(session, number, count=8))
    december = week(session, 6, count=8)

    rendered, view = opened(session, december, leave(session, december)[one])

    assert len(view.match_ups) == 32
    assert len(rendered.html.encode()) <= HTML_BUDGET
    assert all(row.tool_a.name.upper() in rendered.text.upper() for row in view.match_ups)


def test_the_fullest_letter_of_the_longest_names_has_room_for_cards_and_passes(session):
    def named(side: str, number: int, place: int) -> Tool:
        name = f"{side} {number} {place}, an assistant with a subtitle of several words"
        return make_tool(f"{side}-{number}-{place}", name=name)

    one = reader(session, "one", MONTHLY)
    leave(session, week(session, 1))
    for number in (2, 3, 4, 5, 6):
        pairs = [(named("Left", number, at), named("Right", number, at)) for at in range(8)]
        issue = freeze_issue(session, number, [compare(session, *pair) for pair in pairs])
        given = leave(session, issue)

    rendered, view = opened(session, issue, given[one])

    assert len(view.match_ups) == MOST
    assert f'id="{view.cards[1].anchor}"' in rendered.html
    assert faults(rendered, view) == []


@pytest.mark.parametrize(
    "wish",
    [
        Wishes(topics=frozenset({"Audio"})),
        Wishes("monthly"),
        Wishes("followed", follows=frozenset({"hum"})),
        Wishes(),
    ],
    ids=["topics", "monthly", "followed", "catch-up"],
)
def test_every_kind_of_letter_passes_the_checks_of_the_letter(session, wish):
    one = reader(session, "one", MONTHLY)
    for number in (1, 2, 3):
        leave(session, week(session, number))
    if wish != Wishes():  # what waited is not of this kind
        leave(session, week(session, 6))
    want(session, one, wish)
    entry = compare(session, topic("Audio", "hum"), topic("Voice", "sing"))
    issue = freeze_issue(session, 10, [entry, compare(session, "left", "right")])

    rendered, view = opened(session, issue, leave(session, issue)[one])

    assert faults(rendered, view) == []
