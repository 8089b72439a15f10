"""``newsletter issue rebuild`` and ``resume``, as an operator types them after a backup was put back."""

import json

from freezegun import freeze_time
from typer.testing import CliRunner

import newsletter.web.app  # noqa: F401 -- what preflight loads is not to be loaded while time stands still
from newsletter import backups
from newsletter.cli import app
from newsletter.settings import load
from newsletter.wiring import build
from tests.factories import SEEN, add_subscribers, store_comparisons


def run(*words):
    return CliRunner().invoke(app, list(words))


def test_commands_say_what_the_provider_knows_and_what_is_left(monkeypatch, tmp_path):
    chosen = {"POSTAL_ADDRESS": "1 Test Street", "LOG_LEVEL": "error", "BATCH_SIZE": "2"}
    for name, value in chosen.items():
        monkeypatch.setenv(f"NEWSLETTER_{name}", value)
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

    with freeze_time(SEEN):  # a provider forgets copies of long ago
        run("db", "restore", str(tmp_path / "backup"), "--replace")
        refused = run("issue", "rebuild")
        adopted = run("db", "adopt")
        rehearsed = run("issue", "rebuild", "--dry-run", "--json")
        resumed = run("issue", "resume")

    assert refused.stderr.startswith("passive-instance: ")
    said = "issue 1 is paused; to go on with it: newsletter issue resume 1\n"
    assert (adopted.stdout.endswith(said), "db adopt" in adopted.stdout) == (True, False)
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
