"""A host whose secret keys are not those of its database sends nothing, and makes none of its own."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session
from typer.testing import CliRunner, Result

from newsletter import adopting, backups, diagnosis, schema
from newsletter.cli import app
from newsletter.database import Database
from newsletter.instance.fence import PassiveInstance, StrangeKeys
from newsletter.instance.keys import Ring, brings, lost, strange
from newsletter.instance.store import COPIED, Instance
from newsletter.parts import NoSecretKey, keep_secret_key, new_secret_key
from newsletter.service import Service
from newsletter.settings import InvalidSettings, load
from newsletter.web.app import create_app
from newsletter.wiring import build
from subscribers.keys import KeyRing
from tests.factories import MONDAY, add_subscribers, store_comparisons

OLD, NEW, NEWER, OTHER = (
    f"{name} secret that is long enough to use"
    for name in ("an old", "a new", "a newer", "another")
)
Start = Callable[..., Service]


@pytest.mark.parametrize(
    ("database", "host", "passes", "written"),
    [
        (None, "o", True, True),
        ("o", "o", True, False),
        ("o", "no", True, True),  # the first host that has the new key
        ("no", "o", True, False),  # one that has it not yet: what it signs, the others open
        ("no", "no", True, False),
        ("nmo", "no", True, True),  # a key between is given up
        ("nmo", "mo", True, False),
        ("mo", "nmo", True, True),
        ("no", "xmo", False, False),  # neither opens what the other signs
        ("o", "x", False, False),
        ("o", "n", False, False),
        ("o", "on", False, False),  # the oldest is last: it hides addresses
        ("no", "n", False, False),
    ],
)
def test_the_keys_of_a_host_and_of_its_database(database, host, passes, written):
    known: Ring | None = tuple(database) if database else None

    because = strange(known, tuple(host))

    assert (because is None) is passes
    assert passes or "NEWSLETTER_SECRET_KEY" in str(because)
    assert brings(known, tuple(host)) is written


@pytest.mark.parametrize(
    ("database", "host", "links", "addresses"),
    [
        (None, "x", False, False),
        ("o", "no", False, False),
        ("o", "x", True, True),
        ("no", "xo", True, False),
        ("o", "on", False, True),
    ],
)
def test_what_is_lost_with_a_key(database, host, links, addresses):
    told = str(lost(tuple(database) if database else None, tuple(host)))

    assert ("links" in told) is links
    assert ("addresses" in told) is addresses


@pytest.fixture
def start(database: Database, tmp_path: Path) -> Start:
    """Start the service on a host, which is a data folder of its own, with these keys."""

    def on(host: str, *keys: str, instance: str | None = "production") -> Service:
        folder = tmp_path / host
        folder.mkdir(exist_ok=True)
        settings = load(
            data_dir=folder,
            outbox_dir=tmp_path / "outbox",
            database_url=database.engine.url.render_as_string(hide_password=False),
            postal_address="1 Test Street",
            editors="editor@example.org",
            instance=instance,
            secret_key=",".join(keys) or None,
        )
        return build(settings, clock=lambda: MONDAY, database=database)

    return on


def known_to(database: Database) -> Ring:
    with database.reading() as session:
        return tuple((session.get_one(Instance, 1).fingerprints or "").split(","))


def fingerprints(*keys: str) -> Ring:
    return KeyRing.of(*(key.encode() for key in keys)).fingerprints


def as_an_earlier_release_left_it(session: Session) -> None:
    session.get_one(Instance, 1).fingerprints = None


def test_the_first_start_makes_a_key_and_writes_its_fingerprint_down(start, database, tmp_path):
    start("one")

    key = (tmp_path / "one" / "secret.key").read_text()
    assert known_to(database) == fingerprints(key)
    assert key not in str(known_to(database))


def test_a_second_host_with_another_key_sends_nothing(start, tmp_path):
    """Letters that it signed would have nothing but dead links at the first host's site."""
    one = start("one", OLD)
    with one.database.writing() as session:
        store_comparisons(session, 2)
        add_subscribers(session, 3)
    one.desk.build(one.desk.slots.next(), actor="test")
    one.dispatch.start(1, actor="test")

    two = start("two", OTHER)
    two.dispatch.deliver()

    found = {finding.code: finding.message for finding in diagnosis.examine(two)}
    ready = TestClient(create_app(two), base_url=two.settings.base_url).get("/readyz")
    assert "NEWSLETTER_SECRET_KEY" in str(two.fence.may_send())
    assert "NEWSLETTER_SECRET_KEY" in found["passive-instance"]
    assert ready.json()["passive"] == two.fence.objection()
    assert not list((tmp_path / "outbox").rglob("*.eml"))
    with pytest.raises(PassiveInstance, match="NEWSLETTER_SECRET_KEY"):
        two.run_tick()
    assert one.fence.may_send() is None


