"""Bad luck that is no cross of a kill and a provider's fault; the same judge says what came of it."""

import os
import resource
import signal
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import select

from newsletter.database import Database
from newsletter.errors import NewsletterError
from newsletter.issues.states import IssueEvent
from newsletter.leaving import leave
from newsletter.testing.postmark.faults import Rule
from subscribers.models import Subscriber
from tests.faults import acts
from tests.faults.forgetful import forgetful_line
from tests.faults.runs import ended, fork, send
from tests.faults.scripts import CALLS
from tests.faults.stage import Stage
from tests.faults.surroundings import BATCH_SIZE, ISSUE, READERS, coming_slot
from tests.faults.trials import Kind, Trial

HOUR, YEAR = timedelta(hours=1), timedelta(days=365)


def everybody_got_one(stage: Stage, trial: Trial) -> None:
    """Go on until it is quiet: nobody lacks a copy, and nobody has two."""
    played = stage.go_on(trial)
    assert played.finding.is_sound, played
    assert played.finding.settled, played
    assert len(stage.provider.copies()) == READERS


def test_killed_in_a_call_of_which_nothing_arrived(theatre: Stage, kind: Kind) -> None:
    trial = Trial(kind=kind, handover="batch")
    theatre.prepare(trial)

    with acts.silent_listener() as (address, call_has_begun):
        pid = acts.send_to(theatre, trial, address)
        call_has_begun()
        os.kill(pid, signal.SIGKILL)
        ended(pid)

    assert theatre.provider.copies() == []
    everybody_got_one(theatre, trial)


def test_killed_in_a_call_of_which_everything_was_accepted(theatre: Stage, kind: Kind) -> None:
    trial = Trial(kind=kind)
    theatre.prepare(trial)
    theatre.provider.postmark.plan(Rule(CALLS[trial.handover], "slow", seconds=60))

    pid = acts.begin_patiently(theatre, trial)
    while not theatre.provider.copies():
        pass
    os.kill(pid, signal.SIGKILL)
    ended(pid)

    assert len(theatre.provider.copies()) == BATCH_SIZE
    everybody_got_one(theatre, trial)


def test_a_provider_that_refuses_connections(theatre: Stage, kind: Kind) -> None:
    trial = Trial(kind=kind)
    theatre.prepare(trial)

    with acts.nobody_listens() as address:
        ended(acts.send_to(theatre, trial, address))

    assert theatre.finding(trial).held.total() == 0
    everybody_got_one(theatre, trial)


@pytest.mark.parametrize("point", ["send.claimed", "send.answered"])
def test_a_worker_frozen_for_longer_than_its_lease(theatre: Stage, kind: Kind, point: str) -> None:
    trial = Trial(kind=kind)
    theatre.prepare(trial)

    pid = acts.freeze(theatre, trial, point)
    for pause in (1, 11, 5, 20, 30):
        theatre.let_pass(timedelta(minutes=pause))
        theatre.start(trial)
    acts.thaw(pid)

    everybody_got_one(theatre, trial)


@pytest.mark.parametrize("jump", [HOUR, -HOUR, YEAR, -YEAR])
@pytest.mark.parametrize("point", ["send.claimed", "send.answered"])
def test_a_clock_that_jumps_in_the_middle_and_is_set_right_again(
    theatre: Stage, kind: Kind, point: str, jump: timedelta
) -> None:
    trial = Trial(kind=kind)
    theatre.prepare(trial)

    pid = acts.freeze(theatre, trial, point)
    theatre.clock.advance(jump)
    acts.thaw(pid)
    theatre.clock.advance(-jump)

    everybody_got_one(theatre, trial)


def test_a_database_that_is_locked_before_anything_is_claimed(theatre: Stage, kind: Kind) -> None:
    trial = Trial(kind=kind)
    theatre.prepare(trial)

    pid = acts.freeze(theatre, trial, "start.committed", before=acts.impatient)
    with acts.locked(theatre.grounds[kind]):
        acts.thaw(pid)

    assert theatre.provider.copies() == []
    everybody_got_one(theatre, trial)


def test_a_database_that_is_locked_when_the_answer_is_to_be_recorded(
    theatre: Stage, kind: Kind
) -> None:
    trial = Trial(kind=kind)
    theatre.prepare(trial)

    pid = acts.freeze(theatre, trial, "send.answered", before=acts.impatient)
    with acts.locked(theatre.grounds[kind]):
        assert acts.thaw(pid) == 1, "it cannot go on without writing its answer down"

    assert len(theatre.provider.copies()) == BATCH_SIZE
    everybody_got_one(theatre, trial)


def test_a_disk_that_is_full_after_any_number_of_bytes(theatre: Stage) -> None:
    trial, died = Trial(kind="sqlite"), 0
    for most in range(32_768, 10**7, 65_536):
        theatre.prepare(trial)
        full = acts.limited(resource.RLIMIT_FSIZE, most)
        code = ended(acts.begin(theatre, trial, before=full))
        died += bool(code)
        everybody_got_one(theatre, trial)
        if not code:
            break

    assert died > 3


