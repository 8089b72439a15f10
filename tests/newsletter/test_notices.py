import itertools
import threading
from contextlib import closing, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from newsletter.database import Database
from newsletter.delivery.guards import Guards
from newsletter.delivery.message import Mailing, Message, Outcome, Receipt
from newsletter.delivery.pacing import Line
from newsletter.delivery.transports.memory import MemoryTransport
from newsletter.notices.letters import LetterKind
from newsletter.notices.rows import NoticeRow, order_link, tell, write_to
from newsletter.notices.sending import LEASE, MOST_ATTEMPTS, MOST_IN_DOUBT, send_notices
from newsletter.rendering.notice import Notice
from newsletter.rendering.personal import Marked
from tests.factories import MONDAY, make_desk
from tests.newsletter.away import Away

NOTICE = Notice("Something happened", "Look at it.\n")
EDITORS = ("ann@example.org", "bob@example.org")
NO_MARKS = Marked.plain("Hello.\n")
NOT_TAKEN = Receipt(Outcome.NOT_TAKEN, code="450", about_recipient=True)
LOST = Receipt(Outcome.UNKNOWN, code="http-502")
BUSY = Receipt(Outcome.NOT_TAKEN, code="429")


class Dies(MemoryTransport):
    """Raises in the middle of a call, as a bug or the end of the process would."""

    def send(self, mailing, messages, **options):
        raise ZeroDivisionError


class ToReaders:
    """Writes to every reader but one who has said no."""

    def write(self, session, kind, public_id, name, now):
        if public_id == "left":
            return None
        mailing = Mailing(key=kind.value, sender="x@example.org", subject="s", text=NO_MARKS)
        return mailing, Message(f"{kind}.{name}", f"{public_id}@example.org")

    def testify(self, session, public_id, left):
        """Nobody asks these letters for evidence."""

    def decide_at(self, session, issue_number, now):
        """Nobody is asked to decide in these notices."""
        raise AssertionError(issue_number)

    def sign_in(self, session, order, now):
        """Nobody wants to sign in here."""
        raise AssertionError(order)


def told(database: Database, *editors: str, key: str = "a key") -> int:
    with database.writing() as session:
        return tell(session, key, editors, NOTICE, now=MONDAY)


def deliver(
    database: Database, transport: MemoryTransport, now: datetime = MONDAY, **chosen: Any
) -> int:
    usual = make_desk(database, transport, now=now).dispatch.sender
    return send_notices(replace(usual, **chosen), ToReaders())


def a_week_later() -> datetime:
    """Of a schedule that is run as of then; the real clock says Monday."""
    return MONDAY + timedelta(days=7)


def states(database: Database) -> dict[str, str]:
    with database.reading() as session:
        return {row.recipient: row.state for row in session.exec(select(NoticeRow))}


def recipients(transport: MemoryTransport) -> list[str]:
    return [message.to for _, message in transport.sent]


def test_a_key_is_told_once_to_each_editor(database):
    counts = [told(database, *EDITORS), told(database, *EDITORS, "cyd@example.org")]

    transport = MemoryTransport()
    accepted = deliver(database, transport)

    assert counts == [2, 1]
    assert accepted == 3
    assert recipients(transport) == [*EDITORS, "cyd@example.org"]


def test_nobody_to_tell_is_no_error(database):
    assert told(database) == 0


def test_two_processes_may_tell_the_same_key_at_the_same_time(database):
    ready, counts = threading.Barrier(4), []

    def process():
        ready.wait()
        counts.append(told(database, *EDITORS))

    processes = [threading.Thread(target=process) for _ in range(4)]
    for one in processes:
        one.start()
    for one in processes:
        one.join()

    assert sorted(counts) == [0, 0, 0, 2]


def test_a_refusal_for_one_editor_holds_up_no_other(database):
    told(database, *EDITORS)
    transport = MemoryTransport(
        lambda message: NOT_TAKEN if message.to == EDITORS[0] else Receipt(Outcome.ACCEPTED)
    )

    accepted = deliver(database, transport)

    assert accepted == 1
    assert states(database) == {EDITORS[0]: "queued", EDITORS[1]: "accepted"}


def test_what_was_not_taken_waits_longer_after_each_attempt(database):
    told(database, EDITORS[0])
    down, now, asked = MemoryTransport(lambda _: NOT_TAKEN), MONDAY, []

    for _ in range(60):
        before = len(down.asked)
        deliver(database, down, now)
        asked.append(len(down.asked) > before)
        now += timedelta(seconds=5)

    assert asked[:2] == [True, True]
    assert 4 <= sum(asked) <= 7


def test_a_notice_whose_sender_died_is_sent_when_its_lease_has_ended(database):
    told(database, EDITORS[0])
    with pytest.raises(ZeroDivisionError):
        deliver(database, Dies())
    during, after = MemoryTransport(), MemoryTransport()

    deliver(database, during, MONDAY + LEASE)
    deliver(database, after, MONDAY + LEASE + timedelta(seconds=1))

    assert recipients(during) == []
    assert recipients(after) == [EDITORS[0]]
    assert states(database) == {EDITORS[0]: "accepted"}


