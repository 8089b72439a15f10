import io
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import select

from subscribers.consent import Actor, ConsentEvent
from subscribers.csv_reading import open_table
from subscribers.erasing import erase
from subscribers.errors import InvalidConsent
from subscribers.import_chunk import ImportTerms
from subscribers.import_report import ImportReport, Outcome
from subscribers.importing import CHUNK, import_table, rehearse
from subscribers.models import ConsentEntry, StateChange, Subscriber, Suppression
from subscribers.profile import Profile
from subscribers.queries import by_address, changes_of, consents_of, counts
from subscribers.states import OUT, STRICTNESS, State, strictest
from subscribers.suppression import suppress
from tests.subscribers.people import INES, NOW, OMAR, PEPPER, make_subscriber
from tests.suppression import is_suppressed

FILES = Path(__file__).parent / "files"
TERMS = ImportTerms("ticked the box on the old site's form", PEPPER, NOW)
RIVALS = sorted(
    path.name
    for path in FILES.glob("[a-z]*")
    if path.name
    not in {
        "broken_lines.csv",
        "empty.csv",
        "blank.csv",
        "no_address_column.csv",
        "spreadsheet.xlsx.csv",
    }
)


def table(text):
    return open_table(io.BytesIO(text.encode() if isinstance(text, str) else text))


def bring(session, text, terms=TERMS):
    return list(import_table(session, table(text), terms))


def outcomes(reports):
    return [report.outcome for report in reports]


def everything(session):
    """All rows of all our tables, as plain values."""
    kinds = (Subscriber, StateChange, ConsentEntry, Suppression)
    return [row.model_dump() for kind in kinds for row in session.exec(select(kind))]


@pytest.mark.parametrize(
    "attributes", ["{'n': 123456789012345678901234567890}", '{"a":' * 300 + "1" + "}" * 300]
)
def test_attributes_that_cannot_be_kept_keep_nobody_out(database, attributes):
    quoted = attributes.replace('"', '""')
    with database.writing() as session:
        reports = bring(session, f'email,attributes\nines@reader.example,"{quoted}"\n')

        ines = by_address(session, INES)

    assert outcomes(reports) == [Outcome.ADDED]
    assert reports[0].reason == "left out: the attributes are no JSON object, or too large"
    assert ines is not None
    assert ines.attributes == {}


def test_people_come_in_with_evidence_and_history(database):
    with database.writing() as session:
        reports = bring(session, "email,name,tags\nInes@reader.example,Ines,design\n")

        ines = by_address(session, INES)
        assert ines is not None
        assert outcomes(reports) == [Outcome.ADDED]
        assert (ines.email, ines.name, ines.state) == ("Ines@reader.example", "Ines", State.ACTIVE)
        assert (ines.tags, ines.source) == (["design"], "import")
        (consent,) = consents_of(session, ines)
        assert (consent.event, consent.source) == (ConsentEvent.IMPORTED, TERMS.consent)
        (change,) = changes_of(session, ines)
        assert (change.actor, change.reason, change.at) == (Actor.OPERATOR, "import", NOW)


def test_every_line_is_reported_with_its_number_and_a_masked_address(database):
    with database.writing() as session:
        reports = bring(session, (FILES / "broken_lines.csv").read_bytes())

        assert [(report.line, report.outcome, report.address) for report in reports] == [
            (2, Outcome.ADDED, "i…@reader.example"),
            (3, Outcome.REFUSED, "…"),
            (4, Outcome.REFUSED, "…"),
            (5, Outcome.REFUSED, "…"),
            (6, Outcome.REFUSED, "…"),
            (7, Outcome.ADDED, "l…@reader.example"),
            (10, Outcome.REFUSED, "…"),
        ]
        assert all(report.reason for report in reports if report.outcome == Outcome.REFUSED)


@pytest.mark.parametrize("name", RIVALS)
def test_the_same_file_twice_is_the_same_as_once(database, name):
    with database.writing() as session:
        bring(session, (FILES / name).read_bytes())
        before = everything(session)

        again = bring(session, (FILES / name).read_bytes())

        assert everything(session) == before
        assert {*outcomes(again)} <= {Outcome.UNCHANGED}


@pytest.mark.parametrize("name", RIVALS)
def test_a_rehearsal_changes_nothing_and_says_what_would_happen(database, name):
    content = (FILES / name).read_bytes()
    with database.writing() as session:
        make_subscriber(session, OMAR, state=State.UNSUBSCRIBED)
    with database.reading() as session:
        before = everything(session)

    with database.writing() as session:
        rehearsed = list(rehearse(session, table(content), TERMS))

    with database.reading() as session:
        assert everything(session) == before
    with database.writing() as session:
        assert bring(session, content) == rehearsed


