"""A command without a number is about an issue that is leaving or paused, never about the next one instead."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlmodel import col
from typer.testing import CliRunner, Result

from newsletter.cli import app
from newsletter.delivery.models import Delivery, DeliveryState
from newsletter.issues.states import IssueEvent
from newsletter.service import Service
from newsletter.settings import load
from newsletter.wiring import build
from tests.factories import add_subscribers, store_comparisons


@pytest.fixture(autouse=True)
def _settings(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSLETTER_DATA_DIR", str(data))
    monkeypatch.setenv("NEWSLETTER_POSTAL_ADDRESS", "1 Test Street")
    monkeypatch.setenv("NEWSLETTER_BATCH_SIZE", "2")
    monkeypatch.setenv("NEWSLETTER_ISSUE_SIZE", "2")
    monkeypatch.setenv("NEWSLETTER_LOG_LEVEL", "error")


@pytest.fixture
def wired() -> Iterator[Service]:
    """Issue 1 is with two of its six readers, and the draft of issue 2 is made."""
    with closing(build(load())) as wired:
        with wired.database.writing() as session:
            store_comparisons(session, 6)
            add_subscribers(session, 6, pepper=wired.pepper)
        draft(wired)
        begin(wired, 1)
        draft(wired)
        yield wired


def draft(wired: Service) -> None:
    wired.desk.build(wired.desk.slots.to_build(), actor="test")


def begin(wired: Service, number: int) -> None:
    wired.dispatch.start(number, actor="test")
    wired.dispatch.do_job(number, 2)


def pause(wired: Service, number: int) -> None:
    wired.desk.change(number, IssueEvent.PAUSED, actor="test", reason="odd")


def hold_in_doubt(wired: Service, number: int) -> None:
    """Leave one copy of an issue to a person."""
    of_issue = col(Delivery.issue_number) == number
    with wired.database.writing() as session:
        one = session.execute(select(col(Delivery.subscriber_id)).where(of_issue)).scalars().first()
        session.execute(
            update(Delivery)
            .where(of_issue, col(Delivery.subscriber_id) == one)
            .values(state=DeliveryState.HELD.value, attempt_id="a call")
        )


def run(*words: str) -> Result:
    return CliRunner().invoke(app, words)


def states(wired: Service) -> list[str]:
    with wired.database.reading():
        return [wired.desk.issue(number).state for number in (1, 2)]


def test_send_goes_on_with_the_issue_that_is_leaving(wired):
    sent = run("issue", "send")

    assert (sent.exit_code, states(wired)) == (0, ["settled", "draft"])
    assert sent.stdout.startswith("issue 1 is settled\n6 eligible = 6 accepted")


def test_send_of_what_is_paused_names_the_command_that_resumes_it(wired):
    pause(wired, 1)

    refused = run("issue", "send")

    assert (refused.exit_code, states(wired)) == (1, ["held", "draft"])
    assert refused.stderr.endswith("newsletter issue resume 1\n")


@pytest.mark.parametrize(
    ("words", "after"),
    [
        (("resume",), "settled"),
        (("send", "--dry-run"), "held"),
        (("decide", "--held"), "held"),
    ],
)
def test_a_paused_issue_is_meant_and_not_the_next_one(wired, words, after):
    pause(wired, 1)

    done = run("issue", *words)

    assert "issue 1 " in done.stdout
    assert states(wired) == [after, "draft"]


def test_what_cannot_be_taken_back_is_not_guessed_beside_a_draft(wired):
    pause(wired, 1)

    refused = run("issue", "cancel")

    assert (refused.exit_code, states(wired)) == (1, ["held", "draft"])
    assert "newsletter issue cancel 1 (paused, of " in refused.stderr
    assert "newsletter issue cancel 2 (draft, of " in refused.stderr


def test_pause_stops_the_issue_that_is_leaving(wired):
    paused = run("issue", "pause")

    assert (paused.exit_code, states(wired)) == (0, ["held", "draft"])


@pytest.mark.parametrize(
    ("command", "first", "second"),
    [
        ("send", "newsletter issue resume 1 (paused", "newsletter issue resume 2 (paused"),
        ("resume", "newsletter issue resume 1 (paused", "newsletter issue resume 2 (paused"),
        ("cancel", "newsletter issue cancel 1 (paused", "newsletter issue cancel 2 (paused"),
    ],
)
def test_of_two_that_could_be_meant_none_is_taken(wired, command, first, second):
    begin(wired, 2)
    pause(wired, 1)
    pause(wired, 2)

    refused = run("issue", command)

    assert (refused.exit_code, states(wired)) == (1, ["held", "held"])
    assert refused.stderr.startswith("which-issue: 2 issues could be meant")
    assert first in refused.stderr
    assert second in refused.stderr


@pytest.mark.parametrize(("command", "after"), [("pause", "held"), ("resume", "settled")])
def test_what_only_one_of_them_can_do_is_meant_for_that_one(wired, command, after):
    begin(wired, 2)
    pause(wired, 1 if command == "resume" else 2)

    run("issue", command)

    assert states(wired)[0] == after


def test_decide_is_about_the_copies_that_wait_for_it(wired):
    wired.dispatch.deliver()
    hold_in_doubt(wired, 1)

    decided = run("issue", "decide", "--held")

    assert (decided.exit_code, states(wired)) == (0, ["settled", "draft"])
    assert "1 copy decided: held" in decided.stdout


def test_decide_takes_none_of_two_issues_with_copies_in_doubt(wired):
    begin(wired, 2)
    wired.dispatch.deliver()
    hold_in_doubt(wired, 1)
    hold_in_doubt(wired, 2)

    refused = run("issue", "decide", "--held")

    assert refused.exit_code == 1
    assert refused.stderr.endswith("newsletter issue decide 1, or newsletter issue decide 2\n")


@pytest.mark.parametrize("command", ["send", "cancel"])
def test_of_two_drafts_none_is_taken_while_none_has_begun_to_leave(wired, command):
    wired.dispatch.deliver()
    [_, later] = wired.desk.slots.upcoming(2)
    wired.desk.build(later, actor="test")

    refused = run("issue", command)

    assert (refused.exit_code, wired.desk.issue(3).state) == (1, "draft")
    assert f"newsletter issue {command} 2 (draft, of " in refused.stderr
    assert f"newsletter issue {command} 3 (draft, of " in refused.stderr


def test_the_next_issue_is_sent_where_nothing_else_is_unfinished(wired):
    wired.dispatch.deliver()

    sent = run("issue", "send")

    assert (sent.exit_code, states(wired)) == (0, ["settled", "settled"])


@pytest.mark.parametrize("command", ["resume", "pause"])
def test_where_nothing_is_paused_nobody_is_led_to_send_the_next_one(wired, command):
    wired.dispatch.deliver()

    refused = run("issue", command)

    assert (refused.exit_code, states(wired)) == (1, ["settled", "draft"])
    assert "issue 2 " in refused.stderr
    assert "send" not in refused.stderr


def test_a_number_that_is_typed_is_what_is_meant(wired):
    pause(wired, 1)

    sent = run("issue", "send", "2")

    assert (sent.exit_code, states(wired)) == (0, ["held", "settled"])
