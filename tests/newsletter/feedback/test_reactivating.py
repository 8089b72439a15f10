"""A suppression that ended at Postmark while nobody heard it is missed on its list, and nothing else is."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlmodel import col, select

from newsletter import personal_data
from newsletter.afterwards import listen
from newsletter.feedback import inbox, reactivating
from newsletter.feedback.meanings import OF_REASON, Reason
from newsletter.feedback.models import ProviderEvent
from newsletter.feedback.reading import ToldEvent
from newsletter.feedback.syncing import EVERY, Synced
from newsletter.notices.rows import NoticeRow
from newsletter.service import Service
from newsletter.testing.postmark.faults import Rule
from newsletter.testing.postmark.process import LoopbackPostmark
from subscribers import signup
from subscribers.address import Address
from subscribers.consent import ConsentEvent
from subscribers.models import SuppressionReason
from subscribers.states import State
from subscribers.suppression import block, refuse, suppress
from subscribers.unsubscribe import unsubscribe
from tests.newsletter.feedback.comparing import syncing
from tests.newsletter.feedback.telling import Told, issue_to
from tests.subscribers.people import yes

LONG = 3 * reactivating.LAG
MANY = 2 * reactivating.AT_ONCE
DUMP = "/message-streams/broadcast/suppressions/dump"


@pytest.fixture
def told(service: Service) -> Told:
    issue_to(service, 1)
    return Told(service)


def compare(service: Service, postmark: LoopbackPostmark, *, believe: bool = False) -> Synced:
    return syncing(service, postmark).run(believe=believe)


def change(
    postmark: LoopbackPostmark, *, suppress: bool, stream: str = "broadcast", number: int = 1
) -> dict[str, Any]:
    """Suppress somebody by an operator's hand, or no longer; give what the webhook would tell."""
    event = {"kind": "SubscriptionChange", "origin": "Customer", "suppress": suppress}
    [body] = postmark.events(event | {"to": f"reader{number}@example.org", "stream": stream})
    return body


def hear(service: Service, postmark: LoopbackPostmark, body: dict[str, Any]) -> None:
    """Hear at the simulator's present: what lies ahead of a listener's clock is not believed."""
    replace(service.listener, clock=postmark.clock).hear(body)


def later(postmark: LoopbackPostmark, by: timedelta = LONG) -> datetime:
    return postmark.clock(advance=by.total_seconds())


def events(service: Service) -> list[ProviderEvent]:
    with service.database.reading() as session:
        return list(session.exec(select(ProviderEvent).order_by(col(ProviderEvent.id))))


@pytest.mark.parametrize("why", ["ManualSuppression", "HardBounce"])
def test_whom_postmark_writes_to_again_gets_letters_again_though_no_webhook_said_so(
    service, told, postmark, why
):
    suppressed = {"ManualSuppression": State.SUPPRESSED, "HardBounce": State.BOUNCED}[why]
    change_of = {"kind": "SubscriptionChange", "to": "reader1@example.org", "reason": why}
    postmark.events(change_of | {"origin": "Customer"})
    compare(service, postmark)
    assert told.state() is suppressed
    change(postmark, suppress=False)
    later(postmark)

    found = compare(service, postmark)
    assert (found.reactivated, found.moved, found.doubted) == (1, 1, 0)
    assert told.state() is State.ACTIVE
    assert told.suppressed is None

    again = compare(service, postmark)
    assert (again.new, again.reactivated, again.moved) == (0, 0, 0)
    assert told.state() is State.ACTIVE


def test_it_is_the_event_that_the_webhook_would_have_brought(service, told, postmark):
    for_real = change(postmark, suppress=True)
    compare(service, postmark)
    lost = change(postmark, suppress=False)
    later(postmark)
    compare(service, postmark)
    hear(service, postmark, lost)  # it comes after all

    names = ("kind", "reason", "stream", "provider_id", "issue_number", "subscriber_id")
    ours, webhooks = events(service)[-2:]
    assert [getattr(ours, name) for name in (*names, "address_hash")] == [
        getattr(webhooks, name) for name in (*names, "address_hash")
    ]
    assert ours.occurred_at == datetime.fromisoformat(for_real["ChangedAt"]) + reactivating.LAG
    assert told.state() is State.ACTIVE


