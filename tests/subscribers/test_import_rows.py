from datetime import UTC, datetime
from pathlib import Path

import pytest

from subscribers.csv_reading import Line, open_table
from subscribers.errors import InvalidAddress, RefusedLine
from subscribers.import_rows import STATUSES, instant, read_row, stated_state
from subscribers.states import State

FILES = Path(__file__).parent / "files"
BROKEN = {
    "blank.csv",
    "broken_lines.csv",
    "empty.csv",
    "no_address_column.csv",
    "spreadsheet.xlsx.csv",
}
MARCH = datetime(2024, 3, 1, 10, 0, tzinfo=UTC)


def rows(name):
    with (FILES / name).open("rb") as file:
        return [read_row(line) for line in open_table(file).lines()]


@pytest.mark.parametrize(
    ("name", "second"),
    [
        ("listmonk.csv", State.SUPPRESSED),
        ("keila.csv", State.BOUNCED),
        ("buttondown.csv", State.UNSUBSCRIBED),
        ("ghost.csv", State.UNSUBSCRIBED),
        ("kit.csv", State.COMPLAINED),
        ("brevo.csv", State.SUPPRESSED),
        ("activecampaign.csv", State.PENDING),
        ("mailcoach.csv", State.ACTIVE),
        ("excel_utf8.csv", State.ACTIVE),
        ("excel_semicolon.csv", State.UNSUBSCRIBED),
    ],
)
def test_exports_of_other_services_are_understood(name, second):
    ines, omar = rows(name)

    assert (ines.address.text, ines.state) == ("ines@reader.example", State.ACTIVE)
    assert (omar.address.text, omar.state) == ("omar@reader.example", second)


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("mailchimp_unsubscribed.csv", State.UNSUBSCRIBED),
        ("mailchimp_cleaned.csv", State.BOUNCED),
    ],
)
def test_a_list_of_people_who_left_is_known_by_its_columns(name, state):
    (omar,) = rows(name)

    assert omar.state == state


def test_a_disabled_address_is_suppressed_and_two_spellings_are_one_person():
    first, second, omar = rows("substack.csv")

    assert first.address.key == second.address.key
    assert omar.state == State.SUPPRESSED


@pytest.mark.parametrize(
    "name",
    [
        "buttondown.csv",
        "ghost.csv",
        "mailchimp_subscribed.csv",
        "kit.csv",
        "activecampaign.csv",
        "mailcoach.csv",
        "excel_utf8.csv",
    ],
)
def test_tags_are_read_in_every_service_s_way(name):
    assert rows(name)[0].profile.tags == ("design", "code")


@pytest.mark.parametrize(
    "name",
    [
        "buttondown.csv",
        "ghost.csv",
        "mailchimp_subscribed.csv",
        "kit.csv",
        "brevo.csv",
        "activecampaign.csv",
    ],
)
def test_the_day_of_joining_is_read_in_every_service_s_way(name):
    assert rows(name)[0].created_at == MARCH


