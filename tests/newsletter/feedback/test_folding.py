"""The same events lead to the same end, in whatever order, however often, and on both databases.

The rule is pure, so every order is tried in memory; of each bundle some orders are told to a database,
which has to come to the end that the rule comes to.
"""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update
from sqlmodel import Session, select

from newsletter.delivery.models import Delivery
from newsletter.feedback import inbox
from newsletter.feedback.folding import fold_lot
from newsletter.feedback.meanings import OfCopy, meaning
from newsletter.feedback.reading import ToldEvent, read
from newsletter.feedback.standing import Standing, Step, steps
from newsletter.feedback.verdicts import OnCopy, OnReader, gravest, judge
from newsletter.service import Service
from subscribers import pausing, unsubscribe
from subscribers.consent import Actor
from subscribers.models import StateChange, Subscriber, Suppression
from subscribers.states import Event, State, advance
from tests.factories import MONDAY, SEEN
from tests.newsletter.feedback.telling import Telling, Told, issue_to

Body = dict[str, Any]
End = tuple[object, ...]

STREAMS = ("broadcast", "outbound")

BUNDLES: Mapping[str, Callable[[Telling], list[Body]]] = {
    "bounced and reopened": lambda told: [
        told.delivered(),
        told.opened(),
        told.bounced(),
        told.changed("HardBounce", 0.3),
        told.changed(None, 5, "Customer"),
        told.bounced("Transient", 0.05),
    ],
    "a complaint above all": lambda told: [
        told.delivered(),
        told.bounced("SpamComplaint", 3),
        told.changed("ManualSuppression", 4),
        told.bounced("HardBounce", 5),
        told.changed(None, 6),
        told.changed("ManualSuppression", 7, "Customer"),
    ],
    "bounced again": lambda told: [
        told.bounced("HardBounce", 1),
        told.changed(None, 2, "Customer"),
        told.bounced("HardBounce", 3),
        told.changed(None, 9, "Customer", MessageStream="outbound"),
        told.changed("ManualSuppression", 1.5, "Admin"),
        told.opened(9),
    ],
    "left and suppressed": lambda told: [
        told.changed("ManualSuppression", 1),
        told.changed(None, 2),
        told.changed("ManualSuppression", 3, "Customer"),
        told.changed(None, 4, "Customer"),
        told.bounced("SoftBounce", 0.5),
        told.bounced("Blocked", 0.6),
    ],
}


HELD = Step(Event.IMPORTED_WITH_CONSENT, State.ACTIVE, SEEN, Actor.OPERATOR)
ASKED = Step(Event.ASKED, State.PENDING, SEEN, Actor.OPERATOR)
PAUSED = Step(Event.PAUSED, State.PAUSED, MONDAY, Actor.READER)
LEFT = Step(Event.UNSUBSCRIBED, State.UNSUBSCRIBED, MONDAY, Actor.READER)

BEFORE: Mapping[str, Standing] = {
    "stays": Standing(State.ACTIVE, [HELD]),
    "pauses": Standing(State.PAUSED, [HELD, PAUSED]),
    "leaves": Standing(State.UNSUBSCRIBED, [HELD, LEFT], has_left=True),
    "waits for a yes": Standing(State.PENDING, [ASKED]),
}
"""What the reader did before."""


def does_before(session: Session, public_id: str, what: str) -> None:
    """Let a reader do that."""
    if what == "pauses":
        pausing.pause(session, public_id, until=MONDAY + timedelta(days=30), now=MONDAY)
    if what == "leaves":
        unsubscribe.unsubscribe(session, public_id, now=MONDAY, source="page")
    if what == "waits for a yes":
        [person] = session.exec(select(Subscriber))
        person.state, person.asked_at = State.PENDING, MONDAY
        session.execute(update(StateChange).values(to_state=State.PENDING, event=Event.ASKED))


