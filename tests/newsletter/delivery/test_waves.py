from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import col, select

from newsletter.delivery import books
from newsletter.delivery.models import Batch, BatchState, Delivery, DeliveryState
from newsletter.issues.states import IssueEvent, IssueState
from subscribers.models import Subscriber
from subscribers.pausing import pause, resume
from subscribers.unsubscribe import undo, unsubscribe
from subscribers.wishes import Wishes, choose
from subscribers.zones import choose_zone
from tests.newsletter.delivery.mondays import SLOT, Mondays, add_reader, ask, confirm

HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)
SECOND = timedelta(seconds=1)
TOKYO, NEW_YORK = SLOT - 8 * HOUR, SLOT + 6 * HOUR

ZONES = (
    "Pacific/Kiritimati", "Pacific/Apia", "Pacific/Tongatapu", "Pacific/Chatham",
    "Pacific/Auckland", "Pacific/Fiji", "Pacific/Norfolk", "Australia/Lord_Howe",
    "Australia/Sydney", "Australia/Adelaide", "Australia/Darwin", "Australia/Eucla", "Asia/Tokyo",
    "Asia/Pyongyang", "Asia/Shanghai", "Asia/Yangon", "Asia/Dhaka", "Asia/Kathmandu",
    "Asia/Kolkata", "Asia/Karachi", "Asia/Kabul", "Asia/Dubai", "Asia/Tehran", "Europe/Moscow",
    "Europe/Kyiv", "Europe/Kiev", "Europe/Berlin", "Africa/Casablanca", "Europe/London",
    "Atlantic/Azores", "America/Scoresbysund", "America/Noronha", "America/Sao_Paulo",
    "America/St_Johns", "America/Halifax", "America/New_York", "America/Chicago",
    "America/Phoenix", "America/Los_Angeles", "America/Anchorage", "Pacific/Marquesas",
    "Pacific/Honolulu", "Pacific/Pago_Pago", "Etc/GMT+12", None, "Mars/Olympus_Mons",
)  # fmt: skip


@pytest.fixture
def mondays(database, tmp_path):
    lived = Mondays(database, tmp_path / "data")
    yield lived
    lived.service.close()


def rows(mondays):
    with mondays.database.reading() as session:
        return list(session.exec(select(Delivery).order_by(col(Delivery.subscriber_id))))


def issue(mondays, number=1):
    return mondays.service.desk.issue(number)


def balance(mondays):
    return mondays.service.dispatch.books(1)


@pytest.mark.parametrize(
    ("database", "slot", "every"),
    [
        ("sqlite", datetime(2026, 11, 23, 8, 0, tzinfo=UTC), 20 * MINUTE),
        ("postgresql", datetime(2026, 11, 23, 8, 0, tzinfo=UTC), HOUR),
        # after the summer of Lord Howe and Chatham
        ("sqlite", datetime(2027, 4, 5, 7, 0, tzinfo=UTC), HOUR),
        ("sqlite", datetime(2027, 3, 29, 7, 0, tzinfo=UTC), HOUR),  # the day after Europe's begins
        # the day after North America's ends
        ("sqlite", datetime(2027, 11, 8, 8, 0, tzinfo=UTC), HOUR),
    ],
    ids=lambda value: f"{value:%Y-%m-%d}" if isinstance(value, datetime) else None,
    indirect=["database"],
)
def test_everybody_everywhere_gets_one_copy_at_nine_of_their_own_clock(mondays, slot, every):
    with mondays.writing() as session:
        for number, zone in enumerate(ZONES):
            add_reader(session, f"reader{number}", zone)
    mondays.beat(slot - 40 * HOUR)

    mondays.live(slot - 26 * HOUR, slot + 24 * HOUR, every=every)

    assert set(map(len, mondays.copies.values())) == {1}
    for number, zone in enumerate(ZONES):
        [at] = mondays.copies[f"reader{number}@example.org"]
        local = at.astimezone(ZoneInfo(zone if zone and "Mars" not in zone else "Europe/Berlin"))
        assert f"{local:%a %H}" == "Mon 09", f"{zone}: {local}"
        assert timedelta(minutes=local.minute) < every, f"{zone}: {local}"
    latest = issue(mondays, None)
    assert (latest.state, latest.local_date) == (IssueState.SETTLED, slot.date())
    assert mondays.service.dispatch.books(latest.number).settled


