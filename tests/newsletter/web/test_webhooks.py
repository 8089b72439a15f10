"""Postmark brings mail and events; strangers bring nothing; what leaves is gone once, and told once."""

import json
from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlmodel import select

from newsletter.database import Database
from newsletter.feedback.models import ProviderEvent
from newsletter.notices.letters import LetterKind
from newsletter.notices.rows import NoticeRow
from newsletter.service import Service
from newsletter.web.app import create_app
from subscribers import queries
from subscribers.keys import KeyRing
from subscribers.mail_tokens import MailSigner
from subscribers.models import ConsentEntry, Subscriber
from subscribers.states import State
from subscribers.tokens import Signer
from subscribers.unsubscribe import undo
from tests.factories import MONDAY, SECRET
from tests.newsletter.inbound.letters import HOST, MAILBOX, ODD, OTHERS, STOPS, payload, reply
from tests.snapshot import changed, snapshot

PASSWORD, OLD_PASSWORD = "a password of the tests", "the one before it"
USER, EXTRA = "postmark", "another secret of the tests"
NESTED = b"[" * 1_000 + b"]" * 1_000
DEEP = [
    b'{"RecordType": ' + NESTED + b"}",
    b'{"RecordType": "Click", "ReceivedAt": "2026-11-20T10:00:00Z", "OriginalLink": '
    + NESTED
    + b"}",
    b'{"RecordType": "Bounce", "ID": 7, "Type": ' + NESTED + b"}",
]
SAMPLES = Path(__file__).parents[4] / "shared" / "postmark-samples" / "published"


def basic(user: str = USER, password: str = PASSWORD) -> dict[str, str]:
    return {"authorization": "Basic " + b64encode(f"{user}:{password}".encode()).decode()}


def opened(service: Service, **changes: SecretStr | None) -> Service:
    """Give the service as an operator opens its webhooks."""
    known = {"webhook_password": SecretStr(f"{PASSWORD}, {OLD_PASSWORD}"), "webhook_secret": None}
    return replace(service, settings=service.settings.model_copy(update=known | changes))


@pytest.fixture
def client(service: Service) -> TestClient:
    return TestClient(create_app(opened(service)), headers=basic())


def post(client: TestClient, body: object, **headers: str) -> int:
    return client.post("/webhooks/postmark", json=body, headers=headers).status_code


def state_of(service: Service, reader: Subscriber) -> State:
    with service.database.reading() as session:
        return session.get_one(Subscriber, reader.id).state


def goodbyes(service: Service) -> list[str]:
    with service.database.reading() as session:
        found = select(NoticeRow).where(NoticeRow.kind == LetterKind.GOODBYE.value)
        return [row.recipient for row in session.exec(found)]


def addressed(token: str, *, anywhere: str = "MailboxHash", **changes: object) -> dict[str, object]:
    """Give a mail to somebody's own address for leaving, of which one field tells."""
    address = f"{MAILBOX}+{token}@{HOST}"
    person = {"Email": address, "Name": "", "MailboxHash": ""}
    told: dict[str, object] = {
        "MailboxHash": token,
        "OriginalRecipient": address,
        "ToFull": [person],
        "CcFull": [person | {"MailboxHash": token, "Email": "x@y.example"}],
    }
    return payload(**{anywhere: told[anywhere]} | changes)


@pytest.mark.parametrize("anywhere", ["MailboxHash", "OriginalRecipient", "ToFull", "CcFull"])
@pytest.mark.parametrize("written", [str, str.upper])
def test_a_mail_to_the_address_for_leaving_lets_its_reader_go_whatever_it_says(
    service, client, reader, anywhere, written
):
    token = written(service.signer.by_mail.sign(reader.public_id))
    mail = addressed(
        token,
        anywhere=anywhere,
        FromFull={"Email": "somebody@else.example"},
        TextBody="I love this newsletter",
        Subject="Out of office",
        Headers=[{"Name": "Auto-Submitted", "Value": "auto-generated"}],
    )

    assert post(client, mail) == 200
    assert state_of(service, reader) is State.UNSUBSCRIBED
    assert goodbyes(service) == [reader.public_id]


