"""To ``doctor`` an issue that has stopped is wrong, with the command that goes on; one that gets on is a note."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from newsletter.delivery.guards import Guards
from newsletter.delivery.message import Mailing, Message, Outcome, Receipt
from newsletter.delivery.pacing import Line
from newsletter.delivery.ramp import Ramp
from newsletter.delivery.transport import MayGoOn, always
from newsletter.diagnosis import Finding, Level, examine
from newsletter.issues.states import IssueEvent
from newsletter.service import Service
from subscribers.models import Subscriber
from tests.factories import MONDAY, add_subscribers, refitted, store_comparisons
from tests.newsletter.delivery.reconciling.desks import desk_at, let_pass, written_issue
from tests.newsletter.delivery.reconciling.provider import LOST, Provider, Watch

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

REFUSED = Receipt(Outcome.NOT_TAKEN, code="405", detail="Out of credits.", needs_operator=True)


class Scripted(Provider):
    """A provider that gives some answers before its own, and is looked at while it is asked."""

    def __init__(self, watch: Watch) -> None:
        super().__init__(watch)
        self.answers: list[Receipt] = []
        self.asked: Callable[[], None] = lambda: None

    def send(
        self, mailing: Mailing, messages: Sequence[Message], *, may_go_on: MayGoOn = always
    ) -> list[Receipt]:
        if mailing.stream == "broadcast":
            self.asked()
            if self.answers:
                return [self.answers.pop(0)] * len(messages)
        return super().send(mailing, messages, may_go_on=may_go_on)


@pytest.fixture
def watch() -> Watch:
    return Watch(MONDAY)


@pytest.fixture
def provider(watch: Watch) -> Scripted:
    return Scripted(watch)


@pytest.fixture
def wired(service: Service, provider: Scripted, watch: Watch) -> Service:
    """The service, with an issue for six readers, two in a batch, that may begin to leave."""
    desk = desk_at(service.database, provider, watch, batch_size=2)
    object.__setattr__(service, "desk", desk)
    written_issue(desk, 6)
    return service


def found(wired: Service, code: str = "unfinished") -> list[tuple[Level, str]]:
    return [(one.level, one.message) for one in examine(wired) if one.code == code]


def test_a_call_in_doubt_hides_no_issue_that_has_stopped(wired, provider):
    provider.answers = [LOST, REFUSED]

    wired.desk.send(1, actor="test")

    resume = "when it is mended: newsletter issue resume 1"
    assert found(wired) == [(Level.WRONG, f"issue 1: paused: code 405: Out of credits.; {resume}")]
    assert [level for level, _ in found(wired, "in-doubt")] == [Level.NOTE]


@pytest.mark.parametrize("readers", [2, 4])
def test_an_issue_that_somebody_paused_is_wrong_whatever_is_left_of_it(wired, readers):
    wired.dispatch.start(1, actor="test")
    wired.dispatch.do_job(1, readers)
    wired.desk.change(1, IssueEvent.PAUSED, actor="test", reason="wrong subject")

    resume = "when it is mended: newsletter issue resume 1"
    assert found(wired) == [(Level.WRONG, f"issue 1: paused: wrong subject; {resume}")]


def test_what_is_held_for_a_person_keeps_nothing_else_from_being_told(wired, provider, watch):
    provider.answers, provider.down = [LOST], True
    wired.dispatch.start(1, actor="test")
    wired.dispatch.do_job(1, 2)
    for _ in range(20):
        wired.dispatch.reconciler.run()
        watch.advance(minutes=20)

    [(held, decide)] = found(wired, "in-doubt")
    [(stopped, go_on)] = found(wired)

    assert (held, stopped) == (Level.WRONG, Level.WRONG)
    assert "newsletter issue decide 1 --resend" in decide
    assert "newsletter issue send 1" in go_on


def test_an_issue_of_which_some_has_left_just_now_is_a_note_and_later_wrong(wired, watch):
    wired.dispatch.start(1, actor="test")
    watch.advance(minutes=5)
    wired.dispatch.do_job(1, 2)

    watch.advance(minutes=30)
    [(soon, _)] = found(wired)
    watch.advance(minutes=1)
    [later] = found(wired)

    assert soon is Level.NOTE
    assert later == (
        Level.WRONG,
        "issue 1: not tried yet; newsletter serve, or newsletter issue send 1, tries again at once",
    )


def test_a_call_under_way_is_a_note_however_long_ago_the_last_one_was(wired, provider, watch):
    seen: list[tuple[Level, str]] = []
    provider.asked = lambda: seen.extend(found(wired))
    wired.dispatch.start(1, actor="test")
    watch.advance(hours=1)

    wired.dispatch.deliver()

    assert [level for level, _ in seen] == [Level.NOTE] * 3
    assert seen[-1][1] == "issue 1: sending, and 2 copies are in somebody's hands"


def test_the_rest_of_a_ramp_is_a_note_and_one_that_does_not_end_is_wrong(wired, watch):
    ramp = Guards(ramp=Ramp(("reader1@example.org",), rest=timedelta(minutes=15)))
    sender = replace(wired.dispatch.sender, guards=ramp)
    object.__setattr__(wired, "desk", refitted(wired.desk, sender=sender))
    wired.desk.send(1, actor="test")

    watch.advance(minutes=45)
    [(resting, said)] = found(wired)
    watch.advance(minutes=1)
    [(over, _)] = found(wired)

    assert (resting, over) == (Level.NOTE, Level.WRONG)
    assert "waits for its turn in the ramp; newsletter serve, or newsletter issue send 1," in said


def test_a_stage_that_waits_for_evidence_is_a_note(wired, provider, watch):
    ramp = Guards(ramp=Ramp(("reader1@example.org",), rest=timedelta(minutes=15)))
    sender = replace(wired.dispatch.sender, guards=ramp)
    object.__setattr__(wired, "desk", refitted(wired.desk, sender=sender))
    provider.answers, provider.down = [LOST], True
    wired.desk.send(1, actor="test")

    let_pass(wired.desk, watch, minutes=120, step=20)

    assert [level for level, _ in found(wired)] == [Level.NOTE]


def test_a_line_that_rests_is_a_note(wired, watch):
    wired.dispatch.start(1, actor="test")
    watch.advance(hours=1)
    with wired.database.writing() as session:
        Line(wired.dispatch.sender.transport.name).close(session, watch(), timedelta(minutes=5))

    assert [level for level, _ in found(wired)] == [Level.NOTE]


def test_a_provider_that_takes_nothing_is_a_note_at_first_and_later_wrong(wired, provider, watch):
    provider.mood = "busy"
    wired.desk.send(1, actor="test")
    [(first, _)] = found(wired)

    let_pass(wired.desk, watch, minutes=40, step=10)
    [(later, said)] = found(wired)

    assert (first, later) == (Level.NOTE, Level.WRONG)
    assert said.startswith("issue 1: not taken, ")


def test_a_wave_whose_hour_has_come_just_now_is_a_note(service):
    with service.database.writing() as session:
        store_comparisons(session, 2)
        _, western = add_subscribers(session, 2)
        session.get_one(Subscriber, western.id).timezone = "America/New_York"
    slot = service.desk.slots.next()
    service.as_of(lambda: slot.instant).run_tick()
    first = slot.instant + timedelta(hours=5)  # nine there is two here

    def levels(minutes: float) -> list[Level]:
        late = service.as_of(lambda: first + timedelta(minutes=minutes))
        return [level for level, _ in found(late)]

    assert (levels(-1), levels(1), levels(31)) == ([Level.NOTE], [Level.NOTE], [Level.WRONG])


def test_an_issue_that_gets_on_leaves_the_books_to_be_told_when_it_is_over(wired):
    wired.desk.send(1, actor="test")

    assert Finding("books", Level.OK, "issue 1 balances: 6") in examine(wired)
    assert found(wired) == []
