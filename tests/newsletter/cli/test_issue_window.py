from datetime import date, timedelta

import orjson
import pytest
from typer.testing import CliRunner

from newsletter.cli import app
from newsletter.settings import load
from newsletter.wiring import build
from tests.factories import SEEN, add_subscribers, store_comparisons


@pytest.fixture(autouse=True)
def day(monkeypatch, data):
    """The Monday of an issue that is built, of a newsletter in a zone without summer time."""
    monkeypatch.setenv("NEWSLETTER_POSTAL_ADDRESS", "1 Test Street")
    monkeypatch.setenv("NEWSLETTER_LOG_LEVEL", "error")
    monkeypatch.setenv("NEWSLETTER_TIME_ZONE", "Asia/Tokyo")
    wired = build(load(), clock=lambda: SEEN)
    with wired.database.writing() as session:
        store_comparisons(session, 2)
        add_subscribers(session, 3)
    wired.close()
    return date.fromisoformat(orjson.loads(run("issue", "build", "--json").stdout)["date"])


def run(*words):
    return CliRunner().invoke(app, list(words))


def shown():
    answer = orjson.loads(run("issue", "show", "--json").stdout)
    return answer["not_before"], answer["not_after"]


def test_times_are_those_of_the_schedules_zone_and_shown_with_it(day):
    done = run("issue", "window", "--not-before", f"{day} 10:30")

    line = f"not before {day:%a %d %b %Y} 10:30 Asia/Tokyo  ({day} 01:30 UTC)\n"
    assert done.stdout == line
    assert shown() == (f"{day}T01:30:00+00:00", None)
    assert line in run("issue", "show").stdout
    assert line in run("issue", "report").stdout


def test_a_time_with_an_offset_is_taken_as_it_is(day):
    run("issue", "window", "1", "--not-after", f"{day}T18:00-03:00")

    assert shown() == (None, f"{day}T21:00:00+00:00")


def test_what_is_not_given_stays_and_none_takes_it_off(day):
    run("issue", "window", "--not-before", f"{day} 10:00", "--not-after", f"{day} 12:00")

    run("issue", "window", "--not-before", "none")
    kept = shown()
    last = run("issue", "window", "--not-after", "none")

    assert kept == (None, f"{day}T03:00:00+00:00")
    assert last.stdout == "issue 1 may leave any time\n"


@pytest.mark.parametrize(
    ("words", "said", "status"),
    [
        ((), "say --not-before, or --not-after, or both", 2),
        (("--not-before", "monday"), "'monday' is no date and time", 2),
        (("--not-after", "2026-13-01"), "is no date and time", 2),
        (("--not-after", "2020-11-01 18:00"), "unusable-times: 2020-11-01 09:00 UTC is over", 1),
        (
            ("--not-before", "DAY 12:00", "--not-after", "DAY 11:00"),
            "give a --not-after behind the --not-before",
            1,
        ),
        (("--not-before", "WEEK 12:00"), "its slot is missed from", 1),
        (("7", "--not-before", "none"), "no-such-issue", 1),
    ],
)
def test_times_that_make_no_sense_are_refused_in_words_and_change_nothing(day, words, said, status):
    before, week = shown(), day + timedelta(days=7)

    refused = run(
        "issue",
        "window",
        *(word.replace("DAY", f"{day}").replace("WEEK", f"{week}") for word in words),
    )

    assert refused.exit_code == status
    assert said in " ".join(refused.stderr.replace("│", " ").split())
    assert shown() == before


def test_whoever_sets_a_time_is_in_the_history_of_the_issue_and_its_note_stays(day):
    run("issue", "hold", "--reason", "odd")
    run("issue", "window", "--not-before", f"{day} 10:30")
    answer = orjson.loads(run("issue", "show", "--json").stdout)

    last = answer["history"][-1]
    said = f"not before {day} 01:30 UTC"
    assert (last["event"], last["actor"], last["reason"]) == ("timed", "operator", said)
    assert (last["state"], answer["note"]) == ("held", "odd")
    assert f"timed by operator: {said}\n" in run("issue", "show").stdout
