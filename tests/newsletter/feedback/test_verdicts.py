"""What stands against a reader, by the events' own instants and nothing else."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations

import pytest

from newsletter.feedback.meanings import OfCopy, OfReader, Reason
from newsletter.feedback.verdicts import (
    Cuts,
    OnCopy,
    OnReader,
    gravest,
    judge,
    suppressed_since,
    waiting,
)
from subscribers.states import State
from tests.factories import MONDAY

ALIVE, SOFT, HARD = OfReader.ALIVE, OfReader.SOFT, OfReader.HARD
SUPPRESSED, LEFT, COMPLAINED = OfReader.SUPPRESSED, OfReader.LEFT, OfReader.COMPLAINED
REOPENED = OfReader.REOPENED


def day(number: float) -> datetime:
    return MONDAY + timedelta(days=number)


def on(says: OfReader, at: float, stream: str | None = "broadcast", copy: int = 0) -> OnReader:
    return OnReader(says, day(at), stream, copy or int(at) + 1)


@pytest.mark.parametrize(
    ("told", "closed"),
    [
        ([], None),
        ([on(ALIVE, 0)], None),
        ([on(HARD, 0)], State.BOUNCED),
        ([on(HARD, 0), on(ALIVE, 1)], State.BOUNCED),
        ([on(HARD, 0), on(REOPENED, 1)], None),
        ([on(HARD, 1), on(REOPENED, 0)], State.BOUNCED),
        ([on(HARD, 0), on(REOPENED, 1, "outbound")], State.BOUNCED),
        ([on(HARD, 0, None), on(REOPENED, 1)], None),
        ([on(SUPPRESSED, 0)], State.SUPPRESSED),
        ([on(SUPPRESSED, 0), on(REOPENED, 0)], State.SUPPRESSED),
        ([on(SUPPRESSED, 0), on(HARD, 1)], State.SUPPRESSED),
        ([on(COMPLAINED, 0), on(REOPENED, 1)], State.COMPLAINED),
        ([on(COMPLAINED, 0), on(SUPPRESSED, 1)], State.COMPLAINED),
        ([on(LEFT, 0), on(REOPENED, 1)], None),
    ],
)
def test_the_table_in_whatever_order(told, closed):
    assert {judge(order, Cuts()).closed for order in permutations(told)} == {closed}


@pytest.mark.parametrize(
    ("days", "alive", "closed"),
    [
        ((0, 7, 14), (), State.BOUNCED),
        ((0, 7, 13), (), None),
        ((0, 14), (), None),
        ((0, 7, 14), (8,), None),
        ((0, 7, 14), (15,), None),
        ((0, 8, 15, 22), (1,), State.BOUNCED),
        ((0, 1, 2, 3, 13), (), None),
        ((0, 120, 240), (), None),
        ((0, 46, 60), (), None),
        ((0, 31, 62), (), State.BOUNCED),
        ((0, 100, 107, 114), (), State.BOUNCED),
    ],
)
def test_three_soft_bounces_in_a_row_over_two_weeks_close(days, alive, closed):
    told = [on(SOFT, at) for at in days] + [on(ALIVE, at) for at in alive]

    assert judge(told, Cuts()).closed is closed


def test_one_copy_bounces_softly_once_however_often_it_is_told():
    told = [on(SOFT, 0, copy=1), on(SOFT, 7, copy=1), on(SOFT, 15, copy=2)]

    assert judge(told, Cuts()).closed is None


def test_single_letters_do_not_count_as_soft_bounces():
    told = [OnReader(SOFT, day(at)) for at in (0, 7, 15)]

    assert judge(told, Cuts()).closed is None


@pytest.mark.parametrize(
    ("says", "released", "confirmed"),
    [(HARD, None, None), (SUPPRESSED, None, None), (COMPLAINED, None, State.COMPLAINED)],
)
def test_a_new_yes_leaves_all_behind_but_a_complaint_that_only_a_release_lifts(
    says, released, confirmed
):
    told = [on(says, 0)]

    assert judge(told, Cuts(released_at=day(1))).closed is released
    assert judge(told, Cuts(yes_at=day(1))).closed is confirmed
    assert judge([on(says, 2)], Cuts(day(1), day(1))).closed is not None


def test_a_goodbye_before_the_new_yes_is_over():
    assert judge([on(LEFT, 0)], Cuts()).left
    assert not judge([on(LEFT, 0)], Cuts(yes_at=day(1))).left


def test_of_a_copy_the_gravest_counts_and_of_those_the_first():
    told = [
        OnCopy(OfCopy.DELIVERED, day(0)),
        OnCopy(OfCopy.BOUNCED, day(2), "late"),
        OnCopy(OfCopy.BOUNCED, day(1), "first"),
        OnCopy(OfCopy.DEFERRED, day(3)),
    ]

    assert {gravest(order) for order in permutations(told)} == {told[2]}
    assert gravest([]) is None


def lasting(says: OfReader, at: float) -> OnReader:
    """An answer that says what is the case, and not since when."""
    return replace(on(says, at), lasting=True)


@pytest.mark.parametrize(
    ("told", "closed"),
    [
        ([lasting(SUPPRESSED, 5)], State.SUPPRESSED),
        ([lasting(SUPPRESSED, 3)], None),
        ([on(HARD, 1), lasting(SUPPRESSED, 5)], None),
        ([on(HARD, 1), on(REOPENED, 2), lasting(SUPPRESSED, 5)], State.SUPPRESSED),
        ([on(HARD, 1, "outbound"), lasting(SUPPRESSED, 5)], State.SUPPRESSED),
        ([on(HARD, 1), on(HARD, 4.5), lasting(SUPPRESSED, 5)], State.SUPPRESSED),
        ([on(HARD, 6), lasting(SUPPRESSED, 5)], State.SUPPRESSED),
        ([lasting(SUPPRESSED, 5), on(REOPENED, 6)], None),
        ([on(HARD, 1), lasting(COMPLAINED, 5)], State.COMPLAINED),
    ],
)
def test_what_lasts_counts_from_what_brought_it_about_in_whatever_order(told, closed):
    yes = Cuts(yes_at=day(4))

    assert {judge(order, yes).closed for order in permutations(told)} == {closed}


@pytest.mark.parametrize(
    ("told", "streams"),
    [
        ([], set()),
        ([on(HARD, 1)], {"broadcast"}),
        ([on(HARD, 1), on(LEFT, 2, "outbound")], {"broadcast", "outbound"}),
        ([on(HARD, 1), on(REOPENED, 2)], set()),
        ([on(HARD, 1), on(HARD, 5)], set()),
        ([on(HARD, 1), on(COMPLAINED, 2)], set()),
        ([on(HARD, 1), on(COMPLAINED, 2, "outbound")], {"broadcast"}),
        ([on(HARD, 1), lasting(SUPPRESSED, 5)], {"broadcast"}),
        ([on(SOFT, 1), on(ALIVE, 2)], set()),
    ],
)
def test_who_said_yes_waits_where_the_provider_stopped_before(told, streams):
    assert {frozenset(waiting(order, day(4))) for order in permutations(told)} == {
        frozenset(streams)
    }


def listed(at: float, stream: str | None = "broadcast") -> OnReader:
    """A hard bounce, which puts the address on the list of its stream."""
    return replace(on(HARD, at, stream), reason=Reason.HARD_BOUNCE)


SOFT_RUN = [on(SOFT, number) for number in (8, 15, 22)]


@pytest.mark.parametrize(
    ("told", "since"),
    [
        ([], None),
        ([listed(1)], 1),
        ([listed(1), listed(1.1), on(ALIVE, 2)], 1.1),
        ([listed(1), lasting(SUPPRESSED, 5)], 5),
        ([listed(1), on(HARD, 2)], 2),
        ([on(HARD, 2)], None),
        ([lasting(SUPPRESSED, 5)], None),
        ([listed(1), on(REOPENED, 2)], None),
        ([listed(1), on(REOPENED, 2), lasting(SUPPRESSED, 5)], None),
        ([listed(1), on(REOPENED, 2), listed(3)], 3),
        ([listed(1), listed(2, "outbound")], 1),
        ([listed(2, "outbound")], None),
        ([listed(1), on(HARD, 2, None)], None),
        ([listed(1), on(COMPLAINED, 2, "outbound")], None),
        ([listed(1), on(COMPLAINED, 2), on(REOPENED, 3), listed(4)], None),
        ([listed(1), *SOFT_RUN], None),
        ([listed(1), *SOFT_RUN[1:]], 1),
        ([listed(-3)], None),
        ([listed(-3), listed(1)], 1),
    ],
)
def test_since_when_a_suppression_stands_that_its_list_can_tell_the_end_of(told, since):
    yes = Cuts(yes_at=day(-2))
    wanted = None if since is None else day(since)

    assert {suppressed_since(order, "broadcast", yes) for order in permutations(told)} == {wanted}