def test_what_was_suppressed_just_now_may_not_be_on_the_list_yet(service, told, postmark):
    hear(service, postmark, change(postmark, suppress=True))
    change(postmark, suppress=False)

    later(postmark, 2 * reactivating.LAG - timedelta(minutes=1))
    assert compare(service, postmark).reactivated == 0
    assert told.state() is State.SUPPRESSED
    later(postmark, timedelta(minutes=2))
    assert compare(service, postmark).reactivated == 1
    assert told.state() is State.ACTIVE


def test_what_is_told_of_later_stops_letters_again_whenever_it_comes(service, told, postmark):
    change(postmark, suppress=True)
    compare(service, postmark)
    change(postmark, suppress=False)
    later(postmark)
    late = change(postmark, suppress=True)
    change(postmark, suppress=False)
    later(postmark)
    assert compare(service, postmark).reactivated == 1
    assert told.state() is State.ACTIVE

    hear(service, postmark, late)
    assert told.state() is State.SUPPRESSED
    assert compare(service, postmark).reactivated == 1
    assert told.state() is State.ACTIVE


def test_another_stream_on_which_it_still_refuses_keeps_the_reader_off(service, told, postmark):
    for stream in ("broadcast", "outbound"):
        change(postmark, suppress=True, stream=stream)
    compare(service, postmark)
    change(postmark, suppress=False)
    later(postmark)
    found = compare(service, postmark)
    assert (found.reactivated, found.moved, told.state()) == (1, 0, State.SUPPRESSED)

    change(postmark, suppress=False, stream="outbound")
    later(postmark)
    found = compare(service, postmark)
    assert (found.reactivated, found.moved, told.state()) == (1, 1, State.ACTIVE)


def test_who_never_said_yes_waits_for_their_own_word(service, told, postmark):
    with service.database.writing() as session:
        asks = yes(ConsentEvent.REQUESTED, at=postmark.clock())
        address = Address.parse("reader2@example.org")
        signup.request(session, address, consent=asks, pepper=service.pepper)
    asker = Told(service, 2)
    change(postmark, suppress=True, number=2)
    compare(service, postmark)
    assert asker.state() is State.SUPPRESSED
    change(postmark, suppress=False, number=2)
    later(postmark)

    assert compare(service, postmark).reactivated == 1
    assert asker.state() is State.UNSUBSCRIBED  # as after the webhook: letters need a fresh yes


def _operator(told: Told, now: datetime) -> None:
    with told.service.database.writing() as session:
        suppress(session, Address.parse(told.email), pepper=told.service.pepper, now=now)


def _never(told: Told, now: datetime) -> None:
    with told.service.database.writing() as session:
        refuse(session, told.reader.public_id, now=now)


def _leaves(told: Told, now: datetime) -> None:
    with told.service.database.writing() as session:
        unsubscribe(session, told.reader.public_id, now=now, source="page")


def _hears(told: Told, now: datetime, name: str, **fields: Any) -> None:
    hours = (now - told.start).total_seconds() / 3600
    told.service.listener.hear(told.bounced(name, hours, **fields))


def _complained_elsewhere(told: Told, now: datetime) -> None:
    with told.service.database.writing() as session:
        hashed = inbox.hash_of(told.email, told.service.pepper) or ""
        block(session, [hashed], SuppressionReason.COMPLAINT, now=now)


def _comes_back(told: Told, now: datetime) -> None:
    reason = Reason.HARD_BOUNCE
    event = ToldEvent(
        OF_REASON[reason].kind, reason, at=now, reader=told.reader.public_id, key=("dsn",)
    )
    with told.service.database.writing() as session:
        inbox.store(session, event, source="dsn", pepper=told.service.pepper, now=now)
    told.service.listener.fold()


ANOTHER_WORD: list[Any] = [
    pytest.param(_operator, State.SUPPRESSED, id="an operator's"),
    pytest.param(_never, State.SUPPRESSED, id="the mailbox's, for ever"),
    pytest.param(_leaves, State.SUPPRESSED, id="the reader's, who left"),
    pytest.param(partial(_hears, name="SpamComplaint"), State.SUPPRESSED, id="a complaint"),
    pytest.param(_complained_elsewhere, State.SUPPRESSED, id="a complaint told by an import"),
    pytest.param(_comes_back, State.SUPPRESSED, id="a mail server's"),
]


@pytest.mark.parametrize(("happens", "state"), ANOTHER_WORD)
@pytest.mark.parametrize("first", [True, False])
def test_who_is_off_the_list_by_another_word_as_well_stays_off(
    service, told, postmark, happens, state, first
):
    if first:
        happens(told, postmark.clock())
    change(postmark, suppress=True)
    compare(service, postmark)
    if not first:
        happens(told, postmark.clock())
    change(postmark, suppress=False)
    before = told.state()
    later(postmark)
    found = compare(service, postmark)

    assert (found.reactivated, found.moved) == (0, 0)
    assert told.state() is before
    assert before in (state, State.COMPLAINED)


