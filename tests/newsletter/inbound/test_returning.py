"""A letter that came back changes its copy and its reader, as if a provider had told of it."""

from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlmodel import col, select

from newsletter.delivery.letterhead import delivery_id
from newsletter.delivery.models import Delivery
from newsletter.feedback.models import ProviderEvent
from newsletter.notices.letters import LetterKind
from newsletter.notices.rows import write_to
from newsletter.service import Service
from newsletter.settings import load
from newsletter.web.app import create_app
from newsletter.wiring import build
from subscribers.states import State
from subscribers.unsubscribe import unsubscribe
from subscribers.withdrawing import withdraw_links
from tests.factories import MONDAY, add_subscribers, store_comparisons
from tests.newsletter.delivery.transports.smtp_servers import running_mailbox
from tests.newsletter.feedback.telling import ISSUE, Told, issue_to
from tests.newsletter.inbound.letters import HOST, MAILBOX
from tests.newsletter.inbound.returned import (
    AWAY,
    GMAIL,
    POSTFIX,
    QMAIL,
    READER,
    SYSTEMS,
    System,
    report,
    saying,
)
from tests.newsletter.votes.leaving import begin_to_leave
from tests.newsletter.web.test_webhooks import PASSWORD, basic
from tests.snapshot import changed, snapshot


class Returning(Told):
    """Somebody whose letters come back."""

    def token(self) -> str:
        return self.service.signer.returned.sign(
            self.reader.public_id, epoch=self.reader.token_epoch
        )

    def comes_back(self, system: System, *, issue: int = ISSUE, copy: str = "", **how: bool) -> int:
        """Let a system report about a copy, by default to the address of this very reader."""
        name = copy or delivery_id(issue, self.reader.public_id)
        return self.post(report(system, name, self.token(), **how))

    def post(self, mail: dict[str, Any]) -> int:
        known = {"webhook_password": SecretStr(PASSWORD)}
        opened = replace(self.service, settings=self.service.settings.model_copy(update=known))
        answer = TestClient(create_app(opened), headers=basic()).post(
            "/webhooks/postmark", json=mail
        )
        return answer.status_code

    def events(self) -> list[ProviderEvent]:
        with self.service.database.reading() as session:
            return list(session.exec(select(ProviderEvent).order_by(col(ProviderEvent.id))))


@pytest.fixture
def told(service: Service) -> Returning:
    issue_to(service, 2)
    return Returning(service)


@pytest.mark.parametrize("raw", [False, True], ids=["attachments", "raw"])
@pytest.mark.parametrize("name", SYSTEMS)
def test_a_letter_to_no_mailbox_bounces_whoever_reports_it(told, name, raw):
    assert told.comes_back(SYSTEMS[name], raw=raw) == 200

    assert (told.state(), told.copy.feedback, told.suppressed) == (
        State.BOUNCED,
        "bounced",
        "bounce",
    )
    assert Told(told.service, 2).state() is State.ACTIVE
    assert told.copy.reason is None  # no second letter was seen


@pytest.mark.parametrize(
    ("system", "feedback"),
    [
        (saying("5.2.2"), "soft_bounced"),
        (saying("4.4.7"), "soft_bounced"),
        (saying("5.7.1"), "rejected"),
        (saying("4.4.1", "delayed"), "deferred"),
        (saying("2.0.0", "delivered"), "delivered"),
        (saying("2.0.0", "relayed"), "delivered"),
    ],
)
def test_any_other_fate_is_written_down_and_takes_nobody_off_the_list(told, system, feedback):
    told.comes_back(system)

    assert (told.state(), told.copy.feedback) == (State.ACTIVE, feedback)


@pytest.mark.parametrize(
    "system",
    [
        pytest.param(
            replace(POSTFIX, fields=(POSTFIX.fields or "").replace(READER, "<Old@b.example>", 1)),
            id="in the part for programs",
        ),
        pytest.param(
            replace(QMAIL, headers=(("X-Failed-Recipients", "old@b.example"),)), id="in words only"
        ),
    ],
)
def test_a_mailbox_that_forwards_to_one_that_is_gone_is_not_gone_itself(told, system):
    told.comes_back(system)

    assert (told.state(), told.copy.feedback, told.suppressed) == (
        State.ACTIVE,
        "soft_bounced",
        None,
    )


def test_a_mail_that_holds_itself_again_and_again_is_no_report_and_not_asked_for_again(told):
    mail = report(POSTFIX, delivery_id(ISSUE, told.reader.public_id), told.token())
    nested = b64encode(b"Content-Type: message/rfc822\n\n" * 4_000).decode()
    mail["Attachments"] = [{"Name": "", "ContentType": "message/rfc822", "Content": nested}]

    assert told.post(mail) == 200
    assert told.events() == []


def test_three_copies_that_came_back_softly_over_two_weeks_close_a_mailbox(told):
    full, start = saying("5.2.2"), told.service.clock()
    for week in range(3):
        if week:
            with told.service.database.writing() as session:
                store_comparisons(session, week + 1)
            number = begin_to_leave(told.service)
            with told.service.database.writing() as session:
                session.add(
                    Delivery(
                        issue_number=number,
                        subscriber_id=told.reader.id or 0,
                        batch=1,
                        state="accepted",
                        provider_id=f"message-{number}",
                        settled_at=MONDAY,
                    )
                )
        assert told.state() is State.ACTIVE
        at = start + timedelta(weeks=week)
        Returning(told.service.as_of(lambda at=at: at)).comes_back(full, issue=week + 1)

    assert told.state() is State.BOUNCED


