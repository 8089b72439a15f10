"""What people are told of doubt: in reports, by ``doctor``, and of what became of accepted copies."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from newsletter.cli.reports import books_json, books_lines
from newsletter.delivery.models import Delivery
from newsletter.diagnosis import Level, examine
from newsletter.issues.states import IssueEvent
from newsletter.service import Service
from tests.factories import MONDAY
from tests.newsletter.delivery.reconciling.desks import desk_at, let_pass, written_issue
from tests.newsletter.delivery.reconciling.provider import Provider, Watch

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def watch() -> Watch:
    return Watch(MONDAY)


@pytest.fixture
def provider(watch: Watch) -> Provider:
    return Provider(watch)


@pytest.fixture
def wired(service: Service, provider: Provider, watch: Watch) -> Service:
    """The service, with a desk in front of a provider that has lost an issue for three readers."""
    object.__setattr__(service, "desk", desk_at(service.database, provider, watch))
    written_issue(service.desk, 3)
    provider.mood = "drops"
    service.desk.send(1, actor="test")
    provider.mood = "answers"
    return service


def found(wired: Service, code: str) -> list[tuple[Level, str]]:
    return [(one.level, one.message) for one in examine(wired) if one.code == code]


def test_a_report_says_what_is_in_doubt_and_when_it_is_looked_for_next(wired):
    wired.dispatch.deliver()

    lines = books_lines(wired, wired.desk.issue(1))

    assert "3 in doubt, the search still has time: looked 1 time, next 09:00:10 UTC" in lines
    assert found(wired, "in-doubt")[0][0] is Level.NOTE


def test_a_report_of_what_is_held_in_doubt_gives_the_command_that_decides(wired, watch, provider):
    provider.down = True
    let_pass(wired.desk, watch, minutes=400, step=20)

    *_, held, command = books_lines(wired, wired.desk.issue(1))

    assert held.startswith("3 held in doubt, not-proved: looked ")
    assert command == (
        "to send them all the same: newsletter issue decide 1 --resend; "
        "to leave them: newsletter issue decide 1 --held"
    )
    assert books_json(wired, wired.desk.issue(1))["balanced"]


def test_what_is_held_in_doubt_is_wrong_before_somebody_has_decided(wired, watch, provider):
    provider.down = True
    let_pass(wired.desk, watch, minutes=400, step=20)

    [(level, said), *others] = found(wired, "in-doubt")
    wired.dispatch.settle_unknown(1, "held", actor="test")

    assert (level, others) == (Level.WRONG, [])
    assert said.startswith("issue 1: 3 held in doubt, not-proved: looked ")
    assert said.endswith("to leave them: newsletter issue decide 1 --held")
    assert found(wired, "in-doubt") == []


def test_of_an_issue_that_was_given_up_nothing_is_offered_to_be_sent(wired, watch, provider):
    provider.down = True
    wired.desk.change(1, IssueEvent.CANCELLED, actor="test")
    let_pass(wired.desk, watch, minutes=400, step=20)

    *_, command = books_lines(wired, wired.desk.issue(1))

    assert command == "to leave them: newsletter issue decide 1 --held"


def test_a_report_tells_what_became_of_accepted_copies(wired, watch):
    let_pass(wired.desk, watch, minutes=30)
    issue = wired.desk.issue(1)
    assert not [line for line in books_lines(wired, issue) if line.startswith("afterwards")]

    _tell(wired, "delivered")

    assert "afterwards 3 delivered" in books_lines(wired, issue)
    assert books_json(wired, issue)["afterwards"] == {"delivered": 3}


def test_doctor_misses_copies_that_neither_arrived_nor_came_back_within_a_day(wired, watch):
    let_pass(wired.desk, watch, minutes=30)
    with wired.database.writing() as session:
        first = session.execute(select(col(Delivery.subscriber_id)).limit(1)).scalar_one()
        of_the_first = update(Delivery).where(col(Delivery.subscriber_id) == first)
        session.execute(of_the_first.values(feedback="delivered"))
    assert found(wired, "silent") == []

    next_day = wired.as_of(lambda: watch() + timedelta(days=1))

    assert found(next_day, "silent") == [
        (Level.WRONG, "issue 1: 2 accepted copies neither arrived nor came back")
    ]


def test_doctor_tells_how_far_the_search_was_behind_and_when(wired, watch, provider):
    let_pass(wired.desk, watch, minutes=30)

    [(level, message)] = found(wired, "index-lag")

    assert level is Level.OK
    assert message == (
        "the provider's search was 120 s behind at worst (2026-11-23); it is believed after 15 minutes"
    )


@pytest.mark.parametrize(("minutes", "told"), [(5.0, True), (6.0, False)])
def test_doctor_warns_of_a_settle_time_that_a_call_could_outlast(wired, provider, minutes, told):
    settings = wired.settings.model_copy(update={"settle_minutes": minutes})
    provider.longest = timedelta(minutes=6)

    warned = found(replace(wired, settings=settings), "settle-minutes")

    assert bool(warned) is told
    assert all(level is Level.NOTE and "6 minutes" in message for level, message in warned)


def _tell(wired: Service, feedback: str) -> None:
    with wired.database.writing() as session:
        session.execute(update(Delivery).values(feedback=feedback))
