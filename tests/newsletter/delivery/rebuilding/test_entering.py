"""What a provider remembers is written into the books, in SQL that both databases take."""

import pytest
from sqlalchemy import select
from sqlmodel import col

from newsletter.database import Database
from newsletter.delivery.letterhead import delivery_id, reader_of
from newsletter.delivery.models import Delivery, DeliveryState
from newsletter.delivery.rebuilding.entering import Part, compare, enter
from newsletter.delivery.rebuilding.rebuilt import Tally
from newsletter.delivery.transport import Shown
from newsletter.issues import store
from subscribers.models import Subscriber, new_public_id
from tests.factories import MONDAY, add_subscribers, make_desk, store_comparisons

WHOLE = Part(1, None)


@pytest.fixture
def readers(database: Database) -> list[str]:
    """Four readers in the audience of issue 1, and one who joined later."""
    desk = make_desk(database)
    with database.writing() as session:
        store_comparisons(session, 2)
        add_subscribers(session, 4)
    desk.build(desk.slots.next(), actor="test")
    desk.dispatch.start(1, actor="test")
    with database.writing() as session:
        return [one.public_id for one in add_subscribers(session, 5)]


def shown(public_id: str, message_id: str) -> Shown:
    return delivery_id(1, public_id), message_id


def entered(database: Database, *copies: Shown, part: Part = WHOLE) -> Tally:
    with database.writing() as session:
        return enter(session, part, copies, now=MONDAY, timer=MONDAY)


def rows(database: Database) -> dict[str, Delivery]:
    found = select(Subscriber, Delivery).join(
        Delivery, col(Delivery.subscriber_id) == col(Subscriber.id)
    )
    with database.reading() as session:
        return {reader.public_id: copy for reader, copy in session.execute(found)}


def test_a_copy_is_accepted_and_who_joined_later_is_in_the_audience(database, readers):
    copies = [shown(readers[0], "m0"), shown(readers[4], "m4"), shown(new_public_id(), "m9")]

    with database.reading() as session:
        rehearsed = compare(session, WHOLE, copies)
    first, again = entered(database, *copies), entered(database, *copies)

    books = rows(database)
    assert first == rehearsed == Tally(known=3, new=2, joined=1, unknown=1)
    assert again == Tally(known=3, new=0, joined=0, unknown=1)
    assert {name: books[readers[place]].provider_id for name, place in (("m0", 0), ("m4", 4))} == {
        "m0": "m0",
        "m4": "m4",
    }
    assert books[readers[4]].state == DeliveryState.ACCEPTED
    with database.reading() as session:
        assert store.get(session, 1).audience == len(books) == 5


def test_two_messages_to_one_reader_are_a_second_letter_in_whatever_answers_they_come(
    database, readers
):
    entered(database, shown(readers[4], "m1"))

    later = entered(database, shown(readers[4], "m2"))
    together = entered(database, shown(readers[0], "m3"), shown(readers[0], "m4"))

    assert (later.doubled, together.doubled) == (1, 1)
    assert rows(database)[readers[4]].reason == "sent-twice"


def test_an_edition_that_these_books_do_not_have_is_not_named_in_them(database, readers):
    entered(database, shown(readers[4], "m1"), part=Part(1, 7))

    assert rows(database)[readers[4]].edition is None


@pytest.mark.parametrize("name", ["", "1", "1-", "1-xyz", "fence-pm1-ab", "12-00", "notice.a"])
def test_what_names_no_copy_of_the_issue_names_nobody(name):
    assert not reader_of(1, name)
