import threading
from datetime import timedelta

import pytest
from sqlmodel import select

from newsletter import personal_data
from newsletter.content.catalogue.store import save
from newsletter.service import Service
from newsletter.votes import polls, storage
from newsletter.votes.models import Vote
from newsletter.votes.polls import NoSuchPoll, PollClosed, PollUnreadable, VoterErased
from newsletter.votes.rules import Choice, Tally
from subscribers.models import Subscriber
from subscribers.unsubscribe import unsubscribe
from tests.factories import MONDAY, add_subscribers, make_comparison, store_comparisons
from tests.newsletter.votes.leaving import (
    begin_the_next,
    begin_to_leave,
    make_unreadable,
    match_ups,
)

HOUR = timedelta(hours=1)
WEEK = timedelta(days=7)
A, B, NEITHER = Choice.A, Choice.B, Choice.NEITHER


@pytest.fixture
def readers(service: Service) -> list[Subscriber]:
    """Three readers of issue 1, which has left with two match-ups."""
    with service.database.writing() as session:
        store_comparisons(session, 2)
        found = add_subscribers(session, 3)
    begin_to_leave(service)
    return found


def vote(service, reader, place, choice, *, now=MONDAY, issue=1):
    with service.database.writing() as session:
        return polls.vote(session, reader.public_id, issue, place=place, choice=choice, now=now)


def read(service, reader, *, now=MONDAY, issue=1):
    with service.database.reading() as session:
        return polls.poll(session, reader.public_id, issue, now=now)


def tally(service, issue=1):
    with service.database.reading() as session:
        return storage.tally(session, issue)


def rows(service: Service) -> list[Vote]:
    with service.database.reading() as session:
        return list(session.exec(select(Vote)))


def test_a_vote_is_recorded_once_and_counted(service, readers):
    first, second = match_ups(service)
    poll = vote(service, readers[0], 1, A)
    vote(service, readers[1], 1, B)
    vote(service, readers[2], 1, A)
    vote(service, readers[2], 2, NEITHER)

    assert poll.answers == {first: A}
    assert tally(service) == {first: Tally(a=2, b=1), second: Tally(neither=1)}


def test_a_second_vote_changes_the_first_and_keeps_when_it_was_cast(service, readers):
    vote(service, readers[0], 1, A)
    vote(service, readers[0], 1, B, now=MONDAY + HOUR)

    [row] = rows(service)
    assert (row.choice, row.cast_at, row.changed_at) == ("b", MONDAY, MONDAY + HOUR)


def test_the_same_vote_again_changes_nothing(service, readers):
    vote(service, readers[0], 1, A)
    vote(service, readers[0], 1, A, now=MONDAY + HOUR)

    [row] = rows(service)
    assert row.changed_at == MONDAY


def test_votes_at_the_same_moment_are_one_vote(service, readers):
    ready, problems = threading.Barrier(4), []

    def press(choice: Choice) -> None:
        ready.wait()
        try:
            vote(service, readers[0], 1, choice)
        except Exception as problem:  # noqa: BLE001  whatever it is, the test shall show it
            problems.append(problem)

    threads = [threading.Thread(target=press, args=(choice,)) for choice in (A, B, A, NEITHER)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert problems == []
    assert len(rows(service)) == 1


def test_the_poll_shows_the_issue_as_it_was_frozen(service, readers):
    poll = read(service, readers[0])

    assert [row.entry_id for row in poll.issue.match_ups] == match_ups(service)
    assert (poll.is_open, poll.erased, poll.answers) == (True, False, {})


def test_the_next_match_up_without_an_answer_is_found_beyond_the_end(service, readers):
    poll = vote(service, readers[0], 2, A)

    assert poll.undecided_after(2) == 1
    assert vote(service, readers[0], 1, A).undecided_after(1) is None


@pytest.mark.parametrize("place", [0, 3, -1, 10**30])
def test_what_is_not_in_the_issue_cannot_be_voted_on(service, readers, place):
    with pytest.raises(NoSuchPoll):
        vote(service, readers[0], place, A)

    assert rows(service) == []


def test_a_place_is_that_of_the_issue_whatever_the_row_of_its_comparison(service, readers):
    begin_the_next(service.as_of(lambda: MONDAY + WEEK))
    [newest] = match_ups(service, 2)

    assert vote(service, readers[0], 1, A, issue=2).answers == {newest: A}
    with pytest.raises(NoSuchPoll):
        vote(service, readers[0], 2, A, issue=2)


def test_an_issue_that_cannot_be_read_is_no_poll_and_says_so(service, readers):
    make_unreadable(service, 1)

    with pytest.raises(PollUnreadable):
        read(service, readers[0])
    with pytest.raises(PollUnreadable):
        vote(service, readers[0], 1, A)


def test_voting_ends_when_the_next_issue_begins_to_leave(service, readers):
    [first, _] = match_ups(service)
    vote(service, readers[0], 1, A)
    begin_the_next(service.as_of(lambda: MONDAY + WEEK))

    with pytest.raises(PollClosed):
        vote(service, readers[0], 1, B, now=MONDAY + WEEK)

    assert not read(service, readers[0], now=MONDAY + WEEK).is_open
    assert tally(service) == {first: Tally(a=1)}
    assert read(service, readers[0], now=MONDAY + WEEK, issue=2).is_open


def test_a_next_issue_that_is_only_built_leaves_the_poll_open(service, readers):
    with service.database.writing() as session:
        save(session, make_comparison("new-left", "new-right"), now=MONDAY)
    service.desk.build(service.as_of(lambda: MONDAY + WEEK).desk.slots.next(), actor="test")

    assert read(service, readers[0], now=MONDAY + WEEK).is_open


def test_a_draft_has_no_poll(service):
    with service.database.writing() as session:
        store_comparisons(session, 1)
        [reader] = add_subscribers(session, 1)
    number = service.desk.build(service.desk.slots.next(), actor="test").number

    with pytest.raises(NoSuchPoll):
        read(service, reader, issue=number)
    with pytest.raises(NoSuchPoll):
        read(service, reader, issue=number + 1)


def test_nobody_has_no_poll(service, readers):
    readers[0].public_id = "nobodynobody"

    with pytest.raises(NoSuchPoll):
        read(service, readers[0])
    with pytest.raises(NoSuchPoll):
        vote(service, readers[0], 1, A)


def test_who_has_left_may_still_say_what_they_would_ship(service, readers):
    [first, _] = match_ups(service)
    with service.database.writing() as session:
        unsubscribe(session, readers[0].public_id, now=MONDAY, source="page")

    assert vote(service, readers[0], 1, A).answers == {first: A}


def test_the_vote_of_somebody_who_was_erased_counts_on_as_nobodys(service, readers):
    [first, _] = match_ups(service)
    vote(service, readers[0], 1, A)
    vote(service, readers[1], 1, A)

    with service.database.writing() as session:
        personal_data.erase(session, readers[0].public_id, now=MONDAY)

    assert tally(service) == {first: Tally(a=2)}
    assert {row.subscriber_id for row in rows(service)} == {None, readers[1].id}
    assert read(service, readers[0]).erased


def test_who_was_erased_votes_no_more(service, readers):
    with service.database.writing() as session:
        personal_data.erase(session, readers[0].public_id, now=MONDAY)

    with pytest.raises(VoterErased):
        vote(service, readers[0], 1, A)
    assert rows(service) == []