def test_the_issue_is_begun_when_the_easternmost_reader_has_nine_o_clock(mondays):
    with mondays.writing() as session:
        add_reader(session, "berlin")
        add_reader(session, "tokyo", "Asia/Tokyo")

    mondays.beat(TOKYO - MINUTE)
    before = dict(mondays.copies)
    mondays.beat(TOKYO)

    assert before == {}
    assert mondays.copies == {"tokyo@example.org": [TOKYO]}
    assert issue(mondays).state == IssueState.SENDING
    assert issue(mondays).joins_until == SLOT


def test_without_readers_further_east_nothing_begins_before_the_slot(mondays):
    with mondays.writing() as session:
        add_reader(session, "berlin")
        add_reader(session, "newyork", "America/New_York")

    mondays.live(SLOT - 25 * HOUR, SLOT - MINUTE)

    assert mondays.copies == {}
    mondays.beat(SLOT)
    assert mondays.copies == {"berlin@example.org": [SLOT]}


def test_who_may_get_nothing_opens_no_slot_early(mondays):
    with mondays.writing() as session:
        add_reader(session, "berlin")
        away = add_reader(session, "tokyo", "Asia/Tokyo")
        unsubscribe(session, away.public_id, now=SLOT - 9 * DAY, source="test")

    mondays.live(TOKYO, SLOT - MINUTE)

    assert mondays.copies == {}


def test_a_reader_who_changes_zone_on_monday_keeps_the_wave_and_gets_one_copy(mondays):
    with mondays.writing() as session:
        add_reader(session, "east", "Asia/Tokyo")
        west = add_reader(session, "west", "America/New_York")
        late = add_reader(session, "late", "Europe/Berlin")
    mondays.live(TOKYO, SLOT - HOUR)

    with mondays.writing() as session:
        choose_zone(session, west.public_id, "Asia/Tokyo")
        choose_zone(session, late.public_id, "Pacific/Honolulu")
        choose_zone(session, find(session, "east").public_id, "Pacific/Honolulu")
    mondays.live(SLOT - HOUR)

    assert mondays.copies == {
        "east@example.org": [TOKYO],
        "late@example.org": [SLOT],
        "west@example.org": [NEW_YORK],
    }
    assert issue(mondays).state == IssueState.SETTLED


def find(session, name):
    return session.exec(select(Subscriber).where(Subscriber.email == f"{name}@example.org")).one()


def test_when_everybody_moves_west_after_the_opening_the_issue_is_not_begun_again(mondays):
    with mondays.writing() as session:
        reader = add_reader(session, "east", "Asia/Tokyo")
    mondays.beat(TOKYO)
    with mondays.writing() as session:
        choose_zone(session, reader.public_id, "Pacific/Honolulu")

    mondays.live(TOKYO)

    assert mondays.copies == {"east@example.org": [TOKYO]}


@pytest.mark.parametrize(
    ("said_yes", "gets_it"),
    [(SLOT - 7 * MINUTE, True), (SLOT, True), (SLOT + MINUTE, False)],
    ids=["before nine", "at nine", "after nine"],
)
@pytest.mark.parametrize("every", [20 * MINUTE, HOUR], ids=["often", "hourly"])
def test_who_confirms_before_their_nine_gets_it_and_who_does_after_waits(
    mondays, said_yes, gets_it, every
):
    with mondays.writing() as session:
        add_reader(session, "tokyo", "Asia/Tokyo")
        add_reader(session, "newyork", "America/New_York")
        new = ask(session, "new", "Europe/Berlin", now=SLOT - DAY)
    mondays.live(TOKYO, said_yes - MINUTE, every=every)
    with mondays.writing() as session:
        confirm(session, new, now=said_yes)

    mondays.live(said_yes + 5 * MINUTE, every=every)

    got = mondays.copies.get("new@example.org", [])
    assert len(got) == gets_it
    assert all(SLOT <= at < SLOT + every for at in got)
    assert balance(mondays).eligible == issue(mondays).audience == 2 + gets_it
    assert issue(mondays).state == IssueState.SETTLED