def test_the_same_report_is_one_event_and_so_is_another_that_says_the_same_of_the_copy(told):
    told.comes_back(POSTFIX)
    told.comes_back(POSTFIX)
    told.comes_back(GMAIL)

    [event] = told.events()
    assert (event.source, event.kind, event.reason) == ("dsn", "bounced", "hard-bounce")
    assert told.reader.email not in event.body


def test_a_copy_in_doubt_that_came_back_had_left(service):
    issue_to(service, 1, accepted=False)
    told = Returning(service)

    told.comes_back(saying("5.2.2"))

    assert (told.copy.state, told.copy.attempt_id) == ("accepted", None)
    name = delivery_id(ISSUE, told.reader.public_id)
    assert told.copy.provider_id == f"<{name}@localhost.localdomain>"


@pytest.mark.parametrize("copy", ["unknown-letter", "1-ffffffffffffffffff", "9-zz"])
def test_where_no_copy_of_this_reader_is_named_the_reader_alone_is_meant(told, copy):
    told.comes_back(POSTFIX, copy=copy)

    [event] = told.events()
    assert (event.subscriber_id, event.issue_number) == (told.reader.id, None)
    assert told.state() is State.BOUNCED
    assert told.copy.feedback is None


def test_nobody_can_speak_of_a_copy_of_somebody_else(told):
    other = Told(told.service, 2)

    told.comes_back(POSTFIX, copy=delivery_id(ISSUE, other.reader.public_id))

    assert (other.copy.feedback, other.state()) == (None, State.ACTIVE)


def test_what_comes_back_from_a_former_address_says_nothing_about_the_present_one(told):
    mail = report(POSTFIX, delivery_id(ISSUE, told.reader.public_id), told.token())
    with told.service.database.writing() as session:
        withdraw_links(session, told.reader.public_id)  # as a move to another address does
    before = snapshot(told.service.database)

    assert told.post(mail) == 200
    assert changed(before, snapshot(told.service.database)) == {}


@pytest.mark.parametrize(
    "system",
    [
        pytest.param(AWAY, id="away"),
        pytest.param(replace(AWAY, words="stop"), id="a wish to leave, which belongs elsewhere"),
        pytest.param(replace(QMAIL, words="No code.\n\nLETTER"), id="a report that says nothing"),
    ],
)
def test_anything_else_that_comes_to_the_address_changes_nothing(told, system):
    before = snapshot(told.service.database)

    assert told.comes_back(system) == 200
    assert changed(before, snapshot(told.service.database)) == {}


def test_the_address_of_a_letter_that_came_back_lets_nobody_leave_nor_the_other_way_round(told):
    reader = told.reader.public_id
    leaving = report(POSTFIX, delivery_id(ISSUE, reader), told.service.signer.by_mail.sign(reader))
    told.post(report(replace(AWAY, words="stop"), "x", told.token()))
    assert told.state() is State.ACTIVE

    told.post(leaving)

    assert told.state() is State.UNSUBSCRIBED
    assert told.events() == []


def test_every_letter_leaves_with_an_address_of_its_reader_in_the_envelope(service):
    with running_mailbox() as server:
        wired = _by_smtp(service, server.port)
        with service.database.writing() as session:
            store_comparisons(session, 1)
            readers = add_subscribers(session, 2)
            write_to(session, readers[1].public_id, LetterKind.GOODBYE, key="a test", now=MONDAY)
            unsubscribe(session, readers[1].public_id, now=MONDAY, source="a test")
        issue = wired.desk.build(wired.desk.slots.next(), actor="test").number
        wired.desk.send(issue, actor="test")
        wired.mailroom.tell("a test", "Something", ["happened."], [])
        wired.dispatch.sender.transport.close()
    back = {to: sender for ((to,), _), sender in zip(server.kept, server.senders, strict=True)}
    told = Returning(wired)

    assert back.pop("editor@example.org") == "digest@example.org"
    for number, address in enumerate(back.values(), start=1):
        assert address.startswith(f"{MAILBOX}+")
        assert address.endswith(f"@{HOST}")
        gone, token = saying("5.1.1"), address.split("+")[1].split("@")[0]
        told.post(report(gone, "unknown-letter", token))
        assert Told(wired, number).suppressed == "bounce"
    assert len(back) == len(set(back.values())) == 2


def _by_smtp(service: Service, port: int) -> Service:
    settings = load(
        data_dir=service.settings.data_dir,
        database_url=service.settings.database_url,
        base_url="https://news.verdicts.dev",
        sender="Weekly Verdict <digest@example.org>",
        check_links=False,
        postal_address="1 Test Street",
        editors="editor@example.org",
        transport="smtp",
        smtp_url=f"smtp://127.0.0.1:{port}",
        bounce_address=f"{MAILBOX}@{HOST}",
        webhook_password="only-good-for-tests",
    )
    return build(settings, clock=service.clock, database=service.database)