def test_an_address_of_an_old_key_works_for_ever(service, reader):
    old = MailSigner(KeyRing.of(b"a key of long ago, with enough bytes"))
    rotated = replace(
        service, signer=Signer(KeyRing.of(SECRET, b"a key of long ago, with enough bytes"))
    )
    client = TestClient(create_app(opened(rotated)), headers=basic())

    assert post(client, addressed(old.sign(reader.public_id))) == 200
    assert state_of(service, reader) is State.UNSUBSCRIBED


@pytest.mark.parametrize("token", ["", "samplehash", "a" * 29, "ü" * 29])
def test_an_address_that_is_nobodys_lets_nobody_go(service, client, reader, token):
    before = snapshot(service.database)

    assert post(client, addressed(token)) == 200
    assert changed(before, snapshot(service.database)) == {}


def test_whose_address_was_erased_or_is_not_here_has_left_already(service, client):
    token = service.signer.by_mail.sign("AAAAAAAAAAAA")

    assert post(client, addressed(token)) == 200
    assert goodbyes(service) == []


def test_a_reply_that_says_stop_lets_its_sender_go_however_the_address_is_written(
    service, client, reader
):
    mail = STOPS["greeting and name"] | {"FromFull": {"Email": "READER1@Example.ORG"}}

    assert post(client, mail) == 200
    assert state_of(service, reader) is State.UNSUBSCRIBED
    assert goodbyes(service) == [reader.public_id]


def test_nothing_of_the_mail_is_kept_but_its_id(service, client, reader):
    mail = reply("stop", FromName="A Rare Name", Subject="A rare subject")

    post(client, mail)

    kept = str(snapshot(service.database))
    assert mail["MessageID"] in kept
    assert not any(rare in kept for rare in ("Rare", "rare", "stop", "mail.example.org"))


@pytest.mark.parametrize("name", OTHERS)
def test_any_other_mail_changes_nothing(service, client, reader, name):
    before = snapshot(service.database)

    assert post(client, OTHERS[name]) == 200
    assert changed(before, snapshot(service.database)) == {}


@pytest.mark.parametrize("name", ODD)
def test_an_odd_mail_is_no_fault_and_not_asked_for_again(service, client, name):
    before = snapshot(service.database)

    assert post(client, ODD[name]) == 200
    assert set(changed(before, snapshot(service.database))) <= {"provider_events"}


def test_a_stop_of_somebody_who_is_not_on_the_list_changes_nothing(service, client, reader):
    before = snapshot(service.database)

    assert post(client, reply("stop", FromFull={"Email": "somebody@else.example"})) == 200
    assert changed(before, snapshot(service.database)) == {}


def test_a_mail_that_is_brought_again_acts_once_even_when_it_was_taken_back(
    service, client, reader
):
    mail = reply("stop")
    post(client, mail)
    with service.database.writing() as session:
        undo(session, reader.public_id, now=MONDAY + timedelta(minutes=5), source="undo")

    assert post(client, mail) == 200
    assert state_of(service, reader) is State.ACTIVE
    assert goodbyes(service) == [reader.public_id]

    assert post(client, mail | {"MessageID": "another"}) == 200
    assert state_of(service, reader) is State.UNSUBSCRIBED


def test_what_asked_for_it_is_kept_as_evidence(service, client, reader):
    post(client, reply("stop"))

    with service.database.reading() as session:
        last = queries.consents_of(session, session.get_one(Subscriber, reader.id))[-1]
    assert isinstance(last, ConsentEntry)
    assert (last.source, last.message_id) == ("reply", payload()["MessageID"])


@pytest.mark.parametrize(
    "headers",
    [
        {},
        basic(password="a guess"),
        basic(password=""),
        basic(user="somebody"),
        basic(password=f"{PASSWORD}, {OLD_PASSWORD}"),
        {"authorization": "Basic"},
        {"authorization": "Basic !!!"},
        {"authorization": "Basic /////w=="},
        {"authorization": f"Bearer {PASSWORD}"},
        {"authorization": basic()["authorization"].replace("Basic", "Digest")},
    ],
)
def test_strangers_are_asked_who_they_are_and_change_nothing(service, reader, headers):
    client = TestClient(create_app(opened(service)))
    before = snapshot(service.database)

    answer = client.post("/webhooks/postmark", json=reply("stop"), headers=headers)

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Basic ")
    assert changed(before, snapshot(service.database)) == {}


