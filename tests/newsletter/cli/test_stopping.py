import signal
from collections.abc import Callable

import pytest
from typer.testing import CliRunner, Result

from newsletter.cli import app
from newsletter.cli.commands import new_group
from newsletter.cli.context import sending_service
from newsletter.delivery.books import Books
from newsletter.delivery.models import DeliveryState
from newsletter.errors import NewsletterError
from newsletter.service import Service
from tests.factories import add_subscribers, store_comparisons
from tests.journeys.commands import SAMPLES, Operator

GO_ON = "newsletter issue send 1"
ENDINGS = [signal.SIGTERM, signal.SIGINT]


class DidNotEndWell(NewsletterError):
    """A command finds that not everything was sent."""

    code = "did-not-end-well"


@pytest.fixture(autouse=True)
def _letters(tmp_path, monkeypatch):
    monkeypatch.setenv("NEWSLETTER_POSTAL_ADDRESS", "1 Test Street")
    monkeypatch.setenv("NEWSLETTER_BATCH_SIZE", "2")


def run(work: Callable[[Service], None]) -> Result:
    """Run work on a service that sends, as a command."""
    commands = new_group("Commands of this test.")

    @commands.command()
    def send() -> None:
        work(sending_service(go_on=GO_ON))

    @commands.command()
    def other() -> None:
        """Keep the first one a command of a group."""

    return CliRunner().invoke(commands, ["send"])


def stocked(wired: Service) -> int:
    with wired.database.writing() as session:
        store_comparisons(session, 2)
        add_subscribers(session, 6)
    return wired.desk.build(wired.desk.slots.next(), actor="test").number


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_batch_in_flight_is_recorded_and_the_line_says_how_to_go_on(ending):
    books: list[Books] = []

    def work(wired):
        number = stocked(wired)
        books.append(
            wired.desk.send(number, actor="test", progress=lambda _: signal.raise_signal(ending))
        )

    result = run(work)

    assert books[0].count(DeliveryState.ACCEPTED) == 2
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1].startswith("stopped: ")
    assert result.stderr.rstrip().endswith(GO_ON)


def test_going_on_sends_the_rest():
    def work(wired):
        number = stocked(wired)
        wired.desk.send(
            number, actor="test", progress=lambda _: signal.raise_signal(signal.SIGTERM)
        )

    run(work)
    result = CliRunner().invoke(app, GO_ON.split()[1:])

    assert result.exit_code == 0
    assert "6 accepted" in result.stdout


def test_who_asked_it_to_stop_is_not_told_that_it_did_not_end_well():
    def work(_wired):
        signal.raise_signal(signal.SIGTERM)
        raise DidNotEndWell

    result = run(work)

    assert result.exit_code == 1
    assert "did-not-end-well" not in result.stderr
    assert "stopped: " in result.stderr


def test_a_second_signal_ends_the_command_at_once():
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a run in the background ignores it
    reached = []

    def work(_wired):
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        reached.append("the line after it")

    run(work)

    assert reached == []


@pytest.mark.parametrize("ending", ENDINGS)
def test_afterwards_signals_mean_what_they_meant_before(ending):
    before = signal.getsignal(ending)

    result = run(lambda _wired: None)

    assert result.exit_code == 0
    assert signal.getsignal(ending) is before


@pytest.mark.parametrize(
    ("words", "go_on"),
    [
        (("issue", "send"), "newsletter issue send 1"),
        (("schedule", "tick", "--now", "DUE"), "newsletter schedule tick --now DUE"),
    ],
)
def test_a_command_that_is_stopped_says_how_just_that_goes_on(words, go_on, tmp_path):
    operator = Operator(tmp_path / "stopped", ISSUE_SIZE="2", TIMEZONE="UTC")
    operator.must("content", "import", str(SAMPLES))
    operator.readers(3)
    due = f"{operator.json('issue', 'build')['date']}T09:00:00+00:00"

    words = [word.replace("DUE", due) for word in words]
    stopped = operator.run(*words, fault="start.committed:1:TERM")

    assert stopped.returncode == 1
    assert stopped.stderr.splitlines()[-1].endswith(f" To go on: {go_on.replace('DUE', due)}")