def test_who_joins_further_west_than_anybody_still_gets_it_at_their_own_nine(mondays):
    with mondays.writing() as session:
        add_reader(session, "tokyo", "Asia/Tokyo")
        add_reader(session, "berlin")
        new = ask(session, "new", "America/New_York", now=SLOT - DAY)
    mondays.live(TOKYO, SLOT - HOUR)
    with mondays.writing() as session:
        confirm(session, new, now=SLOT - HOUR)

    mondays.live(SLOT - HOUR)

    assert mondays.copies["new@example.org"] == [NEW_YORK]
    assert issue(mondays).joins_until == NEW_YORK
    assert issue(mondays).state == IssueState.SETTLED


def test_who_comes_after_the_last_wave_waits_even_while_the_issue_is_open(mondays):
    with mondays.writing() as session:
        add_reader(session, "berlin")
        new = ask(session, "new", "America/New_York", now=SLOT - DAY)
    mondays.beat(SLOT)
    with mondays.writing() as session:
        session.get_one(Batch, (1, 1)).state = BatchState.UNKNOWN.value
        open_issue = session.merge(issue(mondays))
        open_issue.state = IssueState.SENDING.value
        confirm(session, new, now=SLOT + MINUTE)

    mondays.live(SLOT + 2 * MINUTE)

    assert "new@example.org" not in mondays.copies
    assert issue(mondays).audience == 1


def test_a_pause_that_ends_before_their_nine_lets_a_reader_join_and_a_later_one_does_not(mondays):
    with mondays.writing() as session:
        add_reader(session, "tokyo", "Asia/Tokyo")
        add_reader(session, "newyork", "America/New_York")
        for name, until in (("back", SLOT - HOUR), ("away", SLOT + HOUR), ("early", SLOT + HOUR)):
            reader = add_reader(session, name, "Europe/Berlin")
            pause(session, reader.public_id, until=until, now=SLOT - DAY)
    mondays.live(TOKYO, SLOT - 2 * HOUR)
    with mondays.writing() as session:
        resume(session, find(session, "early").public_id, now=SLOT - 2 * HOUR)

    mondays.live(SLOT - 2 * HOUR)

    assert mondays.copies["back@example.org"] == mondays.copies["early@example.org"] == [SLOT]
    assert "away@example.org" not in mondays.copies


@pytest.mark.parametrize(
    ("leave", "reason"),
    [
        (lambda s, one: unsubscribe(s, one.public_id, now=SLOT, source="link"), "unsubscribed"),
        (lambda s, one: pause(s, one.public_id, until=SLOT + DAY, now=SLOT), "paused"),
    ],
    ids=["unsubscribes", "pauses"],
)
def test_who_leaves_between_the_waves_is_skipped_with_the_reason(mondays, leave, reason):
    with mondays.writing() as session:
        add_reader(session, "berlin")
        reader = add_reader(session, "newyork", "America/New_York")
    mondays.beat(SLOT)
    with mondays.writing() as session:
        leave(session, reader)

    mondays.live(SLOT)

    assert mondays.copies == {"berlin@example.org": [SLOT]}
    assert (DeliveryState.SKIPPED, reason, 1) in balance(mondays).lines
    assert issue(mondays).state == IssueState.SETTLED


def test_who_takes_leaving_back_before_their_wave_gets_the_copy_once(mondays):
    with mondays.writing() as session:
        add_reader(session, "berlin")
        reader = add_reader(session, "newyork", "America/New_York")
    mondays.beat(SLOT)
    with mondays.writing() as session:
        unsubscribe(session, reader.public_id, now=SLOT + MINUTE, source="link")
    mondays.beat(SLOT + HOUR)
    with mondays.writing() as session:
        undo(session, reader.public_id, now=SLOT + HOUR, source="link")

    mondays.live(SLOT + HOUR)

    assert mondays.copies["newyork@example.org"] == [NEW_YORK]
    assert len(rows(mondays)) == 2