def test_a_notice_that_ends_its_process_again_and_again_is_given_up(database):
    told(database, EDITORS[0])
    now = MONDAY
    for _ in range(MOST_ATTEMPTS):
        with pytest.raises(ZeroDivisionError):
            deliver(database, Dies(), now)
        now += 2 * LEASE
    last = MemoryTransport()

    deliver(database, last, now)

    assert last.asked == []
    assert states(database) == {EDITORS[0]: "rejected"}


def until_quiet(database: Database, transport: MemoryTransport) -> list[datetime]:
    """Try the only notice whenever it may be; give when each try was made."""
    tries = [MONDAY]
    while True:
        deliver(database, transport, tries[-1])
        with database.reading() as session:
            row = session.exec(select(NoticeRow)).one()
        if row.state != "queued" or row.not_before is None:
            return tries
        tries.append(row.not_before)


def test_a_notice_whose_answers_are_lost_for_hours_leaves_when_they_come_again(database):
    told(database, EDITORS[0])
    for minutes in range(0, 600, 10):
        deliver(database, MemoryTransport(lambda _: LOST), MONDAY + timedelta(minutes=minutes))
    assert states(database) == {EDITORS[0]: "queued"}
    later = MemoryTransport()

    deliver(database, later, MONDAY + timedelta(minutes=650))
    deliver(database, later, MONDAY + timedelta(days=2))

    assert recipients(later) == [EDITORS[0]]
    assert states(database) == {EDITORS[0]: "accepted"}


def test_a_provider_that_takes_notices_and_never_says_so_gets_ever_fewer_and_then_none(database):
    told(database, EDITORS[0])

    tries = until_quiet(database, MemoryTransport(lambda _: LOST))

    gaps = [later - one for one, later in itertools.pairwise(tries)]
    assert len(tries) == MOST_IN_DOUBT
    assert gaps[-1] < timedelta(hours=1)
    assert gaps == sorted(gaps)
    assert gaps[0] == timedelta(minutes=1)
    assert timedelta(hours=15) < tries[-1] - MONDAY < timedelta(days=1)
    assert states(database) == {EDITORS[0]: "unknown"}


class WithLinks(ToReaders):
    """Writes to whoever wants to sign in, too."""

    def sign_in(self, session, order, now):
        return self.write(session, LetterKind.MANAGE, "ed", order.name, now)


@pytest.mark.parametrize("kind", [LetterKind.CONFIRM, "sign-in"])
def test_of_a_letter_for_which_somebody_may_ask_again_a_lost_answer_stays_in_doubt(database, kind):
    with database.writing() as session:
        if kind == "sign-in":
            order_link(session, "ed", "/editor", now=MONDAY)
        else:
            write_to(session, "ed", kind, key="one", now=MONDAY)
    first, later = MemoryTransport(lambda _: LOST), MemoryTransport()
    usual = make_desk(database, first, now=MONDAY).dispatch.sender
    send_notices(usual, WithLinks())

    send_notices(
        replace(usual, transport=later, timer=lambda: MONDAY + timedelta(days=1)), WithLinks()
    )

    assert (len(first.asked), later.asked) == (1, [])
    assert states(database) == {"ed": "unknown"}


@pytest.mark.parametrize(("seconds", "known"), [(500, "accepted"), (700, "sending")])
def test_an_answer_is_written_down_although_the_database_is_away_for_most_of_the_lease(
    database, seconds, known
):
    told(database, "ann@example.org")
    away = Away(database)

    class Taken(MemoryTransport):
        def send(self, mailing, messages, **options):
            away.seconds = seconds
            return super().send(mailing, messages, **options)

    with closing(away), suppress(OperationalError):
        deliver(away, Taken())

    assert states(database) == {"ann@example.org": known}


def test_a_provider_that_asks_for_patience_is_heard_although_the_database_is_away(database):
    told(database, "ann@example.org")
    away = Away(database)

    class Busy(MemoryTransport):
        def send(self, mailing, messages, **options):
            away.seconds = 60
            return [BUSY._replace(outcome=Outcome.UNKNOWN, wait=timedelta(minutes=8))]

    with closing(away):
        deliver(away, Busy())

    assert states(database) == {"ann@example.org": "queued"}
    with database.reading() as session:
        assert Line("memory").closed_until(session, MONDAY) is not None


def test_an_answer_that_comes_after_the_lease_overwrites_nothing(database):
    told(database, EDITORS[0])

    class Slow(MemoryTransport):
        def send(self, mailing, messages, **options):
            deliver(database, MemoryTransport(), MONDAY + 2 * LEASE)
            return [NOT_TAKEN]

    deliver(database, Slow())

    assert states(database) == {EDITORS[0]: "accepted"}


def test_a_letter_to_a_reader_is_written_when_it_leaves_and_no_address_waits(database):
    with database.writing() as session:
        kind = LetterKind.CONFIRM
        told_now = [
            write_to(session, "ines", kind, key=key, now=MONDAY) for key in ("one", "one", "two")
        ]
    with database.reading() as session:
        waiting = [row.model_dump(mode="json") for row in session.exec(select(NoticeRow))]

    transport = MemoryTransport()
    deliver(database, transport)

    assert told_now == [True, False, True]
    assert recipients(transport) == ["ines@example.org"] * 2
    assert "@" not in str(waiting)


