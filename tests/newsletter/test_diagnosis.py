"""What ``doctor`` finds while an issue leaves in waves, and when nothing would be taken."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlmodel import col
from typer.testing import CliRunner, Result

from newsletter.cli import app
from newsletter.delivery.message import Outcome, Receipt, Stream
from newsletter.delivery.models import Delivery
from newsletter.delivery.transports.memory import MemoryTransport
from newsletter.diagnosis import Finding, Level, examine
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueEvent
from newsletter.notices.rows import NoticeRow
from newsletter.notices.sending import MOST_ATTEMPTS
from newsletter.service import Service
from subscribers.address import Address
from subscribers.consent import stated
from subscribers.models import Subscriber
from subscribers.signup import add
from tests.factories import add_subscribers, refitted, store_comparisons
from tests.journeys.commands import ROOT


def about_the_issue(service: Service) -> list[Finding]:
    return [found for found in examine(service) if "issue 1" in found.message]


def test_a_wave_that_is_still_to_come_is_nothing_wrong(service: Service) -> None:
    with service.database.writing() as session:
        store_comparisons(session, 2)
        _, western = add_subscribers(session, 2)
        session.get_one(Subscriber, western.id).timezone = "America/New_York"
    slot = service.desk.slots.next()
    monday = service.as_of(lambda: slot.instant)
    monday.run_tick()

    [between] = about_the_issue(monday)
    later = service.as_of(lambda: slot.instant + timedelta(hours=8))  # nine there is two here
    later.desk.dispatch.deliver()
    [after] = about_the_issue(later)

    assert (between.code, between.level) == ("unfinished", Level.NOTE)
    assert (after.code, after.level) == ("books", Level.OK)


Run = Callable[..., Result]


@pytest.fixture
def run(service: Service, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command on the database of the service; the data folder is the same already."""
    url = service.database.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("NEWSLETTER_DATABASE_URL", url)
    monkeypatch.setenv("NEWSLETTER_POSTAL_ADDRESS", "1 Test Street")
    monkeypatch.setenv("NEWSLETTER_LOG_LEVEL", "error")
    return lambda *words: CliRunner().invoke(app, words)


def sent(service: Service) -> None:
    """Let issue 1 leave to three readers."""
    with service.database.writing() as session:
        store_comparisons(session, 2)
        add_subscribers(session, 3)
    service.desk.build(service.desk.slots.next(), actor="test")
    service.desk.send(1, actor="test")


def lose(service: Service, *readers: int) -> None:
    """Delete the copies of issue 1 of these readers, or of everybody."""
    lost = delete(Delivery).where(col(Delivery.issue_number) == 1)
    with service.database.writing() as session:
        only = lost.where(col(Delivery.subscriber_id).in_(readers)) if readers else lost
        session.execute(only)


def a_reader(service: Service) -> int:
    with service.database.reading() as session:
        return int(session.execute(select(func.min(col(Delivery.subscriber_id)))).scalar_one())


def test_a_row_that_is_lost_is_wrong(service: Service, run: Run) -> None:
    sent(service)
    before = run("doctor")
    lose(service, a_reader(service))

    after = run("doctor")

    assert (before.exit_code, "books                issue 1 balances: 3" in before.stdout) == (
        0,
        True,
    )
    assert (after.exit_code, "issue 1: 3 frozen, 2 rows" in after.stdout) == (1, True)
    assert run("issue", "report").exit_code == 1


def test_a_row_that_was_lost_stays_missed_when_somebody_joins_the_issue(service: Service) -> None:
    with service.database.writing() as session:
        store_comparisons(session, 2)
        first, western = add_subscribers(session, 2)
        lost = first.id or 0
        session.get_one(Subscriber, western.id).timezone = "America/New_York"
    slot = service.desk.slots.next()
    service.as_of(lambda: slot.instant).run_tick()
    lose(service, lost)
    later = service.as_of(lambda: slot.instant + timedelta(hours=1))
    with service.database.writing() as session:
        consent = stated("a test", at=later.clock())
        added, _ = add(
            session,
            Address.parse("new@example.org"),
            consent=consent,
            pepper=service.pepper,
        )
        session.get_one(Subscriber, added.id).timezone = "America/New_York"

    later.dispatch.deliver()

    assert service.desk.issue(1).audience == 3
    assert Finding("books", Level.WRONG, "issue 1: 3 frozen, 2 rows") in about_the_issue(later)


def test_copies_that_are_no_longer_kept_are_nothing_wrong_and_said_to_be_gone(
    service: Service, run: Run
) -> None:
    sent(service)
    lose(service)

    examined, told = run("doctor"), run("issue", "report")
    plain = json.loads(run("issue", "report", "--json").stdout)

    said = "issue 1: its copies are no longer kept"
    assert (examined.exit_code, f"note  books                {said}" in examined.stdout) == (
        0,
        True,
    )
    assert (told.exit_code, told.stdout.splitlines()[1]) == (
        0,
        "3 eligible; their copies are no longer kept, so what became of each cannot be told",
    )
    assert (plain["kept"], plain["balanced"], plain["lines"]) == (False, True, [])