def test_who_takes_it_back_after_their_wave_was_skipped_waits_for_the_next_issue(mondays):
    with mondays.writing() as session:
        add_reader(session, "newyork", "America/New_York")
        add_reader(session, "tokyo", "Asia/Tokyo")
        reader = add_reader(session, "berlin")
    mondays.beat(TOKYO)
    with mondays.writing() as session:
        unsubscribe(session, reader.public_id, now=TOKYO + HOUR, source="link")
    mondays.beat(SLOT)
    with mondays.writing() as session:
        undo(session, reader.public_id, now=SLOT + HOUR, source="link")

    mondays.live(SLOT + HOUR)

    assert "berlin@example.org" not in mondays.copies


def test_a_stop_between_the_waves_is_obeyed_and_accounts_for_everybody(mondays):
    with mondays.writing() as session:
        add_reader(session, "berlin")
        add_reader(session, "newyork", "America/New_York")
    mondays.beat(SLOT)

    mondays.service.desk.change(1, IssueEvent.CANCELLED, actor="editor")
    mondays.live(SLOT)

    assert mondays.copies == {"berlin@example.org": [SLOT]}
    assert (DeliveryState.SKIPPED, "cancelled", 1) in balance(mondays).lines
    assert balance(mondays).settled


def paused_while_somebody_asks(mondays):
    """An issue that is paused after its first wave; gives who has asked and not confirmed yet."""
    with mondays.writing() as session:
        add_reader(session, "berlin")
        add_reader(session, "newyork", "America/New_York")
        new = ask(session, "new", "America/New_York", now=SLOT - DAY)
    mondays.beat(SLOT)
    mondays.service.desk.change(1, IssueEvent.PAUSED, actor="editor")
    return new


def test_an_issue_paused_over_a_wave_goes_on_late_and_takes_in_who_came_in_time(mondays):
    new = paused_while_somebody_asks(mondays)
    with mondays.writing() as session:
        confirm(session, new, now=SLOT + HOUR)
    mondays.live(SLOT, NEW_YORK + HOUR)
    while_paused = dict(mondays.copies)

    mondays.service.desk.resume(1, actor="editor")
    mondays.beat()

    assert while_paused == {"berlin@example.org": [SLOT]}
    late = [NEW_YORK + HOUR]
    assert mondays.copies["newyork@example.org"] == mondays.copies["new@example.org"] == late
    assert issue(mondays).state == IssueState.SETTLED


def test_who_confirms_while_a_round_goes_on_over_the_last_wave_gets_it_in_the_next_round(mondays):
    with mondays.writing() as session:
        for number in range(6):
            add_reader(session, f"london{number}", "Europe/London")
        add_reader(session, "newyork", "America/New_York")
        new = ask(session, "new", "America/New_York", now=SLOT - DAY)
    mondays.beat(SLOT)
    mondays.now = NEW_YORK - 3 * SECOND

    def progress(_copies):
        if mondays.now < NEW_YORK:
            with mondays.writing() as session:
                confirm(session, new, now=mondays.now)
        mondays.now += 5 * SECOND

    mondays.service.dispatch.deliver(progress)

    got = [at for at in mondays.copies["new@example.org"] if at >= NEW_YORK]
    assert len(got) == 1
    assert set(map(len, mondays.copies.values())) == {1}
    assert balance(mondays).eligible == issue(mondays).audience == 8
    assert issue(mondays).state == IssueState.SETTLED


@pytest.fixture
def unclosed(mondays):
    """An issue whose last wave was sent by a job, while somebody who came in time has no copy."""
    new = paused_while_somebody_asks(mondays)
    with mondays.writing() as session:
        confirm(session, new, now=NEW_YORK - HOUR)
    mondays.now = NEW_YORK + MINUTE
    mondays.service.desk.resume(1, actor="editor")
    mondays.service.dispatch.do_job(1, 100)
    assert mondays.copies["newyork@example.org"] == [NEW_YORK + MINUTE]
    return mondays


