"""What is old is told, also where a clock that was ahead wrote down when it was done."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from newsletter.database import Database
from newsletter.feedback import health, turns
from newsletter.feedback.health import COMPARED_WITHIN, FOLDED_WITHIN, Health
from newsletter.feedback.models import ProviderEvent
from newsletter.feedback.syncing import EVERY, TURN
from tests.factories import MONDAY
from tests.newsletter.feedback.telling import Told, issue_to

SECOND = timedelta(seconds=1)


def examine(database: Database, now: datetime = MONDAY) -> Health:
    with database.reading() as session:
        return health.examine(session, now=now)


@pytest.mark.parametrize(
    ("came", "compared"),
    [
        pytest.param(-COMPARED_WITHIN - SECOND, False, id="long ago"),
        pytest.param(-COMPARED_WITHIN, True, id="a day ago"),
        pytest.param(EVERY, True, id="by a clock that is a little ahead"),
        pytest.param(EVERY + SECOND, False, id="later than the next comparison can be"),
        pytest.param(timedelta(days=9), False, id="by a clock that was days ahead"),
    ],
)
def test_lists_were_compared_lately_only_where_the_instant_can_be_right(database, came, compared):
    with database.writing() as session:
        turns.note(session, TURN, (MONDAY + came).isoformat(), now=MONDAY + came)

    assert examine(database).compared is compared


@pytest.mark.parametrize(
    ("came", "waits"),
    [
        pytest.param(-FOLDED_WITHIN - SECOND, 1, id="long enough"),
        pytest.param(-FOLDED_WITHIN, 0, id="just now"),
        pytest.param(FOLDED_WITHIN, 0, id="just now, by a clock that is a little ahead"),
        pytest.param(timedelta(days=9), 1, id="nobody knows how long"),
    ],
)
def test_an_event_that_cannot_be_folded_is_told_whatever_the_clock_that_stored_it(
    service, came, waits
):
    issue_to(service, 1)
    service.listener.hear(Told(service).delivered())
    with service.database.writing() as session:
        session.execute(update(ProviderEvent).values(folded_at=None, received_at=MONDAY + came))

    assert examine(service.database).unfolded == waits