def test_a_host_without_a_key_makes_none_where_the_database_knows_one(start, tmp_path):
    start("one")

    with pytest.raises(NoSecretKey, match=r"secret\.key"):
        start("two")

    assert not (tmp_path / "two" / "secret.key").exists()
    assert start("one").fence.may_send() is None


def test_a_new_key_is_brought_host_by_host_and_nothing_stops(start, database):
    first, second = start("one", OLD), start("two", OLD)

    rotated = start("one", NEW, OLD)

    assert known_to(database) == fingerprints(NEW, OLD)
    assert [host.fence.may_send() for host in (first, second, rotated)] == [None] * 3
    assert start("two", OLD).fence.may_send() is None
    assert known_to(database) == fingerprints(NEW, OLD)
    assert start("two", NEW, OLD).fence.may_send() is None


def test_doctor_says_which_host_has_not_got_the_new_key_yet(start):
    start("one", NEW, OLD)

    behind = {one.code: one.message for one in diagnosis.examine(start("two", OLD))}
    done = {one.code for one in diagnosis.examine(start("two", NEW, OLD))}

    assert "newest secret key" in behind["newest-key"]
    assert "newest-key" not in done


def test_a_host_that_brings_another_new_key_than_the_one_before_sends_nothing(start, database):
    start("one", NEW, OLD)

    other = start("two", OTHER, OLD)

    assert "NEWSLETTER_SECRET_KEY" in str(other.fence.may_send())
    assert known_to(database) == fingerprints(NEW, OLD)


def test_the_database_of_an_earlier_release_learns_the_keys_of_its_owner(start, database):
    start("one", OLD)
    with database.writing() as session:
        as_an_earlier_release_left_it(session)

    stranger = start("two", OTHER, instance="elsewhere")
    assert known_to(database) == ("",)
    assert stranger.fence.may_send() is not None
    start("one", OLD)

    assert known_to(database) == fingerprints(OLD)


def test_who_adopts_without_the_old_key_has_to_say_so(start, database):
    start("one", OLD, instance=None)
    moved = start("two", OTHER, instance=None)

    with pytest.raises(StrangeKeys, match="--without-old-key"):
        adopting.adopt(moved.desk, moved.fence)
    assert known_to(database) == fingerprints(OLD)
    adopting.adopt(moved.desk, moved.fence, without_old_key=True)

    assert known_to(database) == fingerprints(OTHER)
    assert moved.fence.may_send() is None


def run(folder: Path, *words: str) -> Result:
    outside = {
        "NEWSLETTER_DATA_DIR": str(folder),
        "NEWSLETTER_POSTAL_ADDRESS": "1 Test Street",
        "NEWSLETTER_LOG_LEVEL": "error",
    }
    return CliRunner().invoke(app, [*words], env=outside)


@pytest.fixture
def put_back(tmp_path: Path) -> Path:
    """A machine on which the backup of another one was put back, without its key."""
    before, after, backup = tmp_path / "before", tmp_path / "after", tmp_path / "friday.sqlite3"
    run(before, "subscribers", "add", "reader1@example.org", "--consent", "by phone")
    saved = run(before, "db", "backup", str(backup))
    restored = run(after, "db", "restore", str(backup))
    assert str(before / "secret.key") in saved.stdout
    assert "secret.key" in restored.stdout
    return after


