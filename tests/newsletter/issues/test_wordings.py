from functools import partial

import pytest

from newsletter.content.catalogue import lookup
from newsletter.database import Database
from newsletter.desk import Desk
from newsletter.issues import frozen, opening, store, wordings
from newsletter.issues.marks import AlreadyMailed
from newsletter.issues.rewording import CardPart, IssuePart, Words
from newsletter.issues.states import IssueEvent
from tests.factories import MONDAY, add_subscribers, make_desk, store_comparisons

put_for_issue = partial(wordings.put_for_issue, now=MONDAY, actor="an editor")
put_for_comparison = partial(wordings.put_for_comparison, now=MONDAY, actor="an editor")


def test_wordings_survive_every_rebuild_until_they_are_taken_off(database):
    desk = make_desk(database)
    with database.writing() as session:
        store_comparisons(session, 2)
    plain = desk.build(desk.slots.next(), actor="test")
    with database.writing() as session:
        [first, _] = lookup.entries(session)
        put_for_comparison(session, first, CardPart.VERDICT, Words("Old."))
        put_for_comparison(session, first, CardPart.VERDICT, Words("Both do."))
        put_for_issue(session, plain.number, IssuePart.SUBJECT, Words("Ours"))

    for _ in range(2):
        view = frozen.view(desk.build(desk.slots.next(), actor="test"))
        assert view.subject == "Ours"
        assert [card.numbers for card in view.cards if card.reworded] == ["Both do."]

    with database.writing() as session:
        assert wordings.take_off(session, first.id, CardPart.VERDICT)
        assert wordings.take_off(session, plain.number, IssuePart.SUBJECT)
        assert not wordings.take_off(session, plain.number, IssuePart.SUBJECT)
    assert desk.build(desk.slots.next(), actor="test").content_hash == plain.content_hash


def test_an_own_quote_is_kept_as_the_editors(database):
    with database.writing() as session:
        store_comparisons(session, 1)
        [entry] = lookup.entries(session)
        mine = Words("We ran it for a week.", own_words=True)
        put_for_comparison(session, entry, CardPart.FOR_A, mine)

        assert wordings.of_comparisons(session, [entry.id]) == {entry.id: {CardPart.FOR_A: mine}}


@pytest.fixture
def desk(database: Database) -> Desk:
    with database.writing() as session:
        store_comparisons(session, 2)
        add_subscribers(session, 1)
    return make_desk(database)


def build(desk: Desk) -> int:
    return desk.build(desk.slots.to_build(), actor="test").number


def test_the_open_issue_is_reworded_and_not_the_latest_that_left(desk):
    number = build(desk)
    with desk.database.writing() as session:
        assert opening.open_to_change(session).number == number

    desk.send(number, actor="test")

    with desk.database.writing() as session, pytest.raises(opening.NotOpen, match="issue build"):
        opening.open_to_change(session)


@pytest.mark.parametrize("event", [IssueEvent.CANCELLED, IssueEvent.MISSED])
def test_an_issue_that_was_given_up_is_not_reworded(desk, event):
    number = build(desk)
    desk.change(number, event, actor="test")

    with (
        desk.database.writing() as session,
        pytest.raises(opening.NotOpen, match=f"issue {number}"),
    ):
        put_for_issue(session, number, IssuePart.SUBJECT, Words("Too late"))


def test_an_issue_that_was_paused_on_its_way_is_not_reworded(desk):
    number = build(desk)
    desk.dispatch.start(number, actor="test")
    desk.change(number, IssueEvent.PAUSED, actor="test")

    with desk.database.writing() as session, pytest.raises(opening.NotOpen, match="begun to leave"):
        put_for_issue(session, number, IssuePart.SUBJECT, Words("Too late"))
    with desk.database.writing() as session, pytest.raises(opening.NotOpen):
        wordings.take_off(session, number, IssuePart.SUBJECT)


@pytest.mark.parametrize("event", [None, IssueEvent.HELD])
def test_what_can_be_built_again_can_be_reworded(desk, event):
    number = build(desk)
    if event:
        desk.change(number, event, actor="test")

    with desk.database.writing() as session:
        put_for_issue(session, number, IssuePart.SUBJECT, Words("In time"))

        assert wordings.of_issue(session, number) == {IssuePart.SUBJECT: Words("In time")}


def test_a_comparison_that_was_mailed_keeps_its_words(desk):
    desk.send(build(desk), actor="test")

    with desk.database.writing() as session:
        entry = lookup.entries(session)[0]
        with pytest.raises(AlreadyMailed, match="mailed in issue 1"):
            put_for_comparison(session, entry, CardPart.VERDICT, Words("Too late."))
        with pytest.raises(AlreadyMailed):
            wordings.take_off(session, entry.id, CardPart.VERDICT)


@pytest.mark.parametrize("number", [2, 2**31, 10**20])
def test_a_number_that_no_issue_has_is_refused(desk, number):
    build(desk)
    with desk.database.writing() as session:
        for asked in (store.get, store.locked, opening.open_to_change):
            with pytest.raises(store.NoSuchIssue, match=f"no issue {number}"):
                asked(session, number)
        assert store.published_issue(session, number) is None
