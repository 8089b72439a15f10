import orjson
import pytest
from freezegun import freeze_time
from typer.testing import CliRunner

from newsletter.cli import app
from newsletter.settings import load
from newsletter.wiring import build
from tests.factories import SEEN, add_subscribers, store_comparisons


@pytest.fixture(autouse=True)
def _an_issue(monkeypatch):
    monkeypatch.setenv("NEWSLETTER_POSTAL_ADDRESS", "1 Test Street")
    monkeypatch.setenv("NEWSLETTER_LOG_LEVEL", "error")
    monkeypatch.setenv("NEWSLETTER_TIME_ZONE", "Europe/Berlin")
    wired = build(load(), clock=lambda: SEEN)
    with wired.database.writing() as session:
        store_comparisons(session, 2)
        add_subscribers(session, 3)
    wired.close()
    with freeze_time(SEEN):
        run("issue", "build")
        yield


def run(*words):
    return CliRunner().invoke(app, list(words))


def shown():
    answer = orjson.loads(run("issue", "show", "--json").stdout)
    return answer["not_before"], answer["not_after"]


def test_times_are_those_of_the_schedules_zone_and_shown_with_it():
    done = run("issue", "window", "--not-before", "2026-11-23 10:30")

    assert done.stdout == (
        "not before Mon 23 Nov 2026 10:30 Europe/Berlin  (2026-11-23 09:30 UTC)\n"
    )
    assert shown() == ("2026-11-23T09:30:00Z", None)
    assert "not before Mon 23 Nov 2026 10:30 Europe/Berlin" in run("issue", "show").stdout
    assert "not before Mon 23 Nov 2026 10:30 Europe/Berlin" in run("issue", "report").stdout


def test_a_time_with_an_offset_is_taken_as_it_is():
    run("issue", "window", "1", "--not-after", "2026-11-23T18:00+09:00")

    assert shown() == (None, "2026-11-23T09:00:00Z")


def test_what_is_not_given_stays_and_none_takes_it_off():
    run("issue", "window", "--not-before", "2026-11-23 10:00", "--not-after", "2026-11-23 12:00")

    run("issue", "window", "--not-before", "none")
    kept = shown()
    last = run("issue", "window", "--not-after", "none")

    assert kept == (None, "2026-11-23T11:00:00Z")
    assert last.stdout == "issue 1 may leave any time\n"


@pytest.mark.parametrize(
    ("words", "said", "status"),
    [
        ((), "say --not-before, or --not-after, or both", 2),
        (("--not-before", "monday"), "'monday' is no date and time", 2),
        (("--not-after", "2026-13-01"), "is no date and time", 2),
        (("--not-after", "2026-11-01 09:00"), "unusable-times: 2026-11-01 08:00 UTC is over", 1),
        (
            ("--not-before", "2026-11-23 12:00", "--not-after", "2026-11-23 11:00"),
            "give a --not-after behind the --not-before",
            1,
        ),
        (("--not-before", "2026-12-24 12:00"), "its slot is missed from", 1),
        (("7", "--not-before", "none"), "no-such-issue", 1),
    ],
)
def test_times_that_make_no_sense_are_refused_in_words_and_change_nothing(words, said, status):
    before = shown()

    refused = run("issue", "window", *words)

    assert refused.exit_code == status
    assert said in " ".join(refused.stderr.replace("│", " ").split())
    assert shown() == before