def test_a_database_that_was_moved_without_its_key_is_not_adopted(put_back):
    refused = run(put_back, "db", "adopt")

    assert refused.exit_code == 1
    assert refused.stderr.startswith("no-secret-key: ")
    assert "--without-old-key" in refused.stderr
    assert not (put_back / "secret.key").exists()


def test_a_database_that_was_moved_with_its_key_is_adopted_as_before(put_back, tmp_path):
    (put_back / "secret.key").write_text((tmp_path / "before" / "secret.key").read_text())

    adopted = run(put_back, "db", "adopt", "--json")

    assert json.loads(adopted.stdout)["adopted"]["generation"] == 1
    assert json.loads(adopted.stdout)["lost"] is None


def test_a_key_that_is_lost_is_given_up_by_a_person_who_is_told_what_goes_with_it(put_back):
    (put_back / "secret.key").write_text(OTHER)
    looked = run(put_back, "db", "adopt", "--dry-run")
    refused = run(put_back, "db", "adopt")
    adopted = run(put_back, "db", "adopt", "--without-old-key")
    again = run(put_back, "db", "adopt")

    assert "--without-old-key" in looked.stdout
    assert refused.stderr.startswith("strange-keys: ")
    assert "lost" in adopted.stdout
    assert "links" in adopted.stdout
    assert "nothing to adopt" in again.stdout


def test_a_host_without_any_key_gets_one_when_the_old_one_is_given_up(put_back):
    adopted = run(put_back, "db", "adopt", "--without-old-key")

    assert adopted.exit_code == 0, adopted.stderr
    assert (put_back / "secret.key").exists()
    assert "nothing to adopt" in run(put_back, "db", "adopt").stdout


def test_a_host_without_any_key_is_shown_what_would_be_lost_and_nothing_is_written(put_back):
    """It is what ``db restore`` says comes next."""
    before = {file.name: file.stat().st_mtime_ns for file in put_back.glob("*.*")}

    looked = run(put_back, "db", "adopt", "--dry-run")
    as_json = run(put_back, "db", "adopt", "--dry-run", "--without-old-key", "--json")

    assert looked.exit_code == 0, looked.stderr
    assert "--without-old-key" in looked.stdout
    assert "lost      links" in looked.stdout
    assert json.loads(as_json.stdout)["lost"] in looked.stdout
    assert {file.name: file.stat().st_mtime_ns for file in put_back.glob("*.*")} == before


def test_a_key_that_another_process_made_meanwhile_is_not_taken_for_ours(tmp_path):
    read = load(data_dir=tmp_path)
    chosen = str(new_secret_key(read))
    keep_secret_key(read, OTHER)

    with pytest.raises(InvalidSettings, match="try again"):
        keep_secret_key(read, chosen)

    assert new_secret_key(read) is None


def test_a_key_that_cannot_be_kept_is_not_noted(start, database):
    start("one", OLD, instance=None)
    moved = start("two", OTHER, instance=None)

    def refuse() -> None:
        raise InvalidSettings("another process was here")

    with pytest.raises(InvalidSettings):
        adopting.adopt(moved.desk, moved.fence, without_old_key=True, keep_key=refuse)

    assert known_to(database) == fingerprints(OLD)
    assert moved.fence.may_send() is not None


def test_a_database_is_backed_up_before_it_is_brought_to_this_release(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'there.db'}")
    schema.upgrade(database, "0015")
    copy = tmp_path / "copy.db"

    assert backups.back_up(database, copy, now=MONDAY) == "ok"

    schema.upgrade(Database(f"sqlite:///{copy}"))
    with Database(f"sqlite:///{copy}").reading() as session:
        assert session.get_one(Instance, 1).generation == COPIED
