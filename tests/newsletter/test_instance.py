"""A copied or restored database sends nothing until somebody says so."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlmodel import select
from typer.testing import CliRunner, Result

from newsletter import adopting, diagnosis
from newsletter.cli import app
from newsletter.correction_letters.audience import audience
from newsletter.correction_letters.ordering import tell_those_who_got_it
from newsletter.corrections import store
from newsletter.database import Database
from newsletter.delivery.deciding import Verdict
from newsletter.delivery.models import Batch, BatchState, DeliveryState
from newsletter.instance.fence import PassiveInstance
from newsletter.instance.memory import FILE
from newsletter.instance.rules import Known, moved, objection
from newsletter.instance.store import COPIED, Instance, origin_of
from newsletter.issues.states import IssueState
from newsletter.service import Service
from newsletter.settings import load
from newsletter.testing.postmark.process import TOKEN, running_postmark
from newsletter.web.app import create_app
from newsletter.wiring import build
from schedules.windows import latest_slot
from subscribers.models import Subscriber
from subscribers.states import State
from subscribers.tokens import Purpose
from tests.factories import MONDAY, add_subscribers, store_comparisons
from tests.journeys.commands import SAMPLES
from tests.newsletter.corrections.correcting import correct, let_leave

OURS = Known("a1", 3)
Start = Callable[..., Service]


@pytest.mark.parametrize(
    ("database", "host", "passes"),
    [
        (OURS, OURS, True),
        (Known("a1", 4), OURS, True),
        (Known("a1", 2), OURS, False),
        (Known("b2", 3), OURS, False),
        (OURS, None, False),
        (None, None, True),
        (None, Known("a1", 0), True),
        (None, OURS, False),
        (Known("a1", COPIED), Known("a1", 0), False),
    ],
)
def test_a_host_sends_only_from_the_database_that_it_remembers(database, host, passes):
    because = objection(database, host)

    assert (because is None) is passes
    assert passes or "newsletter db adopt" in str(because)


@pytest.fixture
def start(database: Database, tmp_path: Path) -> Start:
    """Start the service on a host, which is a data folder of its own."""

    def on(host: str, *, at: timedelta = timedelta(0), **chosen: object) -> Service:
        folder = tmp_path / host
        folder.mkdir(exist_ok=True)
        shutil.copy(_key(tmp_path), folder / "secret.key")
        settings = load(
            data_dir=folder,
            outbox_dir=tmp_path / "outbox",
            database_url=database.engine.url.render_as_string(hide_password=False),
            postal_address="1 Test Street",
            editors="editor@example.org",
            **chosen,
        )
        return build(settings, clock=lambda: MONDAY + at, database=database)

    return on


def _key(folder: Path) -> Path:
    key = folder / "secret.key"
    key.write_text("a key that both of the hosts in this test have")
    return key


def stocked(service: Service, readers: int = 6) -> None:
    with service.database.writing() as session:
        store_comparisons(session, 3, now=MONDAY - timedelta(days=2))
        add_subscribers(session, readers)


def letters(tmp_path: Path) -> int:
    return sum(1 for _ in (tmp_path / "outbox").rglob("*.eml"))


def generation(service: Service) -> int:
    with service.database.reading() as session:
        return session.get_one(Instance, 1).generation


def test_the_first_start_names_both_and_every_start_of_an_issue_is_counted(start, tmp_path):
    service = start("one")
    stocked(service)

    service.desk.build(service.desk.slots.next(), actor="test")
    named = generation(service)
    service.desk.dispatch.start(1, actor="test")
    begun = generation(service)
    service.fence.may_send()

    with service.database.reading() as session:
        row = session.get_one(Instance, 1)
    assert (named, begun) == (0, 1)
    assert (tmp_path / "one" / FILE).read_text() == f'{{"name":"{row.name}","generation":1}}'
    assert start("one").fence.objection() is None


def test_a_copy_from_the_middle_of_an_issue_is_told_apart_once_more_has_left(start):
    """Whoever copies the file itself at night, and puts it back at noon, between two waves."""
    night, morning = start("one", batch_size=2), start("one", batch_size=2, at=timedelta(hours=1))
    stocked(night)
    night.desk.build(night.desk.slots.next(), actor="test")
    night.desk.dispatch.start(1, actor="test")
    night.desk.dispatch.sender.send_some(1, 2)
    copied = generation(night)

    morning.desk.dispatch.sender.send_some(1, 2)
    before = morning.fence.objection()
    with night.database.writing() as session:
        session.get_one(Instance, 1).generation = copied

    assert before is None
    assert "put back" in str(start("one").fence.objection())


def test_while_letters_leave_it_is_written_down_once_a_minute_and_at_no_other_time(start):
    service = start("one", batch_size=2)
    stocked(service)
    service.desk.build(service.desk.slots.next(), actor="test")
    service.desk.dispatch.start(1, actor="test")

    service.desk.dispatch.deliver()
    sent = generation(service)
    start("one", at=timedelta(hours=1)).desk.dispatch.deliver()

    assert (sent, generation(service)) == (2, 2)


def test_a_host_that_has_become_passive_makes_no_copy_older(start):
    first = start("one")
    stocked(first)
    first.fence.settle_in()
    second = start("two")
    with second.database.writing() as session:
        second.fence.adopt(session)
    adopted = generation(second)

    first.fence.outdate_copies()

    assert generation(second) == adopted
    assert second.fence.objection() is None


def test_a_copy_on_another_host_serves_its_pages_and_sends_nothing(start, tmp_path):
    stocked(start("one"))
    copy = start("two")
    before = letters(tmp_path)
    site = TestClient(create_app(copy), base_url=copy.settings.base_url)

    with pytest.raises(PassiveInstance):
        copy.run_tick()
    with pytest.raises(PassiveInstance):
        copy.desk.test(
            copy.desk.build(copy.desk.slots.next(), actor="test").number, "a@example.org"
        )
    with pytest.raises(PassiveInstance):
        copy.desk.dispatch.start(1, actor="test")
    for verdict in get_args(Verdict):
        with pytest.raises(PassiveInstance):
            copy.desk.dispatch.settle_unknown(1, verdict, actor="test")
    copy.welcome()
    copy.desk.dispatch.deliver()

    found = {finding.code: finding.message for finding in diagnosis.examine(copy)}
    ready = site.get("/readyz")
    assert letters(tmp_path) == before
    assert "newsletter db adopt" in found["passive-instance"]
    assert (ready.status_code, ready.json()["passive"]) == (200, copy.fence.objection())
    assert site.get("/").status_code == 200


def test_a_reader_can_leave_a_copy(start):
    stocked(start("one"))
    copy = start("two")
    with copy.database.reading() as session:
        reader = session.exec(select(Subscriber)).first()
    site = TestClient(create_app(copy), base_url=copy.settings.base_url)

    site.post(f"/unsubscribe/{copy.signer.sign(Purpose.UNSUBSCRIBE, reader.public_id)}")

    with copy.database.reading() as session:
        assert session.get_one(Subscriber, reader.id).state == State.UNSUBSCRIBED


def under_way(service: Service) -> None:
    """Start an issue and take one batch of it in hand, as a worker does that is then copied."""
    stocked(service)
    number = service.desk.build(service.desk.slots.next(), actor="test").number
    service.dispatch.start(number, actor="test")
    replace(service.dispatch.sender, worker="lost")._claim(number)


def test_adopting_shows_what_was_leaving_and_stops_it(start, tmp_path):
    under_way(start("one", batch_size=2))
    copy = start("two")
    found = adopting.waiting(copy.desk)

    adopting.adopt(copy.desk, copy.fence)
    with copy.database.reading() as session:
        states = sorted(session.exec(select(Batch.state)))
    copy.desk.dispatch.deliver()

    [leaving] = found.under_way
    issue = copy.desk.issue(1)
    assert (leaving.copies, leaving.batches, leaving.claimed) == (6, 2, 1)
    assert (issue.state, issue.note) == (IssueState.HELD, "adopted")
    assert states == [BatchState.QUEUED, BatchState.QUEUED, BatchState.UNKNOWN]
    assert copy.fence.objection() is None
    assert not list((tmp_path / "outbox").rglob("issue-*/*.eml"))


def test_who_adopts_and_resumes_sends_what_is_in_no_doubt(start):
    under_way(start("one", batch_size=2))
    copy = start("two")
    adopting.adopt(copy.desk, copy.fence)

    copy.desk.resume(1, actor="test")
    copy.desk.dispatch.deliver()

    assert copy.desk.dispatch.books(1).count(DeliveryState.ACCEPTED) >= 4


def test_letters_about_a_correction_that_wait_in_a_copy_are_ordered_anew_or_not_at_all(start):
    service = start("one")
    let_leave(service, readers=3)
    with service.database.writing() as session:
        correction = correct(session)
        tell_those_who_got_it(session, correction.row_id, expected=3, now=MONDAY)
        known = audience(session, correction, now=MONDAY)
    copy = start("two")
    found = adopting.waiting(copy.desk)

    adopting.adopt(copy.desk, copy.fence)
    copy.mailroom.send_letters()

    with copy.database.writing() as session:
        standing = store.standing_one(session, correction.row_id).now
        assert audience(session, standing, now=MONDAY).goes == known.told == 3
        assert tell_those_who_got_it(session, correction.row_id, expected=3, now=MONDAY) == 3
    assert (found.corrections, found.letters) == (3, 0)
    assert copy.mailroom.send_letters() == 3


def test_a_slot_that_is_due_is_listed_and_given_up(start, tmp_path):
    stocked(start("one"))
    late = start("two", at=timedelta(hours=2), local_time=False)
    slot = latest_slot(late.window, late.clock())
    number = late.desk.build(slot, actor="test").number
    found = adopting.waiting(late.desk)

    adopting.adopt(late.desk, late.fence)
    result = late.run_tick()

    assert found.overdue == (adopting.Overdue(slot.local_date, number),)
    assert result.state == "waiting"
    assert (late.desk.issue(number).state, late.desk.issue(number).note) == ("held", "adopted")
    assert not list((tmp_path / "outbox").rglob("issue-*/*.eml"))


def test_the_host_before_is_passive_once_another_has_adopted(start):
    before = start("one")
    after = start("two")

    adopting.adopt(after.desk, after.fence)

    assert after.fence.objection() is None
    assert "belongs to installation" in str(before.fence.objection())


def test_hosts_that_share_a_database_by_the_setting_all_send(start):
    first, second = start("one", instance="eu"), start("two", instance="eu")
    stocked(first)
    first.desk.build(first.desk.slots.next(), actor="test")
    first.desk.dispatch.start(1, actor="test")

    second.desk.dispatch.deliver()

    assert second.desk.dispatch.books(1).count(DeliveryState.ACCEPTED) == 6
    assert start("three", instance="us").fence.objection() is not None


def test_hosts_of_one_installation_that_saw_more_refuse_what_is_behind(start):
    first, second = start("one", instance="eu"), start("two", instance="eu")
    stocked(first)
    first.desk.build(first.desk.slots.next(), actor="test")
    first.desk.send(1, actor="test")
    second.fence.may_send()

    with first.database.writing() as session:
        session.get_one(Instance, 1).generation = 0

    assert "put back" in str(first.fence.objection())
    assert "put back" in str(second.fence.objection())


def run(*words: str) -> Result:
    return CliRunner().invoke(app, [*words])


def told(*words: str) -> dict[str, Any]:
    """Run a command that succeeds, and read the JSON it prints."""
    result = run(*words, "--json")
    assert result.exit_code == 0, result.output
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


@pytest.fixture
def _sendable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSLETTER_POSTAL_ADDRESS", "1 Test Street")
    monkeypatch.setenv("NEWSLETTER_LOG_LEVEL", "error")


@pytest.mark.usefixtures("_sendable")
def test_a_backup_that_is_put_back_sends_nothing_until_it_is_adopted(tmp_path):
    backup = tmp_path / "friday.sqlite3"
    run("content", "import", str(SAMPLES))
    run("subscribers", "add", "reader1@example.org", "--consent", "by phone")
    run("issue", "build")
    run("db", "backup", str(backup))
    run("issue", "send")

    refused = run("db", "restore", str(backup))
    told("db", "restore", str(backup), "--replace")
    again = run("issue", "send")
    rehearsed = told("db", "adopt", "--dry-run")
    still = run("doctor")
    adopted = told("db", "adopt")

    assert (refused.exit_code, "--replace" in refused.stderr) == (1, True)
    assert again.stderr.splitlines()[-1].startswith("passive-instance: ")
    assert rehearsed["adopted"] is None
    assert "passive-instance" in still.stdout
    assert adopted["adopted"]["generation"] == 3
    assert len(list((tmp_path / "data" / "outbox").rglob("issue-*/*.eml"))) == 1
    assert told("db", "adopt", "--dry-run")["passive"] is None


@pytest.mark.usefixtures("_sendable")
def test_a_copy_may_look_at_the_provider_s_lists_and_changes_nothing_by_them(tmp_path, monkeypatch):
    with running_postmark(tmp_path / "log") as postmark:
        for name, value in {
            "TRANSPORT": "postmark",
            "POSTMARK_SERVER_TOKEN": TOKEN,
            "POSTMARK_API_URL": postmark.url,
            "FROM": "Test Letter <digest@example.org>",
            "BASE_URL": "https://news.example.org",
        }.items():
            monkeypatch.setenv(f"NEWSLETTER_{name}", value)
        run("subscribers", "add", "reader1@example.org", "--consent", "by phone")
        postmark.suppress("reader1@example.org")
        (tmp_path / "data" / FILE).unlink()  # as on another host

        refused = run("subscribers", "sync")
        states = told("subscribers", "count")
        looked = told("subscribers", "sync", "--dry-run")
        told("db", "adopt")
        taken = told("subscribers", "sync")

    assert (refused.exit_code, refused.stderr.split(":")[0]) == (1, "passive-instance")
    assert states[State.ACTIVE] == 1
    assert (looked["moved"], taken["moved"]) == (1, 1)


def test_what_is_no_backup_is_not_put_back(tmp_path):
    other = tmp_path / "other.sqlite3"
    other.write_bytes(b"anything but a database")

    refused = run("db", "restore", str(other))

    assert refused.exit_code == 1
    assert refused.stderr.startswith("unusable-backup: ")


@pytest.mark.parametrize(
    ("before", "now", "passes"),
    [
        ("7/16384/16500", "7/16384/16500", True),
        (None, "7/16384/16500", True),
        ("/16384/16500", "7/16384/16500", True),
        ("7/16384/16500", None, True),
        ("7/16384/16500", "7/16384/17001", False),
        ("7/16384/16500", "7/20000/16500", False),
        ("7/16384/16500", "8/16384/16500", False),
    ],
)
def test_a_table_is_told_from_the_one_that_a_dump_was_made_of(before, now, passes):
    because = moved(before, now)

    assert (because is None) is passes
    assert passes or "newsletter db adopt" in str(because)


def test_a_table_that_was_put_back_from_a_dump_sends_nothing_although_all_hosts_have_the_name(
    start, database, tmp_path
):
    """A backup made while an issue leaves counts as many issues as its hosts remember."""
    service = start("one", instance="prod")
    stocked(service)
    with database.writing() as session:
        [row] = session.exec(select(Instance)).all()
        kept = row.model_dump()
    if database.is_sqlite:
        assert kept["origin"] is None
        return
    with database.writing() as session:  # as pg_restore does it
        session.execute(text("ALTER TABLE instances RENAME TO dumped"))
        session.execute(text("CREATE TABLE instances (LIKE dumped INCLUDING ALL)"))
        session.execute(text("INSERT INTO instances SELECT * FROM dumped"))
        session.execute(text("DROP TABLE dumped"))

    restored = start("new", instance="prod")

    assert "put back from a dump" in str(restored.fence.objection())
    assert "put back from a dump" in str(restored.fence.may_send())
    with pytest.raises(PassiveInstance, match="put back from a dump"):
        restored.desk.send(1, actor="test")
    adopting.adopt(restored.desk, restored.fence)
    assert restored.fence.objection() is None


def test_a_user_who_may_not_know_the_server_is_not_kept_from_sending(start, database):
    service = start("one", instance="prod")
    if database.is_sqlite:
        return
    with database.writing() as session:
        session.execute(text("REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC"))
        session.execute(text("DROP ROLE IF EXISTS plain"))
        session.execute(text("CREATE ROLE plain"))
    with database.reading() as session:
        whole = origin_of(session)
        session.execute(text("SET LOCAL ROLE plain"))
        part = origin_of(session)
    with database.writing() as session:
        session.execute(text("GRANT EXECUTE ON FUNCTION pg_control_system() TO PUBLIC"))
        session.execute(text("DROP ROLE plain"))

    assert part == f"/{str(whole).partition('/')[2]}"
    assert service.fence.objection() is None
