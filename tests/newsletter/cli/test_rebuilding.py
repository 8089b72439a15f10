"""``newsletter issue rebuild`` and ``resume``, as an operator types them after a backup was put back."""

import json

from freezegun import freeze_time
from typer.testing import CliRunner

from newsletter import backups
from newsletter.cli import app
from newsletter.settings import load
from newsletter.web.app import create_app
from newsletter.wiring import build
from tests.factories import SEEN, add_subscribers, store_comparisons


def run(*words):
    return CliRunner().invoke(app, list(words))


def test_commands_say_what_the_provider_knows_and_what_is_left(monkeypatch, tmp_path):
    monkeypatch.setenv("NEWSLETTER_POSTAL_ADDRESS", "1 Test Street")
    monkeypatch.setenv("NEWSLETTER_LOG_LEVEL", "error")
    monkeypatch.setenv("NEWSLETTER_BATCH_SIZE", "2")
    service = build(load(), clock=lambda: SEEN)
    with service.database.writing() as session:
        store_comparisons(session, 2)
        add_subscribers(session, 6)
    service.desk.build(service.desk.slots.next(), actor="test")
    service.dispatch.start(1, actor="test")
    service.dispatch.do_job(1, 2)
    backups.back_up(service.database, tmp_path / "backup", now=SEEN)
    service.dispatch.do_job(1, 2)
    service.close()

    create_app(service)  # what a preflight loads wants clocks that go
    with freeze_time(SEEN):  # a provider forgets copies of long ago
        run("db", "restore", str(tmp_path / "backup"), "--replace")
        refused = run("issue", "rebuild")
        adopted = run("db", "adopt")
        rehearsed = run("issue", "rebuild", "--dry-run", "--json")
        resumed = run("issue", "resume")

    assert refused.stderr.startswith("passive-instance: ")
    assert "newsletter db adopt" not in adopted.stdout
    assert adopted.stdout.splitlines()[-1] == (
        "issue 1 is paused; to go on with it: newsletter issue resume 1"
    )
    assert json.loads(rehearsed.stdout)["tally"] == {
        "known": 4,
        "new": 2,
        "joined": 0,
        "unknown": 0,
        "doubled": 0,
    }
    assert resumed.exit_code == 0, resumed.output
    assert resumed.stdout.startswith(
        "the provider knows 4 copies of issue 1\n"
        "2 were new to these books, 0 of them of readers who joined\n"
        "2 left queued\n"
        "complete\n"
    )
    assert len(list((tmp_path / "data" / "outbox").rglob("issue-1/*.eml"))) == 6
