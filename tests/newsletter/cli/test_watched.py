"""On a terminal, the bar of each long command comes to its end; a bar that nobody moves does not."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from newsletter.cli import app
from newsletter.service import Service
from newsletter.settings import load
from newsletter.testing.postmark.process import TOKEN, running_postmark
from newsletter.wiring import build
from tests.factories import add_subscribers, store_comparisons
from tests.journeys.commands import SAMPLES
from tests.newsletter.corrections.correcting import correct, let_leave


@pytest.fixture(autouse=True)
def _terminal(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSLETTER_DATA_DIR", str(data))
    monkeypatch.setenv("NEWSLETTER_POSTAL_ADDRESS", "1 Test Street")
    monkeypatch.setenv("NEWSLETTER_BATCH_SIZE", "2")
    monkeypatch.setenv("NEWSLETTER_LOG_LEVEL", "error")
    monkeypatch.setenv("FORCE_COLOR", "1")  # whatever is printed to is taken for a terminal
    monkeypatch.setenv("COLUMNS", "120")


@pytest.fixture
def service() -> Iterator[Service]:
    """The service that commands wire, for what was before."""
    with closing(build(load())) as wired:
        yield wired


@pytest.fixture
def draft(service: Service) -> Service:
    """Issue 1 waits, and six readers for it."""
    with service.database.writing() as session:
        store_comparisons(session, 2)
        add_subscribers(session, 6, pepper=service.pepper)
    service.desk.build(service.desk.slots.next(), actor="test")
    return service


@pytest.fixture
def half_sent(draft: Service) -> Service:
    """Two of the six have issue 1."""
    draft.dispatch.start(1, actor="test")
    draft.dispatch.do_job(1, 2)
    return draft


def run(*words: str) -> Result:
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    return result


def bar(*words: str) -> str:
    """Give what stood last beside the bar of a command: how many of how many."""
    return str(re.findall(r"\d+/(?:\d+|\?)", run(*words).stderr)[-1])


def readers(tmp_path: Path) -> str:
    file = tmp_path / "readers.csv"
    file.write_text("email\n" + "\n".join(f"reader{number}@example.org" for number in range(1, 7)))
    return str(file)


def test_comparisons_and_readers_are_counted_as_they_come_and_go(tmp_path):
    assert bar("content", "import", str(SAMPLES))[-2:] == "/?"
    assert bar("subscribers", "import", readers(tmp_path), "--consent", "a test") == "6/6"
    assert bar("subscribers", "export", str(tmp_path / "everybody.csv")) == "6/?"
    assert bar("subscribers", "undo") == "6/6"


@pytest.mark.usefixtures("draft")
def test_an_issue_that_is_sent():
    assert bar("issue", "send") == "6/6"


@pytest.mark.usefixtures("half_sent")
def test_an_issue_of_which_some_has_left_is_counted_by_what_is_left():
    assert bar("issue", "send") == "4/4"


def test_a_paused_issue_that_goes_on(half_sent):
    run("issue", "pause")

    assert bar("issue", "rebuild", "--dry-run") == "2/?"
    assert bar("issue", "resume") == "4/4"


def test_an_issue_that_leaves_by_the_schedule(draft):
    due = draft.desk.slots.next().instant.isoformat()

    assert bar("schedule", "tick", "--now", due) == "6/6"


def test_letters_about_a_correction(service):
    let_leave(service, readers=6)
    with service.database.writing() as session:
        number = correct(session).id

    assert bar("issue", "tell-corrected", str(number)) == "6/6"


@pytest.mark.parametrize("option", [(), ("--dry-run",)])
def test_the_entries_of_the_provider_s_lists(option, service, tmp_path, monkeypatch):
    with running_postmark(tmp_path / "log") as postmark:
        postmark.suppress("reader1@example.org")
        postmark.suppress("reader2@example.org")
        for name, value in {
            "TRANSPORT": "postmark",
            "POSTMARK_SERVER_TOKEN": TOKEN,
            "POSTMARK_API_URL": postmark.url,
            "FROM": "Test Letter <digest@example.org>",
            "BASE_URL": "https://news.example.org",
            "CHECK_LINKS": "false",
        }.items():
            monkeypatch.setenv(f"NEWSLETTER_{name}", value)

        assert bar("subscribers", "sync", *option) == "2/?"


@pytest.mark.usefixtures("draft")
def test_a_script_is_shown_none():
    assert "/6" not in run("issue", "send", "--json").stderr
