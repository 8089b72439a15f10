"""What is held is looked for now and then, and once more before a person's word sends it again."""

import pytest

from newsletter.delivery.reconciling.reconciler import SilentSearch
from newsletter.issues.states import IssueState
from tests.factories import MONDAY
from tests.newsletter.delivery.reconciling.desks import (
    desk_at,
    doubts,
    let_pass,
    states,
    written_issue,
)
from tests.newsletter.delivery.reconciling.provider import Provider, Watch

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

READERS = 3


@pytest.fixture
def watch() -> Watch:
    return Watch(MONDAY)


@pytest.fixture
def provider(watch: Watch) -> Provider:
    return Provider(watch)


@pytest.fixture
def desk(database, provider, watch):
    """A desk of which all copies are held: they were accepted, and the search is down."""
    desk = desk_at(database, provider, watch)
    number = written_issue(desk, READERS)
    provider.mood, provider.down = "loses", True
    desk.send(number, actor="test")
    provider.mood = "answers"
    let_pass(desk, watch, 7 * 60, step=30)
    assert states(database) == {("held", "not-proved"): READERS}
    return desk


def test_a_search_that_works_again_proves_what_was_held(desk, provider, watch, database):
    provider.down = False

    let_pass(desk, watch, 3 * 60, step=10)

    assert states(database) == {("accepted", None): READERS}
    assert len(provider.letters) == READERS


def test_looks_for_what_is_held_are_few(desk, provider, watch):
    before = len(provider.looks)

    let_pass(desk, watch, 24 * 60, step=20)

    assert 3 <= len(provider.looks) - before <= 12


def test_what_is_found_at_the_last_moment_is_not_sent_again(desk, provider, watch, database):
    provider.down = False

    assert desk.dispatch.settle_unknown(1, "resend", actor="editor") == 0
    let_pass(desk, watch, 30)

    assert states(database) == {("accepted", None): READERS}
    assert len(provider.letters) == READERS


def test_without_an_answer_nothing_is_sent_again_unless_a_person_insists(
    desk, provider, watch, database
):
    with pytest.raises(SilentSearch, match="--unseen"):
        desk.dispatch.settle_unknown(1, "resend", actor="editor")
    assert states(database) == {("held", "not-proved"): READERS}

    assert desk.dispatch.settle_unknown(1, "resend", actor="editor", unseen=True) == READERS
    assert desk.issue(1).state == IssueState.SENDING


def test_what_is_left_held_needs_no_answer_and_is_looked_for_once_more(
    desk, provider, watch, database
):
    assert desk.dispatch.settle_unknown(1, "held", actor="editor") == READERS
    assert states(database) == {("held", "decided"): READERS}

    provider.down = False
    let_pass(desk, watch, 61)

    assert states(database) == {("accepted", None): READERS}
    assert len(provider.letters) == READERS
    assert doubts(database)[0].look_at is None