def test_a_job_closes_no_issue_before_everybody_is_taken_in_who_came_in_time(unclosed):
    assert issue(unclosed).state == IssueState.SENDING

    unclosed.beat(NEW_YORK + 2 * MINUTE)

    assert unclosed.copies["new@example.org"] == [NEW_YORK + 2 * MINUTE]
    assert balance(unclosed).eligible == 3
    assert issue(unclosed).state == IssueState.SETTLED


def test_where_jobs_send_the_next_look_takes_them_in_and_makes_the_job(unclosed):
    freed = []
    dispatch = replace(
        unclosed.service.dispatch,
        by_jobs=True,
        nudge=lambda _session, number, batches: freed.append((number, batches)),
    )
    assert dispatch.sender.tidy().is_broken_off

    dispatch.deliver()
    waiting = issue(unclosed).state
    dispatch.do_job(1, 100)

    assert (waiting, freed) == (IssueState.SENDING, [(1, 1)])
    assert unclosed.copies["new@example.org"] == [NEW_YORK + MINUTE]
    assert issue(unclosed).state == IssueState.SETTLED
    assert not dispatch.sender.tidy().is_broken_off


def test_who_came_in_time_and_has_left_since_is_not_waited_for(unclosed):
    with unclosed.writing() as session:
        reader = find(session, "new")
        unsubscribe(session, reader.public_id, now=NEW_YORK + 2 * MINUTE, source="link")

    unclosed.beat(NEW_YORK + 2 * MINUTE)

    assert "new@example.org" not in unclosed.copies
    assert issue(unclosed).state == IssueState.SETTLED


def test_who_came_in_time_for_no_letter_keeps_no_issue_open(unclosed):
    with unclosed.writing() as session:
        wishes = Wishes("followed", follows=frozenset({"a-tool-of-another-week"}))
        reader = find(session, "new")
        choose(session, reader.public_id, wishes, now=NEW_YORK + MINUTE, source="test")

    unclosed.beat(NEW_YORK + 2 * MINUTE)

    assert (DeliveryState.SKIPPED, "no-followed-tool", 1) in balance(unclosed).lines
    assert issue(unclosed).state == IssueState.SETTLED


def test_an_issue_that_is_cancelled_waits_for_nobody(unclosed):
    unclosed.service.desk.change(1, IssueEvent.CANCELLED, actor="editor")

    unclosed.beat(NEW_YORK + 2 * MINUTE)

    assert "new@example.org" not in unclosed.copies
    assert issue(unclosed).state == IssueState.CANCELLED
    assert balance(unclosed).settled


def test_who_is_taken_in_when_it_is_too_late_waits_for_an_editor_like_everybody(unclosed):
    unclosed.beat(NEW_YORK + 2 * DAY)
    stopped = issue(unclosed).state
    assert "new@example.org" not in unclosed.copies

    unclosed.service.desk.resume(1, actor="editor")
    unclosed.beat()

    assert stopped == IssueState.HELD
    assert unclosed.copies["new@example.org"] == [NEW_YORK + 2 * DAY]
    assert issue(unclosed).state == IssueState.SETTLED


def test_a_worker_killed_in_a_wave_costs_nobody_a_second_copy_and_the_other_waves_nothing(mondays):
    with mondays.writing() as session:
        for number in range(4):
            add_reader(session, f"tokyo{number}", "Asia/Tokyo")
            add_reader(session, f"berlin{number}")
            add_reader(session, f"newyork{number}", "America/New_York")
    mondays.live(last=SLOT - 20 * MINUTE, every=20 * MINUTE)
    mondays.now = SLOT
    lost = mondays.service.dispatch.sender._claim(1)
    assert lost is not None

    mondays.live(SLOT, every=20 * MINUTE)

    unsure = {recipient.email for recipient in lost.recipients}
    assert set(map(len, mondays.copies.values())) == {1}
    assert unsure.isdisjoint(mondays.copies)
    assert Counter(row.state for row in rows(mondays)) == {"accepted": 10, "held": 2}
    assert issue(mondays).state == IssueState.SETTLED


