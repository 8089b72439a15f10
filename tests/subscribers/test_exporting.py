import csv
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session, SQLModel

from newsletter.database import Database
from subscribers.address import Address
from subscribers.csv_reading import open_table
from subscribers.exporting import COLUMNS, person, write_csv
from subscribers.import_chunk import ImportTerms
from subscribers.import_report import Outcome
from subscribers.importing import import_table
from subscribers.profile import CADENCES, Profile, profile
from subscribers.states import State
from tests.subscribers.people import DAY, INES, NOW, OMAR, PEPPER, TABLES, make_subscriber

TERMS = ImportTerms("moved from our old installation", PEPPER, NOW + DAY)
WORDS = st.text(max_size=12) | st.sampled_from(["=1+1", "'=x", "+49 30", "-", "@home", "a,b", '"'])
NAMES = WORDS | st.sampled_from(["Developer Tools", "[x", '["y"]', "a;b", "Music, Film & Sport"])
PEOPLE = st.lists(
    st.builds(
        lambda name, tags, note, state, zone, wishes: (
            profile(
                name, tags=tags, attributes=note, timezone=zone, locale="nb", source="form"
            ).wishing(**wishes),
            state,
        ),
        name=WORDS,
        tags=st.lists(WORDS, max_size=3),
        note=st.dictionaries(st.sampled_from(["city", "plan"]), WORDS.filter(str.isprintable)),
        state=st.sampled_from(State),
        zone=st.sampled_from([None, "Asia/Seoul"]),
        wishes=st.fixed_dictionaries(
            {
                "cadence": st.sampled_from(CADENCES),
                "topics": st.lists(NAMES, max_size=3),
                "follows": st.lists(NAMES, max_size=3),
            }
        ),
    ),
    max_size=5,
)


@contextmanager
def fresh_list() -> Iterator[Session]:
    database = Database("sqlite://")
    SQLModel.metadata.create_all(database.engine, TABLES)
    with database.writing() as session:
        yield session
    database.close()


def exported(session):
    file = io.StringIO(newline="")
    write_csv(session, file)
    return file.getvalue()


def bring(session, text):
    return list(import_table(session, open_table(io.BytesIO(text.encode())), TERMS))


@settings(max_examples=40, deadline=None)
@given(PEOPLE)
def test_an_export_imported_elsewhere_gives_the_same_list(people):
    with fresh_list() as here, fresh_list() as there:
        for number, (who, state) in enumerate(people):
            address = Address.parse(f"+reader{number}@mail.example")
            make_subscriber(here, address, state=state, profile=who)
        text = exported(here)

        reports = bring(there, text)

        assert exported(there) == text
        assert {report.outcome for report in reports} <= {Outcome.ADDED}


@settings(max_examples=20, deadline=None)
@given(PEOPLE)
def test_an_export_imported_again_changes_nothing(people):
    with fresh_list() as session:
        for number, (who, state) in enumerate(people):
            address = Address.parse(f"reader{number}@mail.example")
            make_subscriber(session, address, state=state, profile=who)
        text = exported(session)

        reports = bring(session, text)

        assert exported(session) == text
        assert {report.outcome for report in reports} <= {Outcome.UNCHANGED}


def test_the_header_is_the_one_we_promise(database):
    with database.reading() as session:
        assert exported(session) == (
            "uuid,email,name,status,tags,created_at,confirmed_at,unsubscribed_at,"
            "timezone,locale,cadence,topics,follows,source,attributes\r\n"
        )


def test_all_but_the_erased_are_written_in_the_order_they_came(database):
    with database.writing() as session:
        make_subscriber(session, OMAR, state=State.BOUNCED)
        make_subscriber(session, INES)
        make_subscriber(session, Address.parse("gone@reader.example"), state=State.ERASED)
        file = io.StringIO(newline="")

        assert write_csv(session, file) == 2

        rows = list(csv.DictReader(io.StringIO(file.getvalue())))
        assert [(row["email"], row["status"]) for row in rows] == [
            ("omar@reader.example", "bounced"),
            ("ines@reader.example", "active"),
        ]
        assert list(rows[0]) == list(COLUMNS)


def test_a_name_that_is_a_formula_does_not_run_in_a_spreadsheet(database):
    with database.writing() as session:
        make_subscriber(session, INES, profile=Profile(name='=HYPERLINK("https://x.example")'))

        (row,) = csv.DictReader(io.StringIO(exported(session)))

        assert row["name"].startswith("'=")


def test_wishes_are_written_as_people_would_write_them(database):
    with database.writing() as session:
        wishes = Profile(locale="de", follows=("alpha", "beta"), topics=("Music, Film", "Audio"))
        make_subscriber(session, INES, profile=wishes)

        (row,) = csv.DictReader(io.StringIO(exported(session)))

        assert (row["locale"], row["follows"]) == ("de", "alpha,beta")
        assert row["topics"] == '["Music, Film", "Audio"]'


def test_one_person_s_file_holds_everything_but_secrets(database):
    with database.writing() as session:
        ines = make_subscriber(session, INES, state=State.UNSUBSCRIBED)
        make_subscriber(session, OMAR)

        file = person(session, ines)

        text = json.dumps(file)
        assert file["subscriber"]["email"] == "ines@reader.example"
        assert [change["event"] for change in file["state_changes"]] == [
            "imported_with_consent",
            "unsubscribed",
        ]
        assert file["consents"][0]["source"] == "a paper list at the meetup"
        assert "omar" not in text
        assert (ines.address_hash or "?") not in text
        assert "token_epoch" not in text
