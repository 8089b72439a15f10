"""When the page says that the next letter comes, and when it then does."""

from datetime import UTC, datetime, timedelta

import pytest

from newsletter.content.catalogue.store import save
from newsletter.delivery.models import Batch, Delivery
from newsletter.issues import store
from newsletter.service import Service
from newsletter.web.coming import coming
from subscribers.models import Subscriber
from subscribers.states import State
from tests.factories import MONDAY, SEEN, make_comparison, refitted
from tests.newsletter.votes.leaving import begin_to_leave

HOUR = timedelta(hours=1)


def day_hour(instant: datetime) -> str:
    return instant.strftime("%a %d %b %H:%M")


def told(
    service: Service, reader: Subscriber, now: datetime = MONDAY, **values: object
) -> str | None:
    for name, value in values.items():
        setattr(reader, name, value)
    found = coming(service.as_of(lambda: now).desk, reader, now)
    return day_hour(found.next) if found.next else None


def begun(service: Service, *, joins_until: datetime | None = None) -> int:
    """Let the issue of 30 November begin to leave."""
    with service.database.writing() as session:
        save(session, make_comparison(), now=SEEN)
    number = begin_to_leave(service)
    with service.database.writing() as session:
        store.get(session, number).joins_until = joins_until
    return number


@pytest.mark.parametrize(
    ("zone", "at"),
    [
        (None, "Mon 30 Nov 09:00"),
        ("Pacific/Auckland", "Mon 30 Nov 09:00"),
        ("America/Los_Angeles", "Mon 30 Nov 09:00"),
        ("Renamed/Since", "Mon 30 Nov 09:00"),
    ],
)
def test_it_comes_on_monday_at_nine_where_the_reader_is(service, reader, zone, at):
    assert told(service, reader, timezone=zone) == at


def test_the_instant_is_that_of_nine_where_the_reader_is(service, reader):
    reader.timezone = "Asia/Kathmandu"

    found = coming(service.desk, reader, MONDAY).next

    assert found == datetime(2026, 11, 30, 3, 15, tzinfo=UTC)


def test_nine_stays_nine_when_clocks_change_before(service, reader):
    saturday = datetime(2027, 3, 27, 12, tzinfo=UTC)

    assert told(service, reader, saturday, timezone="Europe/Berlin") == "Mon 29 Mar 09:00"


def test_a_monday_that_has_begun_to_leave_is_not_promised_again(service, reader):
    begun(service)

    assert told(service, reader) == "Mon 07 Dec 09:00"


def test_who_comes_in_time_is_promised_the_issue_that_is_leaving_around_the_world(service, reader):
    sunday = datetime(2026, 11, 29, 21, tzinfo=UTC)
    begun(service, joins_until=datetime(2026, 11, 30, 17, tzinfo=UTC))

    assert told(service, reader, sunday) == "Mon 30 Nov 09:00"
    assert told(service, reader, sunday, timezone="America/Lima") == "Mon 30 Nov 09:00"
    assert told(service, reader, sunday, timezone="Pacific/Auckland") == "Mon 07 Dec 09:00"
    assert told(service, reader, sunday + 13 * HOUR, timezone=None) == "Mon 07 Dec 09:00"


@pytest.mark.parametrize(
    ("state", "reason", "expected"),
    [
        ("queued", None, "Mon 30 Nov 17:00"),
        ("accepted", None, "Mon 07 Dec 09:00"),
        ("skipped", "no-chosen-topic", "Mon 07 Dec 09:00"),
    ],
)
def test_a_copy_that_waits_for_its_hour_is_the_next_letter(
    service, reader, state, reason, expected
):
    number = begun(service, joins_until=datetime(2026, 11, 30, 17, tzinfo=UTC))
    with service.database.writing() as session:
        wave_at = datetime(2026, 11, 30, 17, tzinfo=UTC)
        session.add(Batch(issue_number=number, number=1, size=1, wave_at=wave_at))
        session.add(
            Delivery(
                issue_number=number, subscriber_id=reader.id, batch=1, state=state, reason=reason
            )
        )

    assert told(service, reader, datetime(2026, 11, 30, 10, tzinfo=UTC)) == expected


def test_a_monthly_letter_comes_with_the_first_issue_of_a_month(service, reader):
    assert told(service, reader, cadence="monthly") == "Mon 30 Nov 09:00"

    begun(service)

    assert told(service, reader, cadence="monthly") == "Mon 07 Dec 09:00"


def test_a_first_monday_without_an_issue_leaves_the_monthly_letter_to_the_second(service, reader):
    tuesday = datetime(2026, 12, 8, 9, tzinfo=UTC)

    assert told(service, reader, tuesday, cadence="monthly") == "Mon 14 Dec 09:00"


def test_a_break_over_the_first_monday_of_a_month_waits_for_the_next_month(service, reader):
    begun(service)
    until = datetime(2026, 12, 10, tzinfo=UTC)

    next_letter = told(service, reader, cadence="monthly", state=State.PAUSED, paused_until=until)

    assert next_letter == "Mon 04 Jan 09:00"
    assert told(service, reader, cadence="weekly") == "Mon 14 Dec 09:00"


def test_after_a_break_of_a_year_there_is_a_letter_too(service, reader):
    until = MONDAY + timedelta(days=366)

    found = told(service, reader, state=State.PAUSED, paused_until=until, cadence="monthly")

    assert found == "Mon 06 Dec 09:00"


def test_a_break_that_ends_on_the_morning_of_a_monday_ends_with_its_letter(service, reader):
    lima = datetime(2026, 12, 7, 5, tzinfo=UTC)

    found = told(service, reader, timezone="America/Lima", state=State.PAUSED, paused_until=lima)

    assert found == "Mon 07 Dec 09:00"


def test_of_a_break_without_an_end_no_letter_is_promised(service, reader):
    assert told(service, reader, state=State.PAUSED) is None


def test_where_everybody_gets_it_at_once_the_hour_is_told_on_the_readers_clock(service, reader):
    reader.timezone = "Pacific/Auckland"
    desk = refitted(service.desk, local_time=False)

    found = coming(desk, reader, MONDAY)

    assert day_hour(found.weekly) == "Mon 30 Nov 22:00"
    assert found.next == service.desk.slots.next().instant


def test_who_had_the_issue_and_moves_west_is_not_promised_it_again(service, reader):
    number = begun(service, joins_until=datetime(2026, 11, 30, 17, tzinfo=UTC))
    sunday = datetime(2026, 11, 29, 21, tzinfo=UTC)
    with service.database.writing() as session:
        session.add(
            Delivery(issue_number=number, subscriber_id=reader.id, batch=1, state="accepted")
        )

    assert told(service, reader, sunday, timezone="America/Lima") == "Mon 07 Dec 09:00"
