"""What can be corrected, and that nothing said about it is ever lost."""

import pytest
from sqlalchemy.exc import IntegrityError

from newsletter.corrections import store
from newsletter.corrections.lines import MOST, NothingRight, NotSaid, Part, WhichTool, lines_of
from newsletter.corrections.models import Correction
from newsletter.corrections.store import Erratum, NoSuchCorrection, NotOut
from newsletter.issues import frozen
from newsletter.issues.models import Issue
from newsletter.issues.seen import ChangedMeanwhile
from newsletter.votes.showing import shown
from tests.factories import MONDAY
from tests.newsletter.corrections.correcting import BY, correct, entry_price, let_leave, states

EVIL = "<script>alert(1)</script>{{ x }}"


@pytest.fixture
def session(service):
    let_leave(service)
    with service.database.writing() as session:
        yield session


def all_of(session):
    return store.of_issues(session, [1]).get(1, [])


def test_every_line_offered_is_one_that_left_in_the_letter(session):
    issue = session.get_one(Issue, 1)
    view = frozen.view(issue)
    text = " ".join(f"{issue.subject} {issue.text}".split())

    for comparison_id in (None, *(row.entry_id for row in view.match_ups)):
        lines = lines_of(view, comparison_id)
        assert [line for line in lines if line.text not in text] == []
        assert lines


def test_a_correction_quotes_a_line_or_a_piece_of_one(session):
    made = correct(session)
    view = frozen.view(session.get_one(Issue, 1))
    piece = view.cards[0].numbers.split()[0]
    other = correct(session, Erratum(piece, "another word", view.match_ups[0].entry_id))

    assert (made.part, made.tool, made.said, made.right) == (
        Part.ENTRY, view.match_ups[0].tool_a.name, "Free", "Paid",
    )  # fmt: skip
    assert other.part == Part.VERDICT


def test_of_a_line_that_both_tools_have_it_is_said_whose_is_wrong(session):
    first = frozen.view(session.get_one(Issue, 1)).match_ups[0]

    with pytest.raises(WhichTool):
        correct(session, Erratum("Free", "Paid", first.entry_id))
    made = correct(session, Erratum("Free", "Paid", first.entry_id, first.tool_b.name))

    assert (made.part, made.tool) == (Part.ENTRY, first.tool_b.name)


@pytest.mark.parametrize("said", ["", "Nobody ever said this.", "free"])
def test_what_was_not_said_is_not_corrected(session, said):
    issue = session.get_one(Issue, 1)
    match_up = entry_price(issue).comparison_id

    with pytest.raises(NotSaid):
        correct(session, Erratum(said, "Paid", match_up))
    with pytest.raises(NotSaid):
        correct(session, Erratum("Free", "Paid", 9999))
    assert all_of(session) == []


@pytest.mark.parametrize("right", ["", " \u200b ", "Free", "x" * (MOST + 1)])
def test_something_else_has_to_be_right(session, right):
    with pytest.raises(NothingRight):
        correct(session, entry_price(session.get_one(Issue, 1), right=right))


def test_what_has_not_left_is_changed_and_not_corrected(session):
    issue = session.get_one(Issue, 1)
    erratum, issue.sending_at = entry_price(issue), None

    with pytest.raises(NotOut):
        store.publish(session, issue, erratum, BY)


def test_amended_and_withdrawn_it_keeps_its_history(session):
    first = correct(session)
    second = store.amend(session, first.row_id, "Paid, from 9 dollars", BY)
    store.withdraw(session, second.row_id, "it is free again", BY)
    other = correct(session, entry_price(session.get_one(Issue, 1), place=1))

    assert states(store.standings(all_of(session))) == [
        ("it is free again", True, 3), ("Paid", False, 1),
    ]  # fmt: skip
    assert len(all_of(session)) == 4
    assert store.standing_one(session, other.row_id).now is other


def test_only_what_stands_now_is_amended_or_withdrawn(session):
    first = correct(session)
    second = store.amend(session, first.row_id, "Paid, from 9 dollars", BY)
    last = store.withdraw(session, second.row_id, "it is free again", BY)

    for old in (first.row_id, second.row_id, last.row_id, 9999):
        with pytest.raises(NoSuchCorrection):
            store.amend(session, old, "Paid", BY)
        with pytest.raises(NoSuchCorrection):
            store.withdraw(session, old, "because", BY)


def test_of_two_that_amend_the_same_at_once_one_is_refused_by_the_rows(session):
    first = correct(session)
    store.amend(session, first.row_id, "Paid, from 9 dollars", BY)
    late = first.model_dump(exclude={"id"}) | {"amends": first.id}
    session.add(Correction(**late))

    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


def test_a_word_about_something_else_than_was_shown_is_refused(session):
    seen = store.mark(all_of(session))
    store.require(all_of(session), seen)
    correct(session)

    with pytest.raises(ChangedMeanwhile):
        store.require(all_of(session), seen)


def test_what_is_published_shows_it_and_what_left_stays_as_it_was(session):
    issue = session.get_one(Issue, 1)
    before = (issue.html, issue.text, issue.content)
    made = correct(session, entry_price(issue, right=EVIL))

    [one] = shown(session, [issue], at_least=1, now=MONDAY)

    [told] = one.view.corrections
    assert (told.said, told.right, told.day) == ("Free", EVIL, MONDAY.date())
    assert one.view.corrections_of(one.view.match_ups[0]) == (told,)
    assert one.view.corrections_of(one.view.match_ups[1]) == ()
    assert one.changed == made.made_at
    assert (issue.html, issue.text, issue.content) == before
    assert frozen.altered(issue) == ()
