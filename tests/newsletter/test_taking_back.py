"""The last import is taken back while issues begin to leave: nobody is deleted who gets a copy."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from newsletter.database import Database
from newsletter.delivery import staying
from newsletter.delivery.letterhead import delivery_id
from newsletter.delivery.models import Delivery
from newsletter.delivery.rebuilding.entering import Part, enter
from newsletter.desk import Desk
from newsletter.issues import store
from newsletter.taking_back import undo_import
from schedules.waves import Waves
from subscribers import expiring, signup
from subscribers.address import Address
from subscribers.consent import Consent, ConsentEvent
from subscribers.csv_reading import open_table
from subscribers.import_chunk import ImportTerms
from subscribers.importing import import_table
from subscribers.models import Subscriber
from subscribers.states import State
from subscribers.undoing import Undone
from tests.factories import MONDAY, PEPPER, SEEN, make_desk, refitted
from tests.newsletter.delivery.at_once import beside
from tests.newsletter.delivery.reconciling.desks import written_issue

HOUR = timedelta(hours=1)


@pytest.fixture
def desk(database: Database) -> Desk:
    """Issue 1 is written, and nobody has it yet; reader1 has long been on the list."""
    desk = make_desk(database)
    written_issue(desk, 1)
    return desk


def bring(database: Database, *names: str) -> None:
    content = "\n".join(["email", *(f"{name}@reader.example" for name in names)])
    terms = ImportTerms("agreed on the old site", PEPPER, MONDAY)
    with database.writing() as session:
        list(import_table(session, open_table(io.BytesIO(content.encode())), terms))


def take_back(database: Database) -> Undone:
    with database.writing() as session:
        return undo_import(session, now=MONDAY + HOUR)


def copies(database: Database) -> dict[str | None, int]:
    """Count the copies by whose they are."""
    whose = select(col(Subscriber.email), col(Delivery.batch)).select_from(Delivery)
    whose = whose.outerjoin(Subscriber, col(Subscriber.id) == col(Delivery.subscriber_id))
    with database.reading() as session:
        return dict(session.execute(whose).all())


def test_who_is_in_an_audience_that_is_being_frozen_stays(desk: Desk, database: Database) -> None:
    bring(database, "new")
    with beside(database, lambda: take_back(database)) as begin:
        undoing = []
        desk.dispatch.start(1, actor="test", beside=lambda _session: undoing.append(begin()))

    assert undoing[0].result() == Undone(kept=1)
    assert set(copies(database)) == {"reader1@example.org", "new@reader.example"}


def test_who_joins_an_issue_at_that_moment_stays(desk: Desk, database: Database) -> None:
    desk.dispatch.start(1, actor="test")
    with database.writing() as session:
        issue = store.locked(session, 1)
        issue.joins_until = Waves(desk.window, issue.local_date).own + HOUR
    bring(database, "new")
    with beside(database, lambda: take_back(database)) as begin:
        undoing = []
        joining = refitted(desk, nudge=lambda *_freed: undoing.append(begin()))
        joining.dispatch.deliver()

    assert undoing[0].result() == Undone(kept=1)
    assert set(copies(database)) == {"reader1@example.org", "new@reader.example"}


def test_who_is_entered_in_the_books_at_that_moment_stays(desk: Desk, database: Database) -> None:
    desk.dispatch.start(1, actor="test")
    bring(database, "new")
    with database.reading() as session:
        new = select(col(Subscriber.public_id)).where(col(Subscriber.email).like("new%"))
        shown = [(delivery_id(1, session.execute(new).scalar_one()), "m1")]
    with beside(database, lambda: take_back(database)) as begin, database.writing() as session:
        enter(session, Part(1, None), shown, now=MONDAY, timer=MONDAY)
        undoing = begin()

    assert undoing.result() == Undone(kept=1)
    assert set(copies(database)) == {"reader1@example.org", "new@reader.example"}


def test_who_is_being_deleted_is_in_no_audience_of_that_moment(
    desk: Desk, database: Database
) -> None:
    bring(database, "new")
    with beside(database, lambda: desk.dispatch.start(1, actor="test")) as begin:
        starting = []
        with database.writing() as session:
            done = undo_import(
                session, now=MONDAY + HOUR, progress=lambda _people: starting.append(begin())
            )
        starting[0].result()

    assert done == Undone(removed=1)
    assert set(copies(database)) == {"reader1@example.org"}


def test_who_had_not_said_yes_before_an_import_and_got_an_issue_by_it_stays(
    desk: Desk, database: Database
) -> None:
    asked = Consent(
        event=ConsentEvent.REQUESTED, source="/", at=SEEN, wording="Yes.", wording_version="1"
    )
    with database.writing() as session:
        for name in ("got", "had"):
            address = Address.parse(f"{name}@reader.example")
            signup.request(session, address, consent=asked, pepper=PEPPER)
    bring(database, "got")
    desk.dispatch.start(1, actor="test")

    done = take_back(database)

    with database.writing() as session:
        expiring.forget_unconfirmed(session, asked_before=MONDAY, unless=staying.has_a_copy())
        left = select(col(Subscriber.email), col(Subscriber.state))
        states = dict(session.execute(left).all())
    assert done == Undone(kept=1)
    assert states == {
        "reader1@example.org": State.ACTIVE,
        "got@reader.example": State.ACTIVE,
    }
    assert set(copies(database)) == states.keys()