@pytest.mark.parametrize("password", [PASSWORD, OLD_PASSWORD])
def test_while_the_password_is_changed_both_are_known(service, reader, password):
    client = TestClient(create_app(opened(service)), headers=basic(password=password))

    assert post(client, reply("stop")) == 200


def test_an_event_is_stored_with_the_very_bytes_that_were_posted(service, client):
    body = ' {"RecordType": "Open",\t"City": "Évora", "RecordType":"Open"}\n'.encode()

    assert client.post("/webhooks/postmark", content=body).status_code == 200
    assert client.post("/webhooks/postmark", content=body).status_code == 200
    with service.database.reading() as session:
        assert [kept.encode() for kept in session.exec(select(ProviderEvent.body))] == [body]


def test_without_a_password_the_door_is_closed_and_postmark_asks_again(service, reader):
    client = TestClient(create_app(service), headers=basic())

    assert post(client, reply("stop")) == 503
    assert state_of(service, reader) is State.ACTIVE


def test_where_it_comes_from_does_not_matter(service, client, reader):
    headers = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}

    assert post(client, reply("stop"), **headers) == 200


@pytest.mark.parametrize(
    ("kind", "given", "status"),
    [
        (None, None, 200),
        (None, EXTRA, 200),
        (None, "a guess", 401),
        ("Bounce", EXTRA, 200),
        ("Bounce", None, 401),
        ("Bounce", "a guess", 401),
    ],
)
def test_the_second_secret_is_asked_of_events_whose_webhooks_can_bring_it(
    service, reader, kind, given, status
):
    client = TestClient(
        create_app(opened(service, webhook_secret=SecretStr(EXTRA))), headers=basic()
    )
    body = reply("thanks") if kind is None else {"RecordType": kind}
    headers = {"x-webhook-secret": given} if given is not None else {}

    assert post(client, body, **headers) == status


@pytest.mark.parametrize(
    "kind",
    ["Delivery", "Bounce", "SpamComplaint", "Open", "Click", "SubscriptionChange", "New", 7, {}],
)
def test_an_event_about_no_message_of_ours_is_stored_and_nobody_is_told_of_it(
    service, client, reader, kind, capsys
):
    before = snapshot(service.database)
    event = {"RecordType": kind, "Email": "reader1@example.org", "Recipient": "reader1@example.org"}

    assert post(client, event) == 200
    assert changed(before, snapshot(service.database)) == {"provider_events": 1}
    assert "reader1" not in "".join(capsys.readouterr())


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b"7", b'"stop"', b"\xff\xfe", b"[" * 100_000, b"data=1&x=2", *DEEP],
)
def test_what_can_never_be_understood_is_not_asked_for_again(service, client, body):
    assert client.post("/webhooks/postmark", content=body).status_code == 200


def test_a_fault_of_ours_makes_postmark_ask_again(service, reader, tmp_path):
    broken = Database(f"sqlite:///{tmp_path}/no/such/folder/file")
    client = TestClient(create_app(replace(opened(service), database=broken)), headers=basic())

    assert post(client, reply("stop")) == 503


def test_even_a_fault_that_nobody_thought_of_makes_postmark_ask_again(service, monkeypatch):
    def fails(*_arguments: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("newsletter.web.webhooks._event", fails)
    client = TestClient(create_app(opened(service)), headers=basic(), raise_server_exceptions=False)

    assert post(client, {"RecordType": "Delivery"}) == 503


def test_a_mail_with_the_largest_attachments_is_heard(service, client, reader):
    large = {"Name": "x.bin", "Content": "A" * 30_000_000, "ContentType": "x/y", "ContentLength": 1}

    assert post(client, reply("stop", Attachments=[large])) == 200
    assert state_of(service, reader) is State.UNSUBSCRIBED


def test_nobody_is_let_in_by_get(client):
    assert client.get("/webhooks/postmark").status_code == 405


@pytest.mark.parametrize("file", sorted(SAMPLES.glob("*.json")), ids=lambda file: file.stem)
def test_what_postmark_publishes_is_answered_and_changes_nobody(service, client, reader, file):
    before = snapshot(service.database)

    assert post(client, json.loads(file.read_text())) == 200
    assert set(changed(before, snapshot(service.database))) <= {"provider_events"}