@pytest.mark.parametrize(
    ("name", "fields", "state"),
    [
        ("BadEmailAddress", {}, State.BOUNCED),
        ("SoftBounce", {"Inactive": True}, State.BOUNCED),
        ("SMTPApiError", {"Details": "406: inactive recipient"}, State.SUPPRESSED),
        ("SpamComplaint", {}, State.COMPLAINED),
    ],
)
def test_what_no_list_of_suppressions_is_known_to_hold_does_not_end_by_one(
    service, told, postmark, name, fields, state
):
    _hears(told, postmark.clock(), name, **fields)
    assert told.state() is state
    later(postmark)

    assert compare(service, postmark).reactivated == 0
    assert told.state() is state


def test_who_was_erased_is_nobody(service, told, postmark):
    change(postmark, suppress=True)
    compare(service, postmark)
    with service.database.writing() as session:
        personal_data.erase(session, told.reader.public_id, now=postmark.clock())
    change(postmark, suppress=False)
    later(postmark)

    assert compare(service, postmark).reactivated == 0
    assert told.state() is State.ERASED


def test_a_list_that_did_not_come_whole_says_nothing(service, told, postmark):
    change(postmark, suppress=True)
    compare(service, postmark)
    change(postmark, suppress=False)
    later(postmark)
    postmark.plan(Rule(DUMP, "truncated", nth=0))

    found = compare(service, postmark)
    assert (found.complete, found.reactivated) == (False, 0)
    assert told.state() is State.SUPPRESSED
    postmark.plan()
    assert compare(service, postmark).reactivated == 1


@pytest.fixture
def many(service: Service, postmark: LoopbackPostmark) -> list[Told]:
    """Readers whom Postmark suppresses, and then does not list: an empty answer, or another account's."""
    issue_to(service, MANY)
    postmark.suppress(*(f"reader{number}@example.org" for number in range(1, MANY + 1)))
    compare(service, postmark)
    postmark.reset()
    later(postmark)
    return [Told(service, number) for number in range(1, MANY + 1)]


def states(people: list[Told]) -> set[State]:
    return {one.state() for one in people}


def test_a_list_that_lacks_too_many_is_not_believed_and_editors_are_told_once_a_day(
    service, many, postmark
):
    for _ in range(2):
        later(postmark, EVERY)
        listen(service.desk, service.listener, syncing(service, postmark))

    assert compare(service, postmark).doubted == MANY
    assert states(many) == {State.SUPPRESSED}
    with service.database.reading() as session:
        subjects = session.exec(select(NoticeRow.subject).where(NoticeRow.kind == "notice")).all()
    assert [subject.partition(": ")[2] for subject in subjects] == [
        f"The provider's list lacks {MANY} addresses"
    ]


def test_an_operator_who_knows_better_has_it_believed(service, many, postmark):
    looked = syncing(service, postmark).rehearse(believe=True)
    assert (looked.reactivated, looked.doubted, looked.moved) == (MANY, 0, MANY)
    assert states(many) == {State.SUPPRESSED}
    assert syncing(service, postmark).rehearse().doubted == MANY

    found = compare(service, postmark, believe=True)
    assert (found.reactivated, found.doubted, found.moved) == (MANY, 0, MANY)
    assert states(many) == {State.ACTIVE}


def test_a_few_of_many_are_believed(service, many, postmark):
    kept = range(1, MANY + 1 - reactivating.AT_ONCE)
    postmark.suppress(*(f"reader{number}@example.org" for number in kept))

    found = compare(service, postmark)
    assert (found.reactivated, found.doubted) == (reactivating.AT_ONCE, 0)
    assert [one.state() for one in many[-reactivating.AT_ONCE :]] == [State.ACTIVE] * 3
    assert states(many[: -reactivating.AT_ONCE]) == {State.SUPPRESSED}


def test_all_of_two_are_not_believed_either(service, postmark):
    issue_to(service, 2)
    postmark.suppress("reader1@example.org", "reader2@example.org")
    compare(service, postmark)
    postmark.reset()  # as the list of another account
    later(postmark)

    found = compare(service, postmark)
    assert (found.reactivated, found.doubted) == (0, 2)
