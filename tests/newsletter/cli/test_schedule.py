import json
from datetime import datetime, timedelta

import pytest
from freezegun import freeze_time
from typer.testing import CliRunner

from newsletter.cli import app
from newsletter.settings import load
from newsletter.wiring import build
from tests.factories import SEEN, add_subscribers, store_comparisons
from tests.newsletter.delivery.mondays import add_reader

RUNNER = CliRunner()


@pytest.fixture(autouse=True)
def berlin(monkeypatch, data):
    monkeypatch.setenv("NEWSLETTER_TIME_ZONE", "Europe/Berlin")


def run(*words):
    return RUNNER.invoke(app, ["schedule", *words])


def test_show_names_the_zone_and_utc_beside_each_slot():
    lines = run("show", "--count", "3").stdout.splitlines()

    assert len(lines) == 4
    assert all("09:00 Europe/Berlin" in line and "UTC" in line for line in lines[:3])
    assert lines[3] == "nothing has run yet"


@pytest.fixture
def in_use():
    wired = build(load(), clock=lambda: SEEN)
    with wired.database.writing() as session:
        store_comparisons(session, 1)
        add_subscribers(session, 1)
    wired.close()


def test_a_service_that_is_not_in_use_yet_has_missed_nothing():
    first = json.loads(run("tick", "--now", "2026-11-23T21:00:00+01:00", "--json").stdout)

    assert first["state"] == "done"
    assert "nothing had been imported" in first["note"]
    assert "missed" not in run("show").stdout


def test_a_monday_whose_issue_was_sent_by_hand_is_not_promised_any_more(in_use, monkeypatch):
    monkeypatch.setenv("NEWSLETTER_POSTAL_ADDRESS", "1 Test Street")
    before = run("show", "--count", "2").stdout.splitlines()
    RUNNER.invoke(app, ["issue", "build"])
    sent = RUNNER.invoke(app, ["issue", "send"])

    after = run("show", "--count", "1").stdout.splitlines()

    assert sent.exit_code == 0, sent.output
    assert after[0] == before[1]


def test_a_tick_as_of_nine_in_the_evening_misses_the_slot_once(in_use):
    first = json.loads(run("tick", "--now", "2026-11-23T21:00:00+01:00", "--json").stdout)
    second = json.loads(run("tick", "--now", "2026-11-23T21:01:00+01:00", "--json").stdout)

    assert (first["state"], second["state"]) == ("missed", "waiting")
    assert first["slot"]["local"] == "2026-11-23T09:00:00+01:00"
    assert first["next"]["utc"] == "2026-11-30T08:00:00+00:00"


def test_an_instant_without_an_offset_is_wall_time_in_the_schedules_zone_and_said_so():
    result = run("tick", "--now", "2026-11-23T08:59:59", "--json")

    assert json.loads(result.stdout)["slot"]["local_date"] == "2026-11-16"
    assert "taken as wall time in Europe/Berlin" in result.stderr


def test_show_tells_how_the_last_slot_ended(in_use):
    run("tick", "--now", "2026-11-23T21:00:00+01:00")

    last = json.loads(run("show", "--json").stdout)["last"]

    assert (last["local_date"], last["state"]) == ("2026-11-23", "missed")


def test_an_instant_that_is_none_is_wrong_usage():
    assert run("tick", "--now", "monday").exit_code == 2


@pytest.fixture
def in_use_around_the_world(in_use, monkeypatch):
    monkeypatch.setenv("NEWSLETTER_POSTAL_ADDRESS", "1 Test Street")
    wired = build(load(), clock=lambda: SEEN)
    with wired.database.writing() as session:
        add_reader(session, "tokyo", "Asia/Tokyo")
        add_reader(session, "newyork", "America/New_York")
    wired.close()
    tick("2026-11-22T06:00+01:00")  # the slot of the week before


def tick(now):
    return json.loads(run("tick", "--now", now, "--json").stdout)


def test_a_tick_every_hour_begins_with_the_easternmost_reader_and_sends_each_wave(
    in_use_around_the_world,
):
    ticks = {
        hour: tick(f"2026-11-23T{hour:02}:05+01:00") for hour in (0, 1, 2, 8, 9, 10, 14, 15, 16)
    }

    assert {hour: done["sent"] for hour, done in ticks.items() if done["sent"]} == {
        1: 1,
        9: 1,
        15: 1,
    }
    assert [hour for hour, done in ticks.items() if done["state"] == "done"] == [1]
    assert ticks[1]["slot"]["local"] == "2026-11-23T09:00:00+01:00"
    assert ticks[16]["note"] == "the slot of 2026-11-23 is taken"
    report = RUNNER.invoke(app, ["issue", "report"])
    assert report.exit_code == 0
    assert report.stdout.splitlines() == [
        "issue 1 is settled",
        "3 eligible = 3 accepted + 0 rejected + 0 skipped + 0 held",
        "not after  Mon 23 Nov 2026 21:00 Europe/Berlin  (2026-11-23 20:00 UTC)",
        "wave       Mon 23 Nov 2026 01:00 Europe/Berlin  (2026-11-23 00:00 UTC)  done: 1 copies",
        "wave       Mon 23 Nov 2026 09:00 Europe/Berlin  (2026-11-23 08:00 UTC)  done: 1 copies",
        "wave       Mon 23 Nov 2026 15:00 Europe/Berlin  (2026-11-23 14:00 UTC)  done: 1 copies",
    ]


def test_between_two_waves_the_report_says_when_the_next_one_leaves(in_use_around_the_world):
    tick("2026-11-23T01:05+01:00")

    with freeze_time("2026-11-23 00:10"):
        report = RUNNER.invoke(app, ["issue", "report"])

    assert report.exit_code == 1
    assert "3 eligible = 1 accepted" in report.stdout
    assert "waiting: 1 copies" in report.stdout
    told = report.stdout.splitlines()[-2:]
    assert told[0] == "next wave Mon 23 Nov 2026 09:00 Europe/Berlin  (2026-11-23 08:00 UTC)"
    assert "newsletter schedule tick" in told[1]


def test_show_says_when_the_first_wave_leaves_if_that_is_before_the_slot(in_use_around_the_world):
    shown = json.loads(run("show", "--json").stdout)

    local = datetime.fromisoformat(shown["next"][0]["local"])
    first = datetime.fromisoformat(shown["first_wave"])
    assert local - first == timedelta(hours=7 if local.utcoffset() == timedelta(hours=2) else 8)
    lines = run("show", "--count", "1").stdout.splitlines()
    assert lines[1].startswith("first wave  ")
    assert "01:00 Europe/Berlin" in lines[1] or "02:00 Europe/Berlin" in lines[1]


def test_show_names_no_first_wave_when_nobody_lives_further_east(in_use):
    assert "first wave" not in run("show").stdout
