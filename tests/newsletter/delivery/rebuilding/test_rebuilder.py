"""When an issue is rebuilt, by whom it cannot be, and what going on all the same means."""

from pathlib import Path

import pytest
from sqlalchemy import delete, select
from sqlmodel import col

from newsletter.database import Database
from newsletter.delivery.models import Delivery
from newsletter.delivery.rebuilding import rebuilt as reasons
from newsletter.delivery.rebuilding.rebuilt import NotRebuilt
from newsletter.delivery.transports.memory import MemoryTransport
from newsletter.delivery.transports.outbox import OutboxTransport
from newsletter.desk import Desk
from newsletter.issues import life, store
from newsletter.issues.models import IssueChange
from newsletter.issues.states import ForbiddenIssueChange, IssueEvent, IssueState
from tests.factories import MONDAY, add_subscribers, make_desk, store_comparisons

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def stopped(database: Database) -> None:
    """An issue for four readers, of whom nobody was served before its database was taken over."""
    desk = make_desk(database)
    with database.writing() as session:
        store_comparisons(session, 2)
        add_subscribers(session, 4)
    desk.build(desk.slots.next(), actor="test")
    desk.dispatch.start(1, actor="test")
    stop(desk, "adopted")


def stop(desk: Desk, reason: str, event: IssueEvent = IssueEvent.PAUSED) -> None:
    with desk.database.writing() as session:
        issue = store.locked(session, 1)
        life.change(session, issue, event, now=MONDAY, actor="adopt", reason=reason)


def history(desk: Desk) -> list[tuple[str, str | None]]:
    with desk.database.reading() as session:
        rows = select(col(IssueChange.event), col(IssueChange.reason)).order_by(col(IssueChange.id))
        return [(event, reason) for event, reason in session.execute(rows)]


def outbox(folder: Path) -> OutboxTransport:
    return OutboxTransport(folder, clock=lambda: MONDAY)


@pytest.mark.usefixtures("stopped")
def test_who_cannot_be_asked_lets_the_issue_go_on_by_a_persons_word_alone(database):
    desk = make_desk(database, MemoryTransport())

    with pytest.raises(NotRebuilt, match="keeps no record"):
        desk.resume(1, actor="editor")
    stays = desk.issue(1).state
    desk.resume(1, actor="editor", unseen=True)

    assert stays == IssueState.HELD
    assert history(desk)[-1] == ("resumed", reasons.UNSEEN)
    assert "second one" in reasons.UNSEEN


@pytest.mark.usefixtures("stopped")
def test_an_issue_is_rebuilt_once_and_whoever_holds_it_again_changes_nothing(database, tmp_path):
    desk = make_desk(database, outbox(tmp_path))
    stop(desk, "not today", IssueEvent.HELD)
    owed = desk.dispatch.rebuilder.is_owed(1)

    rebuilt = desk.rebuild(1, actor="editor")

    assert owed
    assert rebuilt.because is None
    assert not desk.dispatch.rebuilder.is_owed(1)
    make_desk(database, MemoryTransport()).resume(1, actor="editor")


@pytest.mark.usefixtures("stopped")
def test_a_folder_does_not_vouch_for_copies_that_were_handed_to_another(database, tmp_path):
    desk = make_desk(database, outbox(tmp_path / "one"))
    desk.resume(1, actor="editor")
    desk.dispatch.sender.send_some(1, 1)
    stop(desk, "adopted")

    rebuilt = make_desk(database, outbox(tmp_path / "two")).rebuild(1, actor="editor")

    assert rebuilt.because == reasons.ELSEWHERE
    assert desk.rebuild(1, actor="editor").because is None


@pytest.mark.usefixtures("stopped")
def test_an_issue_that_is_leaving_is_not_rebuilt_under_way(database, tmp_path):
    desk = make_desk(database, outbox(tmp_path))
    desk.resume(1, actor="editor")

    with pytest.raises(ForbiddenIssueChange, match="newsletter issue pause 1"):
        desk.rebuild(1, actor="editor")


@pytest.mark.usefixtures("stopped")
@pytest.mark.parametrize("rehearsing", [False, True])
def test_an_issue_that_is_over_and_whose_copies_are_no_longer_kept_is_not_rebuilt(
    database, tmp_path, rehearsing
):
    desk = make_desk(database, outbox(tmp_path))
    desk.resume(1, actor="editor")
    desk.dispatch.deliver()
    assert desk.rebuild(1, actor="editor", rehearsing=rehearsing).because is None
    with database.writing() as session:
        session.execute(delete(Delivery))

    with pytest.raises(ForbiddenIssueChange, match="no longer kept"):
        desk.rebuild(1, actor="editor", rehearsing=rehearsing)

    with database.reading() as session:
        assert session.execute(select(Delivery)).first() is None


def test_what_was_due_when_its_database_was_taken_over_is_rebuilt_when_somebody_sends_it(
    database, tmp_path
):
    desk = make_desk(database, outbox(tmp_path))
    with database.writing() as session:
        store_comparisons(session, 2)
        add_subscribers(session, 4)
    desk.build(desk.slots.next(), actor="test")
    stop(desk, "adopted", IssueEvent.HELD)
    desk.change(1, IssueEvent.RELEASED, actor="editor")

    desk.send(1, actor="editor")
    paused = desk.issue(1)
    desk.resume(1, actor="editor")
    desk.dispatch.deliver()

    assert (paused.state, paused.note) == (IssueState.HELD, "adopted")
    assert desk.issue(1).state == IssueState.SETTLED
