"""Every table there is: either it knows nobody, or what it knows is given out and forgotten."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
import pytest
from sqlalchemy import JSON, Column, Enum, String, Table, select, update
from sqlmodel import AutoString, Session

from newsletter import personal_data
from newsletter.delivery.models import Delivery
from newsletter.feedback.models import ProviderEvent
from newsletter.notices.letters import LetterKind
from newsletter.notices.rows import write_to
from newsletter.service import Service
from newsletter.sign_up.models import SignUpRequest
from newsletter.tables import metadata
from newsletter.votes import polls
from newsletter.votes.rules import Choice
from subscribers import address_change, import_log, queries
from subscribers.address import Address
from subscribers.changing import keep
from subscribers.models import Subscriber, Suppression, SuppressionReason
from tests.factories import MONDAY, PEPPER, add_subscribers, store_comparisons
from tests.newsletter.votes.leaving import begin_to_leave
from tests.subscribers.people import yes

IN_THE_FILE = {
    "subscribers": "subscriber",
    "consents": "consents",
    "state_changes": "state_changes",
    "address_changes": "address_change",
    "suppressions": "suppression",
    "sign_up_requests": "request",
    "notices": "letters",
    "deliveries": "deliveries",
    "provider_events": "events",
    "votes": "votes",
    "import_marks": "imports",
}
"""Tables that know people, and where in a person's file their rows are."""

ABOUT_NOBODY = frozenset(
    {
        "approved_letters", "batches", "comparison_wordings", "comparisons", "composing_steps", "corrections",
        "editions", "editor_marks", "extracts", "imports", "issue_changes", "issue_inspections", "issue_items",
        "issue_wordings", "issues", "link_checks", "link_clicks",
        "quotes", "schedule_runs", "tools",
        "doubts", "instances", "paces", "probes", "provider_syncs",
        "sign_up_budgets", "sign_up_proofs",  # keyed hashes at most, which end by themselves
    }
)  # fmt: skip

OF_EDITORS = frozenset(
    {
        "editors",
        "editor_acts",
        "editor_links",
        "editor_passkeys",
        "editor_sessions",
        "test_mailboxes",
    }
)
"""Those who make the newsletter; a reader who is one of them is another row."""

NAMES_A_PERSON = frozenset(
    {"subscriber_id", "recipient", "email", "new_email", "address_hash", "person", "reader"}
)

NOT_GIVEN_OUT: Mapping[str, frozenset[str]] = {
    "subscribers": frozenset({"address_key", "address_hash"}),
    "consents": frozenset({"token_hash"}),
    "address_changes": frozenset({"new_key", "new_hash"}),
    "suppressions": frozenset({"address_hash"}),
    "sign_up_requests": frozenset({"address_hash", "network", "domain"}),
    "notices": frozenset({"key", "recipient", "subject", "text"}),  # empty for readers, or names
    "deliveries": frozenset({"attempt_id"}),
    "provider_events": frozenset({"dedupe_key", "address_hash"}),
}
"""Keys and hashes, which say nothing to anybody; everything else is given out."""

STAYS: Mapping[str, frozenset[str]] = {
    "subscribers": frozenset({"public_id"}),
    "consents": frozenset({"wording", "wording_version", "privacy_version"}),
    "suppressions": frozenset({"address_hash"}),
    # what became of a copy of nobody's
    "deliveries": frozenset({"state", "reason", "attempt_id", "feedback", "feedback_reason"}),
    "provider_events": frozenset({"dedupe_key", "reason", "source", "stream"}),
}
"""What outlives an erasing, and names nobody without the service's key."""

LEFT_ALONE = frozenset({"public_id", "recipient", "choice", "kind"})
"""Columns that rows are found or kept apart by."""


@pytest.fixture
def reader(service: Service) -> Subscriber:
    """Somebody of whom every table knows something, unmistakable in every column."""
    with service.database.writing() as session:
        store_comparisons(session, 1)
        [reader] = add_subscribers(session, 1)
    number = begin_to_leave(service)
    with service.database.writing() as session:
        _known_everywhere(session, reader, number)
    with service.database.writing() as session:
        for table in map(metadata.tables.__getitem__, IN_THE_FILE):
            if values := _unmistakable(table):
                session.execute(update(table).values(values))
    return reader


