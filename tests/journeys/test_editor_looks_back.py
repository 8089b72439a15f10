"""Half a year of readers and an issue that has left, looked back on in a real browser."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, update
from sqlmodel import Session, col, select

from newsletter.clicks.models import LinkClicks
from newsletter.delivery.models import Batch, Delivery
from newsletter.issues import frozen
from newsletter.issues.models import Issue
from newsletter.leaving import leave
from newsletter.votes.models import Vote
from subscribers.models import StateChange, Subscriber
from subscribers.unsubscribe import By
from tests.factories import add_many_subscribers, store_comparisons
from tests.journeys.test_editor_sees_monday import MONDAY, SCREENS, browsing, on_sqlite
from tests.journeys.world import world

READERS = 420
ISSUES = 20


@pytest.fixture
def here(database, tmp_path):
    with world(database, tmp_path, base_url="http://localhost") as made:
        made.now = MONDAY
        with database.writing() as session:
            store_comparisons(session, 5, now=MONDAY - timedelta(days=2))
            add_many_subscribers(session, READERS)
        made.service.desk.send(
            made.service.desk.build(made.service.desk.slots.next(), actor="test").number,
            actor="test",
        )
        made.now = MONDAY + timedelta(days=3)
        with database.writing() as session:
            _half_a_year(session)
            _what_became_of_it(session)
        yield made


def _half_a_year(session: Session) -> None:
    """Let readers have come over half a year, a few of them twice, and issues have left to them."""
    people = session.exec(select(Subscriber.id)).all()
    session.execute(update(StateChange).values(from_state="active"))
    came: dict[str, object] = {
        "from_state": "pending",
        "to_state": "active",
        "event": "confirmed",
        "actor": "reader",
    }
    went: dict[str, object] = {
        "from_state": "active",
        "to_state": "unsubscribed",
        "event": "unsubscribed",
    }
    gone: dict[str, object] = {
        "from_state": "active",
        "to_state": "bounced",
        "event": "hard_bounced",
    }
    steps = []
    for place, who in enumerate(people):
        week = (place * place) % 26
        at = MONDAY - timedelta(weeks=week) + timedelta(hours=place % 90)
        steps.append(came | {"subscriber_id": who, "at": min(at, MONDAY + timedelta(days=2))})
        if place % 7 == 3 and week > 1:
            away = went if place % 3 else gone
            steps.append(
                away | {"actor": "reader", "subscriber_id": who, "at": at + timedelta(days=1)}
            )
            steps.append(came | {"subscriber_id": who, "at": at + timedelta(days=8)})
    session.execute(insert(StateChange), steps)
    for number in range(2, ISSUES + 2):
        at = MONDAY - timedelta(weeks=number - 1)
        session.add(
            Issue(
                number=number, schedule="weekly", nonce="n", created_at=at, state="settled",
                local_date=at.date(), sending_at=at, audience=380 - 9 * number,
            )
        )  # fmt: skip
        session.flush()
        session.add(
            Batch(issue_number=number, number=1, state="done", size=400, accepted=378 - 9 * number)
        )
        copy: dict[str, object] = {
            "issue_number": number,
            "batch": 1,
            "state": "accepted",
            "feedback": "bounced",
        }
        bounced = [copy | {"subscriber_id": who} for who in people[: number * 7 % 5]]
        if bounced:
            session.execute(insert(Delivery), bounced)


def _votes(session: Session) -> None:
    [first, second, *_] = frozen.view(session.get_one(Issue, 1)).match_ups
    vote = {"issue_number": 1, "cast_at": MONDAY, "changed_at": MONDAY}
    cast = [(first, "a")] * 31 + [(first, "b")] * 12 + [(second, "b")] * 4 + [(second, "neither")]
    rows = [vote | {"comparison_id": row.entry_id, "choice": choice} for row, choice in cast]
    session.execute(insert(Vote), rows)


def _what_became_of_it(session: Session) -> None:
    people = session.exec(select(Subscriber).limit(40)).all()
    feedback = [
        ("bounced", "hard-bounce"),
        ("soft_bounced", "soft-bounce"),
        ("rejected", "blocked"),
    ]
    for place, person in enumerate(people[:12]):
        what, why = feedback[place % 3]
        session.execute(
            update(Delivery)
            .where(col(Delivery.subscriber_id) == person.id, col(Delivery.issue_number) == 1)
            .values(feedback=what, feedback_reason=why)
        )
    for place, person in enumerate(people[12:21]):
        source, by = [("page", By(issue=1)), ("one-click", By(issue=1)), ("mailto", By("m"))][
            place % 3
        ]
        leave(session, person.public_id, now=MONDAY + timedelta(days=1), source=source, by=by)
    _votes(session)
    issue = session.get_one(Issue, 1)
    issue.tracks_clicks = True
    session.add(issue)
    for place, row in enumerate(frozen.view(issue).match_ups, start=1):
        for verdict, copies in (("human", 90 // place), ("unknown", 12), ("machine", 140)):
            session.add(LinkClicks(issue_number=1, link=row.url, verdict=verdict, copies=copies))


@on_sqlite
@pytest.mark.parametrize(("width", "scheme", "script"), SCREENS)
def test_what_became_of_an_issue_and_of_the_list(here, width, scheme, script):
    with browsing(here, width, scheme, script=script) as editor:
        editor.signs_in(here)
        editor.goto("/editor/issues/1")
        editor.opened.get_by_role("link", name="What became of it").click()
        editor.sees("What became of issue 1")
        editor.at("report")
        editor.opened.get_by_role("link", name="Growth").click()
        editor.sees("Coming and going")
        editor.at("growth")  # which waits for the rest of the page
        assert editor.opened.get_by_role("img").count() == 3
        editor.opened.get_by_text("The weeks as a table").click()
        editor.opened.get_by_text("The issues as a table").click()
        editor.opened.get_by_role("columnheader", name="Joined").wait_for()
        editor.at("growth-tables")

    assert editor.wrong == {}