@pytest.mark.parametrize("state", sorted(OUT - {State.ERASED}))
def test_who_is_out_stays_out_and_the_report_says_why(database, state):
    with database.writing() as session:
        ines = make_subscriber(session, INES, state=state)

        (report,) = bring(session, "email,status,name\nines@reader.example,active,New Name\n")

        assert (ines.state, ines.name) == (state, "")
        assert (report.outcome, report.state) == (Outcome.SUPPRESSED, state)
        assert "brings nobody back" in (report.reason or "")


def test_a_suppressed_address_is_not_even_noted(database):
    with database.writing() as session:
        suppress(session, INES, pepper=PEPPER, now=NOW)

        (report,) = bring(session, "email\nines@reader.example\n")

        assert report.outcome == Outcome.SUPPRESSED
        assert by_address(session, INES) is None


def test_an_erased_person_is_not_revived(database):
    with database.writing() as session:
        erase(session, make_subscriber(session, INES).public_id, now=NOW)

        (report,) = bring(session, "email\nines@reader.example\n")

        assert report.outcome == Outcome.SUPPRESSED
        assert by_address(session, INES) is None


@pytest.mark.parametrize(
    "state",
    [state for state in STRICTNESS if state not in {State.ACTIVE, State.PAUSED, State.ERASED}],
)
def test_who_did_not_want_or_get_letters_elsewhere_is_never_active_here(database, state):
    with database.writing() as session:
        bring(session, f"email,status\nines@reader.example,{state}\n")
        again = bring(session, "email,status\nines@reader.example,unsubscribed\n")

        ines = by_address(session, INES)
        assert ines is not None
        assert ines.state == strictest(state, State.UNSUBSCRIBED)
        assert {*outcomes(again)} <= {Outcome.UPDATED, Outcome.UNCHANGED}


def test_a_blocked_line_goes_onto_the_suppression_list(database):
    with database.writing() as session:
        make_subscriber(session, OMAR)

        bring(
            session, "email,status\nines@reader.example,blocklisted\nomar@reader.example,blocked\n"
        )

        assert is_suppressed(session, INES, pepper=PEPPER)
        assert is_suppressed(session, OMAR, pepper=PEPPER)
        assert counts(session)[State.SUPPRESSED] == 2


def test_somebody_who_left_elsewhere_leaves_here_too(database):
    with database.writing() as session:
        ines = make_subscriber(session, INES)

        (report,) = bring(session, "email,status\nines@reader.example,unsubscribed\n")

        assert (report.outcome, ines.state) == (Outcome.UPDATED, State.UNSUBSCRIBED)


@pytest.mark.parametrize(
    "order",
    [
        "pending active",
        "active pending",
        "active unsubscribed active",
        "bounced active",
        "active paused active",
        "unsubscribed complained active",
    ],
)
def test_of_an_address_that_occurs_twice_the_strictest_state_counts(database, order):
    states = [State(word) for word in order.split()]
    lines = "".join(f"ines@reader.example,{state}\n" for state in states)
    with database.writing() as session:
        bring(session, f"email,status\n{lines}")

        ines = by_address(session, INES)
        assert ines is not None
        assert ines.state == strictest(*states)


def test_what_is_known_is_added_to_and_not_overwritten(database):
    with database.writing() as session:
        ines = make_subscriber(session, INES, profile=Profile(name="Ines", tags=("design",)))

        (report,) = bring(
            session, "email,name,tags,timezone\nines@reader.example,I. K.,code,Asia/Seoul\n"
        )

        assert report.outcome == Outcome.UPDATED
        assert (ines.name, ines.tags, ines.timezone) == ("Ines", ["design", "code"], "Asia/Seoul")


def test_a_line_comes_in_without_what_makes_no_sense_and_says_so(database):
    with database.writing() as session:
        make_subscriber(session, INES)
        known, new = bring(
            session,
            "email,name,timezone\nines@reader.example,Ines,Middle/Earth\n"
            "omar@reader.example,Omar,Asia/Seul\n",
        )

        assert outcomes([known, new]) == [Outcome.UPDATED, Outcome.ADDED]
        assert known.reason == "left out: the time zone 'Middle/Earth' is not known"
        assert ImportReport.of([known, new]).held_back == [known, new]


def test_wishes_that_bring_no_letter_so_far_are_kept_and_told_by_their_line(database):
    terms = replace(TERMS, topics=["Coding"], tools=["left-1"])
    content = (
        "email,cadence,topics,follows\nines@reader.example,,Gardening,\n"
        "omar@reader.example,followed,,left-1;left-9\nlena@reader.example,,Coding,\n"
    )
    with database.writing() as session:
        reports = bring(session, content, terms)
        again = bring(session, content, terms)

        assert [report.reason for report in reports] == [
            "no match-up is on the topic 'Gardening' so far: it brings no letter",
            "no match-up is about the tool 'left-9' so far: it brings no letter",
            None,
        ]
        assert [report.reason for report in again] == [None, None, None]
        [ines] = session.exec(select(Subscriber).where(Subscriber.email == "ines@reader.example"))
        assert ines.topics == ["Gardening"]