def test_a_letter_that_is_no_longer_right_is_skipped_and_holds_up_no_other(database):
    with database.writing() as session:
        for reader in ("left", "ines"):
            write_to(session, reader, LetterKind.CONFIRM, key="one", now=MONDAY)

    transport = MemoryTransport()
    deliver(database, transport)

    assert recipients(transport) == ["ines@example.org"]
    assert states(database) == {"left": "skipped", "ines": "accepted"}


@pytest.mark.parametrize("per_second", [None, 100.0])
def test_a_provider_that_asks_for_patience_is_asked_by_one_letter_and_then_by_nobody(
    database, per_second
):
    told(database, *EDITORS)
    busy, early, later = (MemoryTransport(lambda _: BUSY), MemoryTransport(), MemoryTransport())
    guards = Guards(per_second=per_second)

    deliver(database, busy, guards=guards)
    deliver(database, early, MONDAY + timedelta(seconds=4), guards=guards)
    with database.reading() as session:
        closed = Line("memory", per_second).closed_until(session, MONDAY)
    deliver(database, later, MONDAY + timedelta(seconds=8), guards=guards)

    assert [message.to for _, message in busy.asked] == [EDITORS[0]]
    assert early.asked == []
    assert closed is not None
    assert sorted(recipients(later)) == [*EDITORS]


@pytest.mark.parametrize("per_second", [None, 100.0])
def test_a_letter_waits_where_a_batch_was_asked_for_patience(database, per_second):
    told(database, EDITORS[0])
    line, guards = Line("memory", per_second), Guards(per_second=per_second)
    with database.writing() as session:
        line.close(session, MONDAY, timedelta(minutes=8))
    early, later = MemoryTransport(), MemoryTransport()

    deliver(database, early, MONDAY + timedelta(minutes=7), guards=guards)
    waits = states(database)
    deliver(database, later, MONDAY + timedelta(minutes=8), guards=guards)

    assert (early.asked, waits) == ([], {EDITORS[0]: "queued"})
    assert recipients(later) == [EDITORS[0]]


def test_the_time_for_which_the_provider_asks_counts_and_one_refusing_mailbox_does_not(database):
    told(database, EDITORS[0])
    asks = BUSY._replace(wait=timedelta(minutes=8))
    line = Line("memory")

    deliver(database, MemoryTransport(lambda _: NOT_TAKEN))
    with database.reading() as session:
        after_mailbox = line.free_at(session)
    deliver(database, MemoryTransport(lambda _: asks), MONDAY + timedelta(minutes=1))
    with database.reading() as session:
        after_provider = line.free_at(session)

    assert after_mailbox is None
    assert after_provider is not None
    assert after_provider >= MONDAY + timedelta(minutes=9)


def test_a_letter_leaves_although_a_batch_has_booked_the_line_and_is_booked_behind_it(database):
    told(database, *EDITORS)
    line = Line("memory", 2.0)
    with database.writing() as session:
        assert line.book(session, 500, MONDAY)

    accepted = deliver(database, MemoryTransport(), guards=Guards(per_second=2.0))

    assert accepted == 2
    with database.reading() as session:
        assert line.free_at(session) == MONDAY + timedelta(seconds=251)


def test_so_many_letters_that_the_line_would_be_booked_for_ever_leave_it_believable(database):
    line = Line("memory", 0.1)
    with database.writing() as session:
        for _ in range(600):
            line.book_behind(session, 1, MONDAY)
        assert line.closed_until(session, MONDAY) == MONDAY + line.longest / 2


def test_a_schedule_run_as_of_a_later_hour_frees_no_letter_that_is_in_flight(database):
    told(database, EDITORS[0])
    second = MemoryTransport()

    class Slow(MemoryTransport):
        def send(self, mailing, messages, **options):
            deliver(database, second, MONDAY + timedelta(seconds=1), clock=a_week_later)
            return super().send(mailing, messages, **options)

    first = Slow()
    deliver(database, first)

    assert recipients(first) == [EDITORS[0]]
    assert second.asked == []


def test_a_letter_refused_as_of_a_later_hour_waits_for_seconds_and_not_until_then(database):
    told(database, EDITORS[0])
    deliver(database, MemoryTransport(lambda _: NOT_TAKEN), clock=a_week_later)
    later = MemoryTransport()

    deliver(database, later, MONDAY + timedelta(seconds=5))

    assert recipients(later) == [EDITORS[0]]


@pytest.mark.parametrize("state", ["queued", "sending"])
def test_a_letter_is_not_kept_by_an_instant_of_a_clock_that_was_days_ahead(database, state):
    told(database, EDITORS[0])
    then = MONDAY + timedelta(days=10)
    with database.writing() as session:
        row = session.exec(select(NoticeRow)).one()
        row.state, row.not_before, row.leased_until = state, then, then

    assert deliver(database, MemoryTransport()) == 1
