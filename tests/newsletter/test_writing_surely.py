"""What cannot be had again is written down when the database comes back, however long it is restarted."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
import structlog.testing
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from newsletter.database import Database
from newsletter.delivery.message import Outcome, Receipt
from newsletter.delivery.transports.memory import MemoryTransport
from newsletter.issues.states import IssueState
from tests.factories import add_subscribers, make_desk, store_comparisons
from tests.newsletter.away import Away
from tests.newsletter.delivery.reconciling.desks import states

FOREVER = 10**9


@pytest.fixture
def away(database):
    with closing(Away(database)) as away:
        yield away


def ask(session):
    return session.execute(text("SELECT 7")).scalar_one()


def test_nobody_waits_for_a_database_that_is_there(away):
    with structlog.testing.capture_logs() as logs:
        assert away.write_surely(ask) == 7

    assert (away.waited, logs) == ([], [])


def test_the_first_try_again_is_at_once_for_a_cut_connection_or_a_deadlock(database):
    class Cut(Away):
        def writing(self):
            self.seconds -= 1
            return super().writing()

    with closing(Cut(database)) as cut:
        cut.seconds = 2
        assert cut.write_surely(ask) == 7
        assert set(cut.waited) <= {0}


@pytest.mark.parametrize("seconds", [0.1, 3, 60])
def test_work_is_tried_again_until_the_server_is_back(away, seconds):
    away.seconds = seconds

    with structlog.testing.capture_logs() as logs:
        assert away.write_surely(ask) == 7

    assert sum(away.waited) < seconds + 6
    assert away.waited == sorted(away.waited)
    assert [(line["log_level"], line["event"]) for line in logs] == [
        ("warning", "database_unavailable"),
        ("info", "written_after_all"),
    ]


def test_it_is_given_up_in_the_end(away):
    away.seconds = FOREVER

    with pytest.raises(OperationalError):
        away.write_surely(ask)

    assert 60 < sum(away.waited) <= 90


def test_whoever_holds_a_lease_has_as_long_as_that_lasts_but_not_for_ever(away):
    sums = []
    for minutes in (-10, 10, 24 * 60):
        away.seconds, away.waited = FOREVER, []
        with pytest.raises(OperationalError):
            away.write_surely(ask, lasting=timedelta(minutes=minutes))
        sums.append(sum(away.waited))

    assert 60 < sums[0] <= 90
    assert 590 < sums[1] <= 600
    assert 3590 < sums[2] <= 3600


def test_a_wait_that_ends_the_tries_is_heard(database):
    def not_now(_seconds):
        return True

    nowhere = Database("sqlite:////nowhere/at/all.sqlite3", wait=not_now)

    with pytest.raises(OperationalError):
        nowhere.write_surely(ask)


@pytest.mark.parametrize("seconds", [3, 500])
@pytest.mark.parametrize("outcome", [Outcome.ACCEPTED, Outcome.NOT_TAKEN])
def test_no_answer_about_an_issue_is_lost_to_a_database_that_is_started_again(
    database, away, outcome, seconds
):
    class Answers(MemoryTransport):
        def send(self, mailing, messages, **options):
            away.seconds = seconds
            return [Receipt(outcome, code="450", provider_id="x")] * len(messages)

    with database.writing() as session:
        store_comparisons(session, 2)
        add_subscribers(session, 3)
    desk = make_desk(database, Answers())
    number = desk.build(desk.slots.next(), actor="test").number
    desk.dispatch.start(number, actor="test")

    replace(desk.dispatch.sender, database=away).send_due()

    became = "accepted" if outcome is Outcome.ACCEPTED else "queued"
    assert [state for state, _ in states(database)] == [became]
    assert desk.issue(number).state in (IssueState.SENDING, IssueState.SETTLED)
