"""The audience is a partition: whoever may receive an issue has one row in it, and nobody else has."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event
from sqlmodel import Session, select

from newsletter.delivery import audience
from newsletter.delivery.audience import EmptyAudience
from newsletter.delivery.joining import may_join
from newsletter.delivery.models import Batch, Delivery
from newsletter.issues.models import Issue
from schedules.waves import Waves
from subscribers.models import Subscriber
from subscribers.pausing import pause
from subscribers.queries import receivable
from subscribers.unsubscribe import unsubscribe
from subscribers.wishes import Wishes, choose
from tests.factories import MONDAY, SEEN
from tests.newsletter.delivery.mondays import add_reader
from tests.schedules.windows import monday_at_nine

DAY = timedelta(days=1)
WAVES = Waves(monday_at_nine(), MONDAY.date())
ZONES = (None, "Asia/Tokyo", "Asia/Kathmandu", "Europe/Berlin", "America/New_York", "Mars/Phobos")
WISHES = {
    "plain": None,
    "monthly": Wishes("monthly"),
    "followed": Wishes("followed", follows=frozenset({"nothing-here"})),
    "topics": Wishes(topics=frozenset({"Nothing Here"})),
}


@dataclass(frozen=True)
class Somebody:
    zone: str | None
    wishes: str
    fate: str


PEOPLE = st.builds(
    Somebody,
    zone=st.sampled_from(ZONES),
    wishes=st.sampled_from(sorted(WISHES)),
    fate=st.sampled_from(["stays", "stays", "stays", "leaves", "pauses", "is back"]),
)


def enter(session: Session, number: int, person: Somebody) -> None:
    reader = add_reader(session, f"reader{number}", person.zone, now=SEEN)
    if wishes := WISHES[person.wishes]:
        choose(session, reader.public_id, wishes, now=SEEN, source="test")
    if person.fate == "leaves":
        unsubscribe(session, reader.public_id, now=SEEN, source="test")
    elif person.fate != "stays":
        until = MONDAY - DAY if person.fate == "is back" else MONDAY + DAY
        pause(session, reader.public_id, until=until, now=SEEN)


def open_issue(session: Session) -> Issue:
    issue = Issue(
        number=1,
        schedule="weekly",
        local_date=MONDAY.date(),
        state="sending",
        nonce="n",
        created_at=SEEN,
        sending_at=MONDAY - DAY,
    )
    session.add(issue)
    session.flush()
    return issue


def join(session: Session, now: datetime) -> int:
    return audience.join(session, 1, batch_size=2, now=now, window=WAVES.window)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PEOPLE, max_size=25), st.integers(1, 4), st.booleans())
def test_everybody_who_may_receive_it_has_one_row_and_every_batch_one_wave(
    database, people, size, in_waves
):
    with Session(database.writer) as session:  # rolled back at the end of each example
        for number, person in enumerate(people):
            enter(session, number, person)
        issue = open_issue(session)
        now, waves = MONDAY - DAY, WAVES if in_waves else None
        try:
            count = audience.freeze(session, 1, batch_size=size, now=now, waves=waves)
        except EmptyAudience:
            assert all(person.wishes != "plain" or person.fate != "stays" for person in people)
            return
        rows = session.exec(select(Delivery)).all()
        batches = session.exec(select(Batch)).all()

        may = session.exec(select(Subscriber.id).where(receivable(now))).all()
        assert sorted(row.subscriber_id for row in rows) == sorted(filter(None, may))
        assert count == issue.audience == len(rows)
        sizes = Counter(row.batch for row in rows if row.state == "queued")
        assert sizes == {batch.number: batch.size for batch in batches}
        assert max(sizes.values()) <= size
        zones = dict(session.exec(select(Subscriber.id, Subscriber.timezone)).all())
        for row in rows:
            if row.state == "skipped":
                assert (row.batch, row.reason is None) == (0, False)
                continue
            batch = session.get_one(Batch, (1, row.batch))
            assert batch.edition == row.edition
            expected = WAVES.at(zones[row.subscriber_id]) if in_waves else None
            assert batch.wave_at == expected
        assert issue.joins_until == (
            max(filter(None, (batch.wave_at for batch in batches))) if in_waves else None
        )


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PEOPLE, max_size=12), st.lists(st.sampled_from(ZONES), min_size=1, max_size=6))
def test_freezing_and_joining_again_gives_nobody_a_second_row(database, people, zones):
    with Session(database.writer) as session:
        add_reader(session, "always")
        for number, person in enumerate(people):
            enter(session, number, person)
        issue = open_issue(session)
        audience.freeze(session, 1, batch_size=2, now=MONDAY - DAY, waves=WAVES)
        came = WAVES.own - timedelta(hours=1)
        for number, zone in enumerate(zones):
            add_reader(session, f"new{number}", zone, now=came)

        joined = [join(session, came) for _ in range(2)]
        audience.freeze(session, 1, batch_size=2, now=came, waves=WAVES)

        in_time = sum(WAVES.at(zone) >= came for zone in zones)
        assert joined == [in_time, 0]
        numbers = session.exec(select(Delivery.subscriber_id)).all()
        assert len(numbers) == len(set(numbers)) == issue.audience


def test_an_issue_that_would_reach_nobody_does_not_begin(database):
    with Session(database.writer) as session:
        enter(session, 1, Somebody(None, "monthly", "stays"))
        open_issue(session)

        with pytest.raises(EmptyAudience):
            audience.freeze(session, 1, batch_size=2, now=MONDAY)


def test_whoever_comes_in_the_moment_of_the_freeze_is_taken_in_afterwards(database):
    with Session(database.writer) as session:
        add_reader(session, "tokyo", "Asia/Tokyo")
        add_reader(session, "always")
        issue = open_issue(session)
        issue.sending_at = opening = WAVES.at("Asia/Tokyo")
        audience.freeze(session, 1, batch_size=2, now=opening, waves=WAVES)
        add_reader(session, "overlooked", now=opening - timedelta(seconds=1))

        assert may_join(session, issue, WAVES.window, opening)
        assert join(session, opening) == 1
        assert not may_join(session, issue, WAVES.window, opening)


def test_who_drops_their_wishes_in_the_moment_of_the_freeze_is_in_the_books(database):
    """The plain readers were read before, and the tailored ones afterwards: in another snapshot."""
    with Session(database.writer) as session:
        for name in ("one", "two", "three"):
            add_reader(session, name)
        reader = add_reader(session, "tailored")
        choose(session, reader.public_id, Wishes("monthly"), now=SEEN, source="test")
        open_issue(session)
        session.commit()
        person = reader.public_id
    dropped: list[bool] = []

    def drop(_conn, _cursor, statement, *_):
        if "subscribers.follows" in statement and not (dropped or database.is_sqlite):
            dropped.append(True)
            with database.writing() as other:
                choose(other, person, Wishes(), now=SEEN, source="test")

    event.listen(database.engine, "before_cursor_execute", drop)
    try:
        with database.writing() as session:
            audience.freeze(session, 1, batch_size=2, now=MONDAY)
    finally:
        event.remove(database.engine, "before_cursor_execute", drop)

    with database.reading() as session:
        assert session.get_one(Issue, 1).audience == 4
        assert len(session.exec(select(Delivery)).all()) == 4
    assert dropped or database.is_sqlite  # where all writers take turns


def test_nobody_joins_an_issue_that_was_sent_by_hand_or_is_not_sending(database):
    with Session(database.writer) as session:
        add_reader(session, "always")
        issue = open_issue(session)
        audience.freeze(session, 1, batch_size=2, now=MONDAY - DAY)
        add_reader(session, "new", now=MONDAY - timedelta(hours=2))

        assert join(session, MONDAY) == 0
        issue.joins_until, issue.state = WAVES.own, "held"
        session.flush()
        assert join(session, MONDAY) == 0
        issue.state = "sending"
        session.flush()
        assert join(session, MONDAY) == 1


def test_the_zones_of_those_who_may_receive_it_are_read_as_they_are_stored(database):
    with Session(database.writer) as session:
        enter(session, 1, Somebody("Asia/Tokyo", "monthly", "stays"))
        enter(session, 2, Somebody("Mars/Phobos", "plain", "stays"))
        enter(session, 3, Somebody("America/New_York", "plain", "leaves"))

        assert audience.zones(session, MONDAY) == {"Asia/Tokyo", "Mars/Phobos"}