class Rule:
    """The rule by itself: told events one by one, it judges all of them each time."""

    def __init__(self, standing: Standing) -> None:
        self.standing = standing
        self.told: dict[tuple[str, ...], ToldEvent] = {}

    def hear(self, event: ToldEvent) -> None:
        if event.key in self.told:
            return
        self.told[event.key] = event
        verdict = judge(self._on_reader(), self.standing.cuts)
        if verdict.left and not self.standing.has_left:
            self._happens(Event.UNSUBSCRIBED)
            self.standing = replace(self.standing, has_left=True)
        for step in steps(self.standing, verdict):
            self._happens(step)

    def end(self) -> End:
        on_copy = gravest([*self._on_copy()])
        return (self.standing.state, not self.standing.has_left, on_copy)

    def _happens(self, event: Event) -> None:
        state = advance(self.standing.state, event)
        if state is self.standing.state:
            return
        log = [*self.standing.steps, Step(event, state, MONDAY, Actor.PROVIDER)]
        self.standing = replace(self.standing, state=state, steps=log)

    def _on_reader(self) -> Iterable[OnReader]:
        for told in self.told.values():
            means = meaning(told.kind, told.reason)
            if means.reader is not None:
                at = at_of(told)
                yield OnReader(means.reader, at, told.stream, 1, told.reason or "")

    def _on_copy(self) -> Iterable[OnCopy]:
        for told in self.told.values():
            outcome = meaning(told.kind, told.reason).copy
            if outcome is not None:
                yield OnCopy(outcome, at_of(told), told.reason or "")


def at_of(told: ToldEvent) -> datetime:
    assert told.at is not None
    return told.at


def by_rule(events: Iterable[ToldEvent], before: str) -> End:
    rule = Rule(BEFORE[before])
    for event in events:
        rule.hear(event)
    return rule.end()


def by_database(told: Told, events: Iterable[ToldEvent], before: str) -> tuple[End, End]:
    """Let events come in an order, and say where it ends, also beyond the rule; nothing of it stays."""
    with told.service.database.reading() as session:
        does_before(session, told.public_id, before)
        for event in events:
            hear(session, told.service, event)
        return end(session)


def hear(session: Session, service: Service, event: ToldEvent) -> None:
    if inbox.store(session, event, source="webhook", pepper=service.pepper, now=MONDAY):
        fold_lot(session, STREAMS, now=MONDAY)


def end(session: Session) -> tuple[End, End]:
    session.expire_all()
    [copy] = session.exec(select(Delivery))
    [person] = session.exec(select(Subscriber))
    kept = [row.reason.value for row in session.exec(select(Suppression))]
    assert (copy.feedback is None) == (copy.feedback_at is None)
    on_copy = copy.feedback_at and OnCopy(
        OfCopy(copy.feedback or ""), copy.feedback_at, copy.feedback_reason or ""
    )
    stays = person.unsubscribed_at is None
    further = (person.paused_until, kept, copy.state, copy.provider_id)
    return (person.state, stays, on_copy), further


@pytest.fixture
def told(service: Service) -> Told:
    issue_to(service, 1)
    return Told(service)


def of_bundle(name: str, telling: Telling) -> list[ToldEvent]:
    return [read(body) for body in BUNDLES[name](telling)]


def somebody() -> Telling:
    return Telling("reader1@example.org", "aBcDeFgHiJkL", MONDAY)


@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("name", BUNDLES)
def test_every_order_of_six_events_leads_to_one_end(name, before):
    orders = permutations(of_bundle(name, somebody()))

    assert len({by_rule(order, before) for order in orders}) == 1


@pytest.mark.parametrize("before", BEFORE)
def test_any_events_lead_to_the_end_that_they_have_when_told_once_and_in_order(before):
    events = [event for name in BUNDLES for event in of_bundle(name, somebody())]
    numbers = st.lists(st.sampled_from(range(len(events))), min_size=1, max_size=8)

    @given(chosen=numbers.flatmap(st.permutations))
    def holds(chosen: Sequence[int]) -> None:
        as_told = by_rule([events[number] for number in chosen], before)
        in_order = by_rule([events[number] for number in sorted(set(chosen))], before)
        assert as_told == in_order

    holds()


@pytest.mark.parametrize("name", BUNDLES)
def test_a_database_comes_to_the_end_of_the_rule(told, name):
    draw = random.Random(5)  # noqa: S311
    events = of_bundle(name, told)

    for before in BEFORE:
        orders = [draw.sample(events, 6) for _ in range(3)]
        orders.append(draw.choices(events, k=4) + draw.sample(events, 6))
        ends = [by_database(told, order, before) for order in orders]

        assert {ruled for ruled, _ in ends} == {by_rule(events, before)}
        assert len({repr(further) for _, further in ends}) == 1