def test_a_server_whose_disk_is_full_at_any_write(theatre: Stage) -> None:
    trial, ground, died = Trial(kind="postgresql"), theatre.grounds["postgresql"], 0
    for nth in count(1, 2):
        theatre.prepare(trial)
        with acts.one_write_finds_no_room(ground, nth) as written:
            died += bool(ended(acts.begin(theatre, trial)))
            was_reached = written() >= nth
            everybody_got_one(theatre, trial)
        if not was_reached:
            break

    assert nth > 20, "an issue of four batches takes more writes than that"
    assert died > 3


@pytest.mark.parametrize("most", [12, 16, 24])
def test_too_few_file_descriptors(theatre: Stage, kind: Kind, most: int) -> None:
    trial = Trial(kind=kind)
    theatre.prepare(trial)

    ended(acts.begin(theatre, trial, before=acts.limited(resource.RLIMIT_NOFILE, most)))

    everybody_got_one(theatre, trial)


@pytest.mark.parametrize(
    "point", ["start.before-commit", "claim.before-commit", "record.before-commit"]
)
def test_a_server_that_goes_away_before_a_commit(theatre: Stage, point: str) -> None:
    trial = Trial(kind="postgresql")
    theatre.prepare(trial)

    pid = acts.freeze(theatre, trial, point)
    acts.drop_connections(theatre.grounds["postgresql"])
    acts.thaw(pid)

    everybody_got_one(theatre, trial)


def test_who_leaves_between_the_claim_and_the_call_gets_at_most_the_letter_announced(
    theatre: Stage, kind: Kind
) -> None:
    trial = Trial(kind=kind)
    theatre.prepare(trial)
    ground = theatre.grounds[kind]

    pid = acts.freeze(theatre, trial, "send.claimed")
    with ground.database.writing() as session:
        reader = session.scalars(select(Subscriber).order_by("id").limit(1)).one()
        email = str(reader.email)
        leave(session, reader.public_id, now=theatre.clock(), source="one-click")
    ground.database.close()
    acts.thaw(pid)
    played = theatre.go_on(trial)

    copies = [copy.to for copy in theatre.provider.copies()]
    assert played.finding.is_sound, played
    assert played.finding.settled, played
    assert sorted({*copies, email}) == sorted(
        f"reader{n}@example.org" for n in range(1, READERS + 1)
    )


def test_a_commit_whose_answer_is_lost(theatre: Stage, tmp_path: Path) -> None:
    trial, lost = Trial(kind="postgresql"), 0
    with forgetful_line(theatre.grounds["postgresql"], tmp_path) as (ground, line):
        theatre.prepare(trial)
        there = replace(theatre.surroundings(trial), ground=ground)
        send(there)
        for nth in range(1, line.commits + 1):
            theatre.prepare(trial)
            line.forget(nth)
            ended(fork(partial(send, there), troubles=theatre.troubles))
            lost += line.commits >= nth
            everybody_got_one(theatre, trial)

    assert lost > 8, "an issue of four batches takes more commits than that"


def test_a_commit_is_on_the_disk_before_it_is_answered(database: Database) -> None:
    asked = "PRAGMA synchronous" if database.is_sqlite else "SHOW synchronous_commit"

    with database.writing() as session:
        answer = session.execute(text(asked)).scalar_one()

    assert str(answer) in ("2", "on")


def test_processes_that_die_with_every_batch_they_claim(theatre: Stage, kind: Kind) -> None:
    trial = Trial(kind=kind)
    theatre.prepare(trial)

    for _ in range(4):
        theatre.start(trial, "send.claimed:1")
        theatre.let_pass(timedelta(minutes=17))

    assert theatre.provider.copies() == []
    everybody_got_one(theatre, trial)


def test_an_issue_that_is_edited_and_given_up_in_the_middle(theatre: Stage, kind: Kind) -> None:
    trial = Trial(kind=kind)
    theatre.prepare(trial)

    pid = acts.freeze(theatre, trial, "send.answered")
    desk = theatre.surroundings(trial).service().desk
    with pytest.raises(NewsletterError):
        desk.build(coming_slot(), actor="an editor")
    desk.change(ISSUE, IssueEvent.CANCELLED, actor="an editor")
    desk.database.close()
    acts.thaw(pid)
    theatre.start(trial)

    found = theatre.finding(trial)
    assert len(theatre.provider.copies()) == BATCH_SIZE
    assert found.is_sound, found


@pytest.mark.parametrize(
    "fault", ["rebuild.before-commit", "rebuild.entered", "rebuild.entered:2", "rebuild.noted"]
)
def test_killed_while_an_issue_is_rebuilt_after_a_backup_was_put_back(
    theatre: Stage, kind: Kind, fault: str
) -> None:
    trial = Trial(kind=kind)
    theatre.prepare(trial)
    theatre.start(trial, "send.recorded:3")  # three batches of four have left
    acts.put_a_backup_back(theatre, trial, remembers=1)

    theatre.let_pass(HOUR)
    assert theatre.start(trial, fault)

    everybody_got_one(theatre, trial)