def test_the_statement_of_the_docs_deletes_only_what_is_over_and_beyond_doubt(
    service: Service,
) -> None:
    docs = (ROOT / "docs" / "scaling.md").read_text(encoding="utf-8")
    [statement] = re.findall(r"DELETE FROM deliveries [^;]+;", docs)
    sent(service)

    def left() -> int:
        with service.database.writing() as session:
            session.execute(text(statement))
            return int(session.execute(select(func.count()).select_from(Delivery)).scalar_one())

    def now(row: type[Issue] | type[Delivery], **values: str | None) -> None:
        with service.database.writing() as session:
            session.execute(update(row).values(**values))

    now(Issue, state="sending")
    leaving = left()
    now(Issue, state="settled")
    now(Delivery, attempt_id="a call")
    in_doubt = left()
    now(Delivery, attempt_id=None)

    assert (leaving, in_doubt, left()) == (3, 3, 0)


def test_an_issue_that_is_not_over_is_wrong_without_its_copies(service: Service) -> None:
    with service.database.writing() as session:
        store_comparisons(session, 2)
        add_subscribers(session, 3)
    service.desk.build(service.desk.slots.next(), actor="test")
    service.dispatch.start(1, actor="test")
    service.desk.change(1, IssueEvent.PAUSED, actor="test")
    lose(service)

    assert Finding("books", Level.WRONG, "issue 1: 3 frozen, 0 rows") in about_the_issue(service)


class Asked(MemoryTransport):
    """A provider that has neither stream."""

    def check(self) -> dict[Stream, Receipt]:
        absent = Receipt(Outcome.NOT_TAKEN, code="1235", detail="No stream.", needs_operator=True)
        return {"broadcast": absent, "transactional": absent}


def test_a_provider_that_would_take_nothing_is_wrong_and_said_once(service: Service) -> None:
    sender = replace(service.dispatch.sender, transport=Asked())
    found = examine(replace(service, desk=refitted(service.desk, sender=sender)))

    [of_way] = [one for one in found if one.code == "way-out"]
    assert of_way == Finding("way-out", Level.WRONG, "memory, code 1235: No stream.")


def a_notice(service: Service, recipient: str, *, days: float = 1, **values: Any) -> None:
    """Let a letter have come to its end some days ago."""
    ended = service.clock() - timedelta(days=days)
    row = NoticeRow(
        key=f"of {ended}",
        recipient=recipient,
        public_id=f"{recipient} {days}",
        subject="Issue 7 is held",
        text="",
        attempts=1,
        created_at=ended,
        settled_at=ended,
    )
    for name, value in values.items():
        setattr(row, name, value)
    with service.database.writing() as session:
        session.add(row)


def about_letters(service: Service) -> list[tuple[str, str, str]]:
    found = [one for one in examine(service) if one.code in ("editor-letters", "reader-letters")]
    return [(one.code, one.level.value, one.message) for one in found]


@pytest.mark.parametrize(
    ("state", "attempts", "why"),
    [
        ("rejected", 1, "was refused"),
        ("rejected", MOST_ATTEMPTS + 1, "was given up after 100 tries"),
        ("unknown", 30, "may not have arrived"),
    ],
)
def test_an_editor_whom_the_last_notice_did_not_reach_is_wrong(
    service: Service, state: str, attempts: int, why: str
) -> None:
    a_notice(service, "editor@example.org", state="accepted", days=2)
    a_notice(service, "editor@example.org", state=state, attempts=attempts)

    [(code, level, message)] = about_letters(service)

    assert (code, level) == ("editor-letters", "wrong")
    assert f'the last notice to e…@example.org, "Issue 7 is held", {why}' in message
    assert "NEWSLETTER_EDITORS" in message


@pytest.mark.parametrize(
    ("recipient", "ended"),
    [
        pytest.param("editor@example.org", [("rejected", 2), ("accepted", 1)], id="a later one"),
        pytest.param("editor@example.org", [("rejected", 8)], id="long ago"),
        pytest.param("former@example.org", [("rejected", 1)], id="no editor any more"),
    ],
)
def test_a_lost_notice_that_needs_nobody_is_not_told(
    service: Service, recipient: str, ended: list[tuple[str, float]]
) -> None:
    for state, days in ended:
        a_notice(service, recipient, state=state, days=days)

    assert about_letters(service) == []


def test_letters_to_readers_that_were_given_up_are_counted_and_those_refused_are_not(
    service: Service,
) -> None:
    for number in range(2):
        a_notice(
            service, f"r{number}", kind="confirm", state="rejected", attempts=MOST_ATTEMPTS + 1
        )
    a_notice(service, "r3", kind="manage", state="rejected", attempts=MOST_ATTEMPTS + 1)
    a_notice(service, "r4", kind="confirm", state="rejected")
    a_notice(service, "r5", kind="confirm", state="rejected", attempts=MOST_ATTEMPTS + 1, days=8)

    [(code, level, message)] = about_letters(service)

    assert (code, level) == ("reader-letters", "note")
    assert "(2 confirm, 1 manage)" in message