def _known_everywhere(session: Session, reader: Subscriber, number: int) -> None:
    polls.vote(session, reader.public_id, number, place=1, choice=Choice.A, now=MONDAY)
    address_change.ask(
        session,
        reader.public_id,
        Address.parse("new@reader.example"),
        pepper=PEPPER,
        now=MONDAY,
    )
    write_to(session, reader.public_id, LetterKind.EXPORT, key="a key", now=MONDAY)
    keep(session, reader, yes(at=MONDAY))
    assert reader.id is not None
    brought = import_log.begin(session, "a name", consent="", now=MONDAY)
    import_log.mark_new(session, brought.number, [reader.id])
    session.add_all(
        [
            Delivery(issue_number=number, subscriber_id=reader.id, batch=1),
            ProviderEvent(
                dedupe_key="",
                kind="delivered",
                source="",
                subscriber_id=reader.id,
                occurred_at=MONDAY,
                received_at=MONDAY,
            ),
            Suppression(
                address_hash=reader.address_hash or "",
                reason=SuppressionReason.OPERATOR,
                created_at=MONDAY,
            ),
            SignUpRequest(
                address_hash=reader.address_hash or "",
                email="",
                source="",
                wording="",
                wording_version="",
                network="",
                domain="",
                asked_at=MONDAY,
                due_at=MONDAY,
            ),
        ]
    )


def _unmistakable(table: Table) -> dict[str, Any]:
    """Give a value for each column of text that says where it was put."""
    return {column.name: _value(column) for column in _columns(table)}


def _columns(table: Table) -> Iterator[Column[Any]]:
    for column in table.columns:
        is_text = isinstance(column.type, AutoString | String | JSON)
        if is_text and not isinstance(column.type, Enum) and column.name not in LEFT_ALONE:
            yield column


def _value(column: Column[Any]) -> Any:
    word = "canary address hash" if column.name == "address_hash" else _word(column)
    if column.name in ("attributes", "before", "after", "blocked"):
        return {word: word}
    return [word] if isinstance(column.type, JSON) else word


def _word(column: Column[Any]) -> str:
    return f"canary {column.table.name} {column.name}"


def _rows(service: Service, table: str) -> str:
    with service.database.reading() as session:
        return repr(session.execute(select(metadata.tables[table])).all())


def _file(service: Service, reader: Subscriber) -> dict[str, Any]:
    with service.database.reading() as session:
        found = queries.by_public_id(session, reader.public_id)
        assert found is not None
        whole: dict[str, Any] = orjson.loads(orjson.dumps(personal_data.export(session, found)))
        return whole


def test_of_every_table_it_is_said_whether_it_knows_people():
    assert set(metadata.tables) == set(IN_THE_FILE) | ABOUT_NOBODY | OF_EDITORS


@pytest.mark.parametrize("table", sorted(ABOUT_NOBODY))
def test_a_table_about_nobody_names_nobody(table):
    columns = metadata.tables[table].columns
    targets = {key.target_fullname for column in columns for key in column.foreign_keys}

    assert not NAMES_A_PERSON & set(columns.keys())
    assert not any(target.startswith("subscribers.") for target in targets)


@pytest.mark.parametrize("table", IN_THE_FILE)
def test_what_a_table_knows_is_in_a_persons_file(service, reader, table):
    part = orjson.dumps(_file(service, reader)[IN_THE_FILE[table]]).decode()
    expected = {
        _word(column)
        for column in _columns(metadata.tables[table])
        if column.name not in NOT_GIVEN_OUT.get(table, frozenset())
    }

    assert part not in ("null", "[]")
    assert {word for word in expected if word not in part} == set()


def test_the_file_holds_no_key_and_no_hash_of_an_address(service, reader):
    whole = orjson.dumps(_file(service, reader)).decode()

    assert "canary address hash" not in whole
    for table, names in NOT_GIVEN_OUT.items():
        for name in names:
            assert f"canary {table} {name}" not in whole


@pytest.mark.parametrize("table", IN_THE_FILE)
def test_what_a_table_knows_is_forgotten(service, reader, table):
    assert "canary" in _rows(service, table) or table == "votes"
    with service.database.writing() as session:
        assert personal_data.erase(session, reader.public_id, now=MONDAY)

    left = _rows(service, table)
    stays = {_word(metadata.tables[table].columns[name]) for name in STAYS.get(table, frozenset())}
    for word in stays:
        left = left.replace(word, "")
    if table == "suppressions":
        left = left.replace("canary address hash", "")
    assert "canary" not in left


def test_nothing_that_is_left_leads_from_a_vote_or_a_letter_to_a_person(service, reader):
    with service.database.writing() as session:
        personal_data.erase(session, reader.public_id, now=MONDAY)

    assert reader.public_id not in _rows(service, "notices")
    votes = metadata.tables["votes"]
    with service.database.reading() as session:
        assert session.execute(select(votes.c.subscriber_id)).scalars().all() == [None]
