from datetime import UTC, date, datetime, timedelta

from sqlmodel import select

from schedules import ledger
from schedules.models import ScheduleRun
from schedules.windows import slot_on
from tests.schedules.windows import monday_at_nine

SLOT = slot_on(monday_at_nine(), date(2026, 11, 23))
DUE = SLOT.instant


def claim(database, *, worker="one", now=DUE):
    with database.writing() as session:
        return ledger.claim(session, SLOT, worker=worker, now=now)


def end(database, how, run, *, now=DUE, note=""):
    with database.writing() as session:
        return how(session, run, now=now, note=note)


def found(database):
    with database.writing() as session:
        return ledger.find(session, SLOT.schedule, SLOT.local_date)


def test_the_second_claim_loses_and_the_session_lives_on(database):
    claim(database)

    with database.writing() as session:
        second = ledger.claim(session, SLOT, worker="two", now=DUE)
        still_usable = session.exec(select(ScheduleRun.claimed_by)).all()

    assert second is None
    assert still_usable == ["one"]


def test_a_claim_writes_down_who_when_and_for_which_instant(database):
    claim(database, worker="one", now=DUE + timedelta(minutes=3))

    run = found(database)
    assert (run.schedule, run.local_date, run.due_at) == ("weekly", SLOT.local_date, DUE)
    assert (run.state, run.claimed_by) == ("running", "one")
    assert run.claimed_at == DUE + timedelta(minutes=3)
    assert run.claimed_at.tzinfo is UTC


def test_a_finished_run_keeps_its_note_and_stays_closed(database):
    run = claim(database)

    assert end(database, ledger.finish, run, now=DUE + timedelta(minutes=5), note="issue 12")

    kept = found(database)
    assert (kept.state, kept.note) == ("done", "issue 12")
    assert kept.finished_at == DUE + timedelta(minutes=5)
    assert claim(database, worker="two", now=DUE + timedelta(days=1)) is None


def test_a_missed_slot_stays_missed(database):
    end(database, ledger.miss, claim(database), note="12 hours late")

    assert found(database).state == "missed"
    assert claim(database, now=DUE + timedelta(days=1)) is None


def test_a_failed_run_is_free_for_one_other_claim(database):
    end(database, ledger.fail, claim(database), note="DiskFull")

    again = claim(database, worker="two", now=DUE + timedelta(minutes=1))

    assert (again.state, again.claimed_by, again.note) == ("running", "two", None)
    assert claim(database, worker="three", now=DUE + timedelta(minutes=1)) is None


def test_a_worker_that_fell_silent_is_relieved_once_its_lease_is_over(database):
    claim(database, worker="one")

    assert claim(database, worker="two", now=DUE + ledger.LEASE - timedelta(seconds=1)) is None
    assert claim(database, worker="two", now=DUE + ledger.LEASE).claimed_by == "two"
    assert claim(database, worker="three", now=DUE + ledger.LEASE) is None


def test_a_claim_that_lies_in_the_future_is_believed_until_its_own_lease_is_over(database):
    run = claim(database, now=DUE + timedelta(hours=13))

    for now in (DUE, DUE + timedelta(hours=13), DUE + timedelta(hours=13, minutes=14)):
        assert ledger.is_settled(found(database), now)
        assert claim(database, worker="two", now=now) is None
    assert end(database, ledger.finish, run, note="by the first")
    assert found(database).note == "by the first"


def test_a_relieved_worker_cannot_write_down_the_end(database):
    silent = claim(database, worker="one")
    taken_over = claim(database, worker="two", now=DUE + ledger.LEASE)

    assert not end(database, ledger.finish, silent, note="from the dead")
    assert end(database, ledger.finish, taken_over, note="alive")
    assert found(database).note == "alive"


def test_what_counts_as_settled_is_what_cannot_be_claimed(database):
    run = claim(database)
    later = DUE + ledger.LEASE

    assert not ledger.is_settled(None, DUE)
    assert ledger.is_settled(run, later - timedelta(seconds=1))
    assert not ledger.is_settled(run, later)


def test_the_last_run_is_of_the_latest_slot_of_that_schedule(database):
    window = monday_at_nine()
    with database.writing() as session:
        for day in (30, 16, 23):
            slot = slot_on(window, date(2026, 11, day))
            ledger.claim(session, slot, worker="one", now=datetime(2027, 1, 1, tzinfo=UTC))

    with database.writing() as session:
        weekly, monthly = (ledger.last(session, name) for name in ("weekly", "monthly"))

        assert weekly
        assert weekly.local_date == date(2026, 11, 30)
        assert monthly is None