def test_name_zone_confirmation_and_attributes_come_along():
    (mailchimp,) = rows("mailchimp_subscribed.csv")
    listmonk, _ = rows("listmonk.csv")
    buttondown, _ = rows("buttondown.csv")

    assert mailchimp.profile.name == "Ines Kwon"
    assert mailchimp.profile.timezone == "America/Los_Angeles"
    assert mailchimp.confirmed_at == datetime(2024, 3, 1, 10, 5, tzinfo=UTC)
    assert listmonk.profile.attributes == {"city": "Seoul"}
    assert buttondown.profile.attributes == {"city": "Seoul"}


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("timezone", "Middle/Earth", "the time zone 'Middle/Earth' is not known"),
        ("locale", "German!", "the language 'German!' is not written like de or pt-BR"),
        ("attributes", "{city: Seoul}", "the attributes are no JSON object, or too large"),
        ("attributes", "[1]", "the attributes are no JSON object, or too large"),
        ("attributes", "{1j: 2}", "the attributes are no JSON object, or too large"),
        ("attributes", "(" * 9000, "the attributes are no JSON object, or too large"),
        ("attributes", "{'a': 'b'}" * 9000, "the attributes are no JSON object, or too large"),
        (
            "created_at",
            "03/04/2024",
            "the date '03/04/2024' of created_at is not written like 2024-03-01",
        ),
        (
            "confirmed_at",
            "yesterday",
            "the date 'yesterday' of confirmed_at is not written like 2024-03-01",
        ),
        ("cadence", "followed", "the cadence 'followed' wants tools to follow"),
    ],
)
def test_what_makes_no_sense_is_left_out_and_named(column, cell, words):
    row = read_row(Line(2, {"email": "ines@reader.example", column: cell}))

    assert row.state == State.ACTIVE
    assert row.left_out == (words,)


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("timezone", ""),
        ("locale", "pt-BR"),
        ("attributes", ""),
        ("attributes", "{}"),
        ("created_at", "0000-00-00 00:00:00"),
        ("created_at", "0001-01-01T00:00:00Z"),
        ("confirmed_at", ""),
        ("cadence", "monthly"),
        ("public_id", "7b1d2f8e-52c9-4a0b-8a4f-1f0a6a1f7c11"),
    ],
)
def test_nothing_is_said_of_what_is_blank_or_makes_sense(column, cell):
    assert read_row(Line(2, {"email": "ines@reader.example", column: cell})).left_out == ()


@pytest.mark.parametrize(
    "name", sorted(path.name for path in FILES.iterdir() if path.name not in BROKEN)
)
def test_of_what_other_services_write_nothing_is_left_out(name):
    assert [row.left_out for row in rows(name) if row.left_out] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-03-01T10:00:00+00:00", MARCH),
        ("2024-03-01T11:00:00+01:00", MARCH),
        ("2024-03-01 10:00:00", MARCH),
        ("2024-03-01 10:00:00 +0000 UTC", MARCH),
        ("2024-03-01 10:00:00 UTC", MARCH),
        ("2024-03-01 11:00:00.000 +0100 CET", MARCH),
        ("01-03-2024 10:00", MARCH),
        ("01-03-2024", datetime(2024, 3, 1, tzinfo=UTC)),
        ("2024-01-02 03:04:05.6 +0000 UTC", datetime(2024, 1, 2, 3, 4, 5, 600_000, tzinfo=UTC)),
        ("03/04/2024", None),
        ("yesterday", None),
        ("0000-00-00 00:00:00", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("0001-01-01 00:00:00 +0000 UTC", None),
        ("9999-12-31T23:59:59Z", None),
        ("", None),
    ],
)
def test_instants_are_read_as_they_are_written_elsewhere(text, expected):
    assert instant(text) == expected


@pytest.mark.parametrize(
    ("cells", "state"),
    [
        pytest.param({}, State.ACTIVE, id="says nothing"),
        pytest.param({"status": "  ACTIVE "}, State.ACTIVE, id="in capitals"),
        pytest.param({"status": "active", "blocked": "yes"}, State.SUPPRESSED, id="blocked"),
        pytest.param({"status": "active", "unsubscribed_at": "?"}, State.UNSUBSCRIBED, id="left"),
        pytest.param({"status": "complained", "subscribed": "0"}, State.COMPLAINED, id="both"),
    ],
)
def test_the_strictest_of_all_a_line_says_counts(cells, state):
    assert stated_state(Line(2, cells)) == state


@pytest.mark.parametrize(
    "cells",
    [{"status": "whatever"}, {"subscribed": "perhaps"}, {"blocked": "??"}, {"cadence": "never"}],
)
def test_a_word_nobody_uses_refuses_the_line(cells):
    with pytest.raises(RefusedLine, match=r"is not known|yes or no"):
        read_row(Line(2, {"email": "ines@reader.example", **cells}))


def test_a_line_needs_an_address():
    with pytest.raises(InvalidAddress):
        read_row(Line(2, {"name": "Ines"}))


def test_no_word_stands_for_two_states():
    words = [word for words in STATUSES.values() for word in words]

    assert len(words) == len(set(words))
    assert set(STATUSES) == set(State) - {State.ERASED}
