"""Calls that become jobs: what of them is rejected, sent again or held, and never twice."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from newsletter.delivery.message import Mailing, Message, Outcome, Receipt
from newsletter.delivery.models import Delivery
from newsletter.delivery.proving import prove
from newsletter.delivery.transport import Job, MayGoOn, always
from tests.factories import MONDAY
from tests.newsletter.delivery.reconciling.desks import (
    desk_at,
    doubts,
    let_pass,
    states,
    written_issue,
)
from tests.newsletter.delivery.reconciling.provider import LOST, Provider, Watch

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

SLOW = timedelta(minutes=40)


def each_got_one(database, provider, readers):
    assert states(database) == {("accepted", None): readers}
    assert len(provider.letters) == len(set(provider.letters)) == readers


class Divided(Provider):
    """Takes an issue as two jobs, because its first call was refused for the sake of one copy."""

    second = "lost"
    """What becomes of the second half: its call is lost, or only its answer, of a job at work or done."""

    def mark(self) -> str | None:
        return f"{super().mark()}.job"

    def send(
        self, mailing: Mailing, messages: Sequence[Message], *, may_go_on: MayGoOn = always
    ) -> list[Receipt]:
        if mailing.stream != "broadcast":
            return super().send(mailing, messages, may_go_on=may_go_on)
        half = len(messages) // 2
        first, rest = messages[:half], messages[half:]
        if self.second == "slow":
            return self._take("one", first, SLOW) + self._take("two", rest, SLOW)
        taken = self._take("one", first, timedelta(0))
        if self.second == "unnamed":
            self._take("two", rest, timedelta(minutes=1))
        if self.second == "slow-unnamed":
            self._take("two", rest, SLOW)
        if self.second == "unsearchable":
            self._take("two", rest, timedelta(days=3))
            self.turned_over["two"] = Job("completed", 3, 3, 0)
        if self.second == "partly":
            self._take("two", rest[:-1], timedelta(minutes=1))
            self.turned_over["two"] = Job("completed", 3, 2, 1)
        if self.second == "lost":
            self.second = "unnamed"
        return taken + [LOST] * len(rest)

    def _take(self, job: str, messages: Sequence[Message], lag: timedelta) -> list[Receipt]:
        self.lag, before = lag, self.lag
        for message in messages:
            self._accept("broadcast", message)
        self.lag, count = before, len(messages)
        self.turned_over[job] = (
            Job("working", count, 0, 0) if lag == SLOW else Job("completed", count, count, 0)
        )
        return [Receipt(Outcome.UNKNOWN, provider_id=job, code="bulk-accepted")] * count


@pytest.fixture
def watch() -> Watch:
    return Watch(MONDAY)


@pytest.fixture
def provider(watch: Watch) -> Divided:
    return Divided(watch)


@pytest.fixture
def desk(database, provider, watch):
    desk = desk_at(database, provider, watch, batch_size=6)
    desk.dispatch.start(written_issue(desk, 6), actor="test")
    return desk


def test_the_half_that_became_no_job_leaves_once_more(desk, provider, watch, database):
    desk.dispatch.deliver()
    let_pass(desk, watch, 60)

    each_got_one(database, provider, 6)


def test_the_half_whose_answer_was_lost_waits_for_a_person_where_jobs_are_not_listed(
    desk, provider, watch, database
):
    provider.lists = False
    desk.dispatch.deliver()
    let_pass(desk, watch, 7 * 60, step=10)

    assert states(database) == {("accepted", None): 3, ("held", "job-not-known"): 3}
    assert len(provider.letters) == 3


def test_a_half_that_left_without_an_answer_is_proved(desk, provider, watch, database):
    provider.second = "unnamed"
    desk.dispatch.deliver()
    let_pass(desk, watch, 60)

    each_got_one(database, provider, 6)


def test_a_job_whose_name_was_lost_is_waited_for_while_it_is_at_work(
    desk, provider, watch, database
):
    provider.second = "slow-unnamed"
    desk.dispatch.deliver()
    let_pass(desk, watch, 38)
    provider.turned_over = {job: Job("completed", 3, 3, 0) for job in ("one", "two")}
    let_pass(desk, watch, 60)

    each_got_one(database, provider, 6)


def test_a_finished_job_whose_letters_the_search_does_not_show_keeps_its_call_from_leaving_again(
    desk, provider, watch, database
):
    provider.second = "unsearchable"
    desk.dispatch.deliver()
    let_pass(desk, watch, 7 * 60, step=10)

    assert states(database) == {("accepted", None): 3, ("held", "job-not-known"): 3}
    assert len(provider.letters) == 6


def test_what_a_job_whose_name_was_lost_gave_up_is_rejected(desk, provider, watch, database):
    provider.second = "partly"
    desk.dispatch.deliver()
    let_pass(desk, watch, 60)

    assert states(database) == {("accepted", None): 5, ("rejected", "bulk-failed"): 1}
    assert len(provider.letters) == 5


def test_two_jobs_that_take_their_time_are_waited_for(desk, provider, watch, database):
    provider.second = "slow"
    desk.dispatch.deliver()
    assert doubts(database)[0].job_id == "one two"

    let_pass(desk, watch, 39)
    assert len(provider.letters) == len(set(provider.letters)) == 6
    provider.turned_over = {job: Job("completed", 3, 3, 0) for job in ("one", "two")}
    let_pass(desk, watch, 60)

    each_got_one(database, provider, 6)


class Lossy(Provider):
    """Takes each call as a job; of the calls in ``lost`` no answer comes, and those in ``dropped`` never."""

    lost: frozenset[int] = frozenset()
    dropped: frozenset[int] = frozenset()
    calls = 0

    def mark(self) -> str | None:
        return f"{super().mark()}.job"

    def send(
        self, mailing: Mailing, messages: Sequence[Message], *, may_go_on: MayGoOn = always
    ) -> list[Receipt]:
        if mailing.stream != "broadcast":
            return super().send(mailing, messages, may_go_on=may_go_on)
        self.calls += 1
        if self.calls in self.dropped:
            return [LOST] * len(messages)
        name, count = f"job-{self.calls}", len(messages)
        for message in messages:
            self._accept("broadcast", message)
        self.turned_over[name] = Job("completed", count, count, 0)
        if self.calls in self.lost:
            return [LOST] * count
        return [Receipt(Outcome.UNKNOWN, provider_id=name, code="bulk-accepted")] * count


@pytest.mark.parametrize(
    ("lost", "dropped"), [({1}, {2}), ({2}, {1}), ({1, 2}, {3}), ({1}, {2, 3}), (set(), {1, 2, 3})]
)
@pytest.mark.parametrize("lag", [timedelta(0), timedelta(minutes=5)])
def test_of_several_lost_calls_those_that_became_jobs_are_told_from_those_that_did_not(
    database, watch, lost, dropped, lag
):
    provider = Lossy(watch)
    provider.lag, provider.lost, provider.dropped = lag, frozenset(lost), frozenset(dropped)
    desk = desk_at(database, provider, watch, batch_size=3)
    desk.dispatch.start(written_issue(desk, 12), actor="test")

    let_pass(desk, watch, 3 * 60, step=5)

    each_got_one(database, provider, 12)


def test_a_call_whose_letters_webhooks_have_shown_takes_its_job_as_well(database, watch):
    provider = Lossy(watch)
    provider.lost, provider.dropped = frozenset({1}), frozenset({2})
    desk = desk_at(database, provider, watch, batch_size=3)
    desk.dispatch.start(written_issue(desk, 6), actor="test")
    provider.down = True
    desk.dispatch.deliver()
    with database.writing() as session:
        ids = session.execute(select(col(Delivery.subscriber_id)).where(col(Delivery.batch) == 1))
        seen = [(1, person, f"message-{at}") for at, person in enumerate(ids.scalars())]
        prove(session, seen, now=watch())
    provider.down = False

    let_pass(desk, watch, 4 * 60, step=5)

    each_got_one(database, provider, 6)