def test_without_a_stated_consent_nobody_is_made_active(database):
    unstated = ImportTerms(None, PEPPER, NOW)
    with database.writing() as session:
        reports = bring(
            session,
            "email,status\nines@reader.example,active\nomar@reader.example,unsubscribed\n"
            "lena@reader.example,paused\nmira@reader.example,pending\n",
            unstated,
        )

        assert outcomes(reports) == [Outcome.REFUSED, Outcome.ADDED, Outcome.REFUSED, Outcome.ADDED]
        assert "say where and how" in (reports[0].reason or "")
        assert counts(session)[State.ACTIVE] == 0


def test_a_blank_statement_states_nothing():
    with pytest.raises(InvalidConsent):
        ImportTerms("  ", PEPPER, NOW)


def test_an_awaited_yes_may_be_stated(database):
    with database.writing() as session:
        ines = make_subscriber(session, INES, state=State.PENDING)

        (report,) = bring(session, "email\nines@reader.example\n")

        assert (report.outcome, ines.state) == (Outcome.UPDATED, State.ACTIVE)


def test_an_import_opens_no_request_for_a_yes(database):
    with database.writing() as session:
        bring(session, "email,status\nines@reader.example,pending\n")

        ines = by_address(session, INES)
        assert ines is not None
        assert (ines.state, ines.asked_at) == (State.PENDING, None)


def test_a_public_id_that_somebody_has_is_not_given_twice(database):
    with database.writing() as session:
        ines = make_subscriber(session, INES)

        bring(
            session,
            f"uuid,email\n'{ines.public_id},omar@reader.example\n"
            "aaaaaaaaaaaa,lena@reader.example\naaaaaaaaaaaa,mira@reader.example\n",
        )

        ids = [person.public_id for person in session.exec(select(Subscriber))]
        assert len(set(ids)) == len(ids) == 4
        assert "aaaaaaaaaaaa" in ids


def test_a_file_that_fails_half_way_changes_nothing(database):
    lines = "".join(f"reader{n}@mail.example\n" for n in range(CHUNK + 10))

    def up_to_a_power_cut():
        with database.writing() as session:
            for report in import_table(session, table(f"email\n{lines}"), TERMS):
                if report.line == CHUNK + 5:
                    raise RuntimeError("the power went out")

    with pytest.raises(RuntimeError):
        up_to_a_power_cut()

    with database.reading() as session:
        assert everything(session) == []


def test_a_long_file_comes_in_whole(database):
    lines = "".join(f"reader{n}@mail.example\n" for n in range(2 * CHUNK + 1))
    with database.writing() as session:
        report = ImportReport.of(import_table(session, table(f"email\n{lines}"), TERMS))

        assert report.counts == {Outcome.ADDED: 2 * CHUNK + 1}
        assert report.held_back == []
        assert counts(session)[State.ACTIVE] == 2 * CHUNK + 1


@pytest.mark.parametrize(
    ("line", "cadence", "topics", "follows", "tailored"),
    [
        pytest.param("monthly,,", "monthly", [], [], True, id="monthly"),
        pytest.param("followed,,beta;alpha", "followed", [], ["alpha", "beta"], True, id="follows"),
        pytest.param("followed,,", "weekly", [], [], False, id="following nothing"),
        pytest.param("weekly,Audio,", "weekly", ["Audio"], [], True, id="topics"),
        pytest.param(",,alpha", "weekly", [], ["alpha"], False, id="only followed"),
    ],
)
def test_wishes_come_along_and_the_letter_is_worked_out_by_them(
    database, line, cadence, topics, follows, tailored
):
    with database.writing() as session:
        bring(session, f"email,locale,cadence,topics,follows\nines@reader.example,nb,{line}\n")

        ines = by_address(session, INES)
        assert ines is not None
        assert (ines.cadence, ines.topics, ines.follows) == (cadence, topics, follows)
        assert (ines.tailored, ines.locale) == (tailored, "nb")


def test_wishes_in_a_file_do_not_replace_somebodys_own(database):
    with database.writing() as session:
        ines = make_subscriber(session, profile=Profile().wishing("monthly", topics=["Audio"]))
        bring(session, "email,cadence,topics\nines@reader.example,weekly,Design\n")

        assert (ines.cadence, ines.topics, ines.tailored) == ("monthly", ["Audio"], True)
