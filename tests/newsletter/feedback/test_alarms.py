"""Editors hear of what is nobody's mailbox's fault, once a day; an issue that our DNS keeps out is paused."""

from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import col, select

from newsletter.database import Database
from newsletter.diagnosis import examine
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueEvent, IssueState
from newsletter.notices.letters import LetterKind
from newsletter.notices.rows import NoticeRow
from newsletter.service import Service
from newsletter.web.app import create_app
from subscribers.states import State
from tests.factories import MONDAY
from tests.newsletter.feedback.telling import ISSUE, Told, issue_to
from tests.newsletter.web.test_webhooks import basic, opened


def readers(service: Service, count: int) -> list[Told]:
    issue_to(service, count)
    return [Told(service, number) for number in range(1, count + 1)]


def hear(people: list[Told], name: str) -> None:
    for told in people:
        told.service.listener.hear(told.bounced(name, hours=-1))


def notices(service: Service) -> list[str]:
    with service.database.reading() as session:
        found = select(NoticeRow.subject).where(NoticeRow.kind == "notice")
        subjects = session.exec(found.order_by(col(NoticeRow.id)))
        return [subject.removeprefix("Weekly Verdict: ") for subject in subjects]


def issue_state(service: Service) -> str:
    with service.database.reading() as session:
        return session.get_one(Issue, ISSUE).state


@pytest.mark.parametrize(
    ("name", "count", "words"),
    [
        ("SpamNotification", 3, "filters take it for spam"),
        ("VirusNotification", 3, "filters take it for spam"),
        ("Blocked", 3, "servers refuse us as a sender"),
        ("Unconfirmed", 1, "the provider does not know our sender"),
        ("DMARCPolicy", 1, "our own DNS has it refused"),
    ],
)
def test_editors_are_told_once_a_day_and_nobody_is_taken_off_the_list(service, name, count, words):
    people = readers(service, count)
    hear(people, name)
    service.listen()
    service.listen()

    assert notices(service) == [f"Issue 1: {words}"]
    assert {told.state() for told in people} == {State.ACTIVE}
    assert [one.level for one in examine(service) if one.code.endswith("-alarm")] == ["wrong"]


def test_the_mood_of_a_single_server_is_no_alarm(service):
    hear(readers(service, 3)[:2], "Blocked")
    service.listen()

    assert notices(service) == []


def test_an_issue_that_our_dns_keeps_out_is_paused_and_may_be_resumed_once_it_is_mended(service):
    hear(readers(service, 1), "DMARCPolicy")
    service.listen()
    assert issue_state(service) == IssueState.HELD

    service.desk.resume(ISSUE, actor="test")
    service.listen()
    assert issue_state(service) == IssueState.SENDING


def test_an_issue_that_was_paused_already_is_paused_for_that_when_it_goes_on(service):
    people = readers(service, 1)
    service.desk.change(ISSUE, IssueEvent.PAUSED, actor="test")
    hear(people, "DMARCPolicy")
    service.listen()
    service.desk.resume(ISSUE, actor="test")

    with service.database.writing() as session:  # ten minutes go by
        delete = "DELETE FROM provider_syncs WHERE name NOT LIKE 'dmarc%%'"
        session.connection().exec_driver_sql(delete)
    service.listen()

    assert issue_state(service) == IssueState.HELD


def confirmations(service: Service, count: int) -> list[Told]:
    """Give people who were asked for a yes, each by a letter that was accepted."""
    issue_to(service, count)
    people = [Told(service, number) for number in range(1, count + 1)]
    with service.database.writing() as session:
        session.add_all(
            NoticeRow(
                key="asked",
                recipient=told.reader.public_id,
                public_id=f"letter{told.reader.id}",
                kind=LetterKind.CONFIRM.value,
                subject="",
                text="",
                state="accepted",
                created_at=MONDAY,
                settled_at=MONDAY,
            )
            for told in people
        )
    return people


@pytest.mark.parametrize(("name", "enough"), [("HardBounce", 5), ("SpamComplaint", 2)])
def test_confirmation_letters_that_come_back_are_an_alarm(service, name, enough):
    people = confirmations(service, 8)
    bounced = [
        told.bounced(name, -1, Metadata={"delivery-id": f"confirm.letter{told.reader.id}"})
        for told in people
    ]
    for event in bounced[: enough - 1]:
        service.listener.hear(event)
    service.listen()
    assert notices(service) == []

    service.listener.hear(bounced[enough - 1])
    with service.database.writing() as session:
        session.connection().exec_driver_sql("DELETE FROM provider_syncs")  # ten minutes go by
    service.listen()
    assert notices(service) == ["Confirmation letters come back"]
    assert "form-alarm" in {one.code for one in examine(service)}


def test_a_fault_of_ours_is_503_and_a_fault_in_folding_is_not(service, tmp_path):
    told = readers(service, 1)[0]
    broken = Database(f"sqlite:///{tmp_path}/no/such/folder/file")
    client = TestClient(create_app(replace(opened(service), database=broken)), headers=basic())
    assert client.post("/webhooks/postmark", json=told.bounced()).status_code == 503

    with service.database.writing() as session:
        session.connection().exec_driver_sql("ALTER TABLE suppressions RENAME TO elsewhere")
    try:
        client = TestClient(create_app(opened(service)), headers=basic())
        assert client.post("/webhooks/postmark", json=told.bounced()).status_code == 200
    finally:
        with service.database.writing() as session:
            session.connection().exec_driver_sql("ALTER TABLE elsewhere RENAME TO suppressions")
    assert told.state() is State.ACTIVE

    service.listen()
    assert told.state() is State.BOUNCED


def test_editors_are_told_once_of_copies_that_were_never_heard_of_again(service):
    people = readers(service, 3)
    people[0].service.listener.hear(people[0].delivered())
    service.listen()
    assert notices(service) == []

    for days in (1, 2, 3):
        later = MONDAY + timedelta(days=days, hours=1)
        service.as_of(lambda later=later: later).listen()

    assert notices(service) == ["Issue 1: 2 copies never heard of again"]


def test_where_the_provider_tells_of_no_arrival_nothing_is_missed(service):
    readers(service, 3)

    service.as_of(lambda: MONDAY + timedelta(days=2)).listen()

    assert notices(service) == []