def build(mondays):
    desk = mondays.service.desk
    return desk.build(desk.slots.to_build(), actor="test").number


def test_a_service_that_comes_back_late_sends_the_waves_it_slept_through(mondays):
    with mondays.writing() as session:
        add_reader(session, "tokyo", "Asia/Tokyo")
        add_reader(session, "berlin")
        add_reader(session, "newyork", "America/New_York")

    mondays.live(SLOT + 3 * HOUR)

    assert mondays.copies["tokyo@example.org"] == [SLOT + 3 * HOUR]
    assert mondays.copies["berlin@example.org"] == [SLOT + 3 * HOUR]
    assert mondays.copies["newyork@example.org"] == [NEW_YORK]


def test_an_issue_sent_by_hand_goes_to_everybody_at_once(mondays):
    with mondays.writing() as session:
        add_reader(session, "tokyo", "Asia/Tokyo")
        add_reader(session, "newyork", "America/New_York")
    mondays.now = SLOT - 30 * HOUR

    mondays.service.desk.send(build(mondays), actor="editor")

    assert len(mondays.copies) == 2
    assert issue(mondays).state == IssueState.SETTLED
    assert issue(mondays).joins_until is None


def test_with_local_time_switched_off_everybody_gets_it_at_the_newsletters_nine(database, tmp_path):
    mondays = Mondays(database, tmp_path / "data", local_time=False)
    with mondays.writing() as session:
        add_reader(session, "tokyo", "Asia/Tokyo")
        add_reader(session, "newyork", "America/New_York")

    mondays.live()

    assert mondays.copies == {"tokyo@example.org": [SLOT], "newyork@example.org": [SLOT]}
    mondays.service.close()


def test_a_batch_holds_one_wave(mondays):
    with mondays.writing() as session:
        for number in range(3):
            add_reader(session, f"berlin{number}")
            add_reader(session, f"tokyo{number}", "Asia/Tokyo")
            add_reader(session, f"seoul{number}", "Asia/Seoul")
    mondays.beat(TOKYO)

    with mondays.database.reading() as session:
        batches = session.exec(select(Batch).order_by(col(Batch.number))).all()
        waves = books.waves(session, 1)

    assert [(batch.number, batch.wave_at, batch.size) for batch in batches] == [
        (1, TOKYO, 2),
        (2, TOKYO, 2),
        (3, TOKYO, 2),
        (4, SLOT, 2),
        (5, SLOT, 1),
    ]
    assert [(at, share.copies, share.state) for at, share in waves.items()] == [
        (TOKYO, 6, "done"),
        (SLOT, 3, "waiting"),
    ]


def test_who_gets_nothing_this_time_is_in_the_books_from_the_start(mondays):
    with mondays.writing() as session:
        add_reader(session, "berlin")
        follower = add_reader(session, "follower", "Asia/Tokyo")
        wishes = Wishes("followed", follows=frozenset({"a-tool-of-another-week"}))
        choose(session, follower.public_id, wishes, now=SLOT - 2 * DAY, source="test")

    mondays.live()

    assert mondays.copies == {"berlin@example.org": [SLOT]}
    skipped = [row for row in rows(mondays) if row.state == "skipped"]
    assert [(row.batch, row.reason, row.settled_at) for row in skipped] == [
        (0, "no-followed-tool", TOKYO)
    ]
    assert balance(mondays).settled
    assert balance(mondays).eligible == 2


def test_the_promise_of_the_next_letter_stays_until_its_last_wave_although_it_has_begun(mondays):
    desk = mondays.service.desk
    with mondays.writing() as session:
        add_reader(session, "tokyo", "Asia/Tokyo")
        add_reader(session, "berlin")
    mondays.beat(TOKYO)

    assert desk.slots.next().instant == SLOT
    assert desk.slots.to_build().instant == SLOT + 7 * DAY

    mondays.beat(SLOT)
    assert desk.slots.next().instant == SLOT + 7 * DAY
