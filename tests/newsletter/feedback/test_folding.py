"""The same events lead to the same end, in whatever order, however often, and on both databases."""

import random
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from sqlmodel import Session, select

from newsletter.delivery.models import Delivery
from newsletter.feedback import inbox
from newsletter.feedback.folding import fold_lot
from newsletter.feedback.reading import read
from newsletter.service import Service
from subscribers import pausing, unsubscribe
from subscribers.models import StateChange, Subscriber, Suppression
from subscribers.states import Event, State
from tests.factories import MONDAY
from tests.newsletter.feedback.telling import Told, issue_to

Body = dict[str, Any]
End = tuple[object, ...]

WHOLE = ("bounced and reopened",)
"""Of these, all 720 orders are tried, where that is fast; of the others, some."""

STREAMS = ("broadcast", "outbound")

BUNDLES: Mapping[str, Callable[[Told], list[Body]]] = {
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


def hear(session: Session, service: Service, events: Iterable[Body]) -> None:
    for event in events:
        told = read(event)
        if inbox.store(session, told, source="webhook", pepper=service.pepper, now=MONDAY):
            fold_lot(session, STREAMS, now=MONDAY)


def end(session: Session) -> End:
    session.expire_all()
    [copy] = session.exec(select(Delivery))
    [person] = session.exec(select(Subscriber))
    kept = [row.reason.value for row in session.exec(select(Suppression))]
    on_copy = (copy.state, copy.provider_id, copy.feedback, copy.feedback_reason, copy.feedback_at)
    return (
        *(person.state, person.unsubscribed_at is None, person.paused_until, kept),
        *on_copy,
    )


def outcome(told: Told, events: Iterable[Body]) -> End:
    """Let events come in an order, and say where it ends; nothing of it stays."""
    with told.service.database.reading() as session:
        hear(session, told.service, events)
        return end(session)


@pytest.fixture
def told(service: Service) -> Told:
    issue_to(service, 1)
    return Told(service)


def pauses(told: Told) -> None:
    with told.service.database.writing() as session:
        until = MONDAY + timedelta(days=30)
        pausing.pause(session, told.reader.public_id, until=until, now=MONDAY)


def leaves(told: Told) -> None:
    with told.service.database.writing() as session:
        unsubscribe.unsubscribe(session, told.reader.public_id, now=MONDAY, source="page")


def waits_for_a_yes(told: Told) -> None:
    with told.service.database.writing() as session:
        [person] = session.exec(select(Subscriber))
        person.state, person.asked_at = State.PENDING, MONDAY
        session.execute(update(StateChange).values(to_state=State.PENDING, event=Event.ASKED))


def stays(_told: Told) -> None:
    pass


@pytest.mark.parametrize("name", BUNDLES)
def test_every_order_of_six_events_leads_to_one_end(told, name):
    events = BUNDLES[name](told)
    orders = list(permutations(events))
    if name not in WHOLE or not told.service.database.is_sqlite:
        orders = random.Random(5).sample(orders, 30)  # noqa: S311

    assert len({repr(outcome(told, order)) for order in orders}) == 1


@pytest.mark.parametrize("before", [pauses, leaves, waits_for_a_yes])
@pytest.mark.parametrize("name", BUNDLES)
def test_so_it_does_whatever_the_reader_did_before(told, name, before):
    before(told)
    orders = random.Random(6).sample(list(permutations(BUNDLES[name](told))), 8)  # noqa: S311

    assert len({repr(outcome(told, order)) for order in orders}) == 1


@pytest.mark.parametrize("before", [stays, pauses, leaves, waits_for_a_yes])
def test_any_events_lead_to_the_end_that_they_have_when_told_once_and_in_order(told, before):
    before(told)
    events = [event for bundle in BUNDLES.values() for event in bundle(told)]
    numbers = st.lists(st.sampled_from(range(len(events))), min_size=1, max_size=8)

    @settings(max_examples=15)
    @given(chosen=numbers.flatmap(st.permutations))
    def holds(chosen: list[int]) -> None:
        as_told = outcome(told, [events[number] for number in chosen])
        in_order = outcome(told, [events[number] for number in sorted(set(chosen))])
        assert as_told == in_order

    holds()
