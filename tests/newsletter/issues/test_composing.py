"""An editor composes an issue: what is built, what is kept of it, and what an undo puts back."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session

from newsletter.content.catalogue import lookup
from newsletter.content.catalogue.store import save
from newsletter.content.comparison import CatalogueEntry
from newsletter.database import Database
from newsletter.desk import Desk
from newsletter.issues import building, composing, frozen, life, marks, opening, said, store
from newsletter.issues.composing import ChangedSince, Composer, NothingToUndo
from newsletter.issues.models import ComposingStep
from newsletter.issues.rewording import CardPart, IssuePart, NotInSource, Words
from newsletter.issues.seen import ChangedMeanwhile
from newsletter.issues.states import IssueEvent, IssueState
from newsletter.selection.rules import Mark
from tests.factories import (
    MONDAY,
    SEEN,
    add_subscribers,
    make_comparison,
    make_desk,
    store_comparisons,
)


@pytest.fixture
def desk(database: Database) -> Desk:
    with database.writing() as session:
        store_comparisons(session, 5)
        add_subscribers(session, 1)
    made = make_desk(database, issue_size=4)
    made.build(made.slots.next(), actor="test")
    return made


def composer(session: Session, desk: Desk, seen: str | None = None) -> Composer:
    return Composer(session, desk.press, 1, "editor 1", MONDAY, seen)


def entry(session: Session, number: int) -> CatalogueEntry:
    found = lookup.entry(session, f"left-{number}-vs-right-{number}")
    assert found is not None
    return found


def order(desk: Desk) -> list[str]:
    return [
        row.key.split()[0].removeprefix("left-") for row in frozen.view(desk.issue(1)).match_ups
    ]


def compose(desk: Desk, do: Callable[[Composer], ComposingStep | None]) -> ComposingStep | None:
    with desk.database.writing() as session:
        return do(composer(session, desk))


def approve(desk: Desk) -> None:
    with desk.database.writing() as session:
        issue = store.locked(session, 1)
        life.change(session, issue, IssueEvent.APPROVED, now=MONDAY, actor="test")


def undo(desk: Desk) -> ComposingStep | None:
    return compose(desk, Composer.undo)


def test_a_move_places_all_and_brings_nothing_else_in(desk):
    before = order(desk)
    with desk.database.writing() as session:
        last = entry(session, int(before[-1]))
        step = composer(session, desk).move(last, 1)

    assert order(desk) == [before[-1], *before[:-1]]
    assert step is not None
    assert (step.what, step.effect) == (f"moved {last.comparison.title} to place 1", "")


def test_what_comes_in_and_goes_out_with_a_change_is_told(desk):
    before = order(desk)
    [first, *_] = before

    step = compose(desk, lambda by: by.ban(entry(by.session, int(first))))

    assert step is not None
    [came] = set(order(desk)) - set(before)
    assert step.effect == (
        f"In it now: Left {came} vs Right {came}. Not in it any more: Left {first} vs Right {first}"
    )


def test_a_chosen_one_takes_the_place_of_another(desk):
    before = order(desk)
    out = next(str(number) for number in range(1, 6) if str(number) not in before)

    compose(
        desk, lambda by: by.replace(entry(by.session, int(before[2])), entry(by.session, int(out)))
    )

    assert order(desk) == [*before[:2], out, *before[3:]]


def test_each_undo_takes_one_change_back_to_the_very_bytes(desk):
    hashes = [desk.issue(1).content_hash]
    before = order(desk)
    quoted = Words("What kills this is a rate limit that nobody documents.")
    for do in (
        lambda by: by.reword({IssuePart.SUBJECT: Words("Ours"), IssuePart.INTRO: Words("Hi.")}),
        lambda by: by.move(entry(by.session, int(before[3])), 2),
        lambda by: by.reword_card(entry(by.session, int(before[0])), {CardPart.FOR_A: quoted}),
        lambda by: by.reword_card(entry(by.session, int(before[0])), {CardPart.FOR_A: Words("")}),
        lambda by: by.ban(entry(by.session, int(before[1]))),
        lambda by: by.unmark(entry(by.session, int(before[1]))),
        lambda by: by.reword({IssuePart.SUBJECT: None}),
    ):
        assert compose(desk, do) is not None
        hashes.append(desk.issue(1).content_hash)

    for expected in reversed(hashes[:-1]):
        undo(desk)
        assert desk.issue(1).content_hash == expected
    with pytest.raises(NothingToUndo):
        undo(desk)


def test_what_changes_nothing_is_no_change_and_leaves_an_approval(desk):
    approve(desk)

    assert compose(desk, lambda by: by.unmark(entry(by.session, 1))) is None
    assert desk.issue(1).state == IssueState.APPROVED


def test_any_change_takes_an_approval_back_and_so_does_an_undo(desk):
    for do in (lambda by: by.reword({IssuePart.SUBJECT: Words("Ours")}), Composer.undo):
        approve(desk)
        compose(desk, do)
        after = desk.issue(1)
        assert (after.state, after.approved_hash) == (IssueState.DRAFT, None)


def test_of_two_who_saw_the_same_only_the_first_changes_anything(desk):
    with desk.database.reading() as session:
        shown = composing.mark(store.get(session, 1), said.everything(session, 1))
    with desk.database.writing() as session:
        composer(session, desk, shown).ban(entry(session, int(order(desk)[0])))

    for do in (lambda by: by.pin(entry(by.session, 5)), Composer.undo, Composer.build_again):
        with desk.database.writing() as session, pytest.raises(ChangedMeanwhile):
            do(composer(session, desk, shown))


def test_a_word_at_the_command_line_that_changes_no_byte_is_a_change_all_the_same(desk):
    out = next(number for number in range(1, 6) if str(number) not in order(desk))
    with desk.database.reading() as session:
        shown = composing.mark(store.get(session, 1), said.everything(session, 1))
    with desk.database.writing() as session:
        marks.put(session, entry(session, out).id, Mark("ban"), now=MONDAY, actor="operator")

    with desk.database.writing() as session, pytest.raises(ChangedMeanwhile):
        composer(session, desk, shown).pin(entry(session, out))


def test_what_a_command_changed_since_is_not_taken_back(desk):
    compose(desk, lambda by: by.pin(entry(by.session, 1)))
    with desk.database.writing() as session:
        marks.take_off(session, entry(session, 1).id)

    with pytest.raises(ChangedSince):
        undo(desk)


def test_a_refused_word_changes_nothing(desk):
    before = desk.issue(1).content_hash

    with pytest.raises(NotInSource):
        compose(
            desk,
            lambda by: by.reword_card(
                entry(by.session, 1), {CardPart.FOR_A: Words("A miracle, it is.")}
            ),
        )

    assert desk.issue(1).content_hash == before
    with pytest.raises(NothingToUndo):
        undo(desk)


def test_the_last_match_up_is_not_banned_away(database):
    with database.writing() as session:
        store_comparisons(session, 1)
    desk = make_desk(database)
    desk.build(desk.slots.next(), actor="test")

    with pytest.raises(building.NothingNew):
        compose(desk, lambda by: by.ban(entry(by.session, 1)))
    assert order(desk) == ["1"]


def test_what_has_begun_to_leave_is_not_composed(desk):
    approve(desk)
    desk.dispatch.start(1, actor="test")

    with pytest.raises(opening.NotOpen):
        compose(desk, lambda by: by.reword({IssuePart.SUBJECT: Words("Too late")}))


def test_building_again_takes_in_what_came_since(desk):
    with desk.database.writing() as session:
        save(session, make_comparison("brand-new", "just-in"), now=SEEN + timedelta(days=1))
        assert lookup.count_since(session, SEEN) == 1
        composer(session, desk).build_again()

    assert order(desk)[0] == "brand-new"
