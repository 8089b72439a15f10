"""Readers as editors see them: found, shown, acted upon, each time noted; addresses only for who may see them."""

import csv
import io
import re
from datetime import timedelta

import pytest
from sqlmodel import select

from newsletter.delivery.models import Delivery
from newsletter.editors.models import ActRow
from newsletter.editors.roles import Role
from newsletter.feedback.models import ProviderEvent
from newsletter.notices.letters import LetterKind
from newsletter.notices.rows import write_to
from newsletter.service import Service
from newsletter.timeline import Key, Kind
from newsletter.votes import polls
from newsletter.votes.rules import Choice
from newsletter.web.editor.readers import reader as reader_page
from newsletter.web.editor.readers import suppressions as suppressions_page
from newsletter.web.editor.readers.timeline_words import masked
from subscribers import queries
from subscribers.address import Address
from subscribers.changing import keep
from subscribers.consent import Actor, Consent, ConsentEvent
from subscribers.exporting import write_csv
from subscribers.import_chunk import ImportTerms
from subscribers.models import Subscriber, SuppressionReason
from subscribers.states import State
from subscribers.suppression import suppress
from tests.factories import MONDAY, add_subscribers, store_comparisons
from tests.newsletter.votes.leaving import begin_to_leave
from tests.newsletter.web.conftest import BOTH
from tests.newsletter.web.editing import noted, signed_in, statements, words
from tests.subscribers.test_undoing import bring
from tests.suppression import is_suppressed

LIST = "/editor/subscribers"
ADDRESS = "reader1@example.org"
MASKED = "r…@example.org"


@pytest.fixture
def reader(service: Service) -> Subscriber:
    with service.database.writing() as session:
        return add_subscribers(session, 3, pepper=service.pepper)[0]


def place(reader: Subscriber, *more: str) -> str:
    return "/".join((LIST, reader.public_id, *more))


def now_of(service: Service, reader: Subscriber) -> Subscriber:
    with service.database.reading() as session:
        found = queries.by_public_id(session, reader.public_id)
    assert found is not None
    return found


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("typed", [ADDRESS, " Reader1@EXAMPLE.org ", None])
def test_a_reader_is_found_by_address_or_id_and_no_address_goes_further(
    service, reader, role, typed
):
    client = signed_in(service, role)
    answer = client.post(f"{LIST}/find", data={"wanted": typed or reader.public_id})
    assert (answer.status_code, answer.headers["location"]) == (303, place(reader))
    shown = client.get(place(reader)).text

    assert MASKED in words(shown)
    assert ADDRESS not in shown
    assert f"<title>Reader {reader.public_id} ·" in shown
    assert noted(service) == [("looked-up", f"reader {reader.public_id}", "")]


def test_who_is_not_there_is_said_and_so_is_who_is_only_suppressed(service, reader):
    client = signed_in(service, Role.VIEWER)
    with service.database.writing() as session:
        gone = Address.parse("gone@example.org")
        suppress(session, gone, pepper=service.pepper, now=MONDAY)
    said = {}
    for typed in ("nobody@example.org", "gone@example.org", "nobody-at-all", "Nobody_here1"):
        answer = client.post(f"{LIST}/find", data={"wanted": typed})
        said[typed] = answer.headers["location"].removeprefix(f"{LIST}?found=")
    refused = client.post(f"{LIST}/find", data={"wanted": "no@address@"})

    assert set(said.values()) == {"nobody", "suppressed"}
    assert said["gone@example.org"] == "suppressed"
    assert refused.status_code == 422
    assert 'value="no@address@"' in refused.text
    assert "@" not in repr(noted(service))


def test_states_are_counted(service, reader):
    text = words(signed_in(service, Role.VIEWER).get(LIST).text)
    assert "3 people" in text
    assert "active 3 get letters" in text


def test_a_whole_address_is_shown_to_who_asked_for_a_while_and_that_is_noted(service, reader):
    editor, viewer = signed_in(service, Role.EDITOR), signed_in(service, Role.VIEWER)
    assert editor.post(place(reader, "address")).headers["location"] == place(reader)
    assert ADDRESS in editor.get(place(reader)).text
    assert ADDRESS not in viewer.get(place(reader)).text
    assert "the whole address" not in viewer.get(place(reader)).text
    assert viewer.post(place(reader, "address")).status_code == 403
    assert noted(service) == [("address-seen", f"reader {reader.public_id}", "")]

    with service.database.writing() as session:
        [seen] = session.exec(select(ActRow).where(ActRow.act == "address-seen")).all()
        seen.at -= reader_page.SEEN_FOR + timedelta(seconds=1)
    assert ADDRESS not in editor.get(place(reader)).text


@pytest.mark.parametrize(
    ("act", "form", "state"),
    [
        ("suppress", {"reason": "asked by phone"}, State.SUPPRESSED),
        ("unsubscribe", {}, State.UNSUBSCRIBED),
        ("withdraw-links", {}, State.ACTIVE),
        ("erase", {"sure": "yes"}, State.ERASED),
    ],
)
def test_what_commands_do_pages_do_and_note(service, reader, act, form, state):
    client = signed_in(service, Role.OWNER)
    answer = client.post(place(reader, act), data=form)
    said = words(client.get(answer.headers["location"]).text)

    after = now_of(service, reader)
    assert answer.status_code == 303
    assert after.state == state
    assert after.token_epoch == (act == "withdraw-links")
    [(_, subject, detail)] = noted(service)
    assert (subject, detail) == (f"reader {reader.public_id}", "")
    assert "this reader" in said


def test_a_suppressed_reader_is_released_and_needs_their_own_yes(service, reader):
    client = signed_in(service, Role.EDITOR)
    client.post(place(reader, "suppress"), data={"reason": "by mistake"})
    assert "by mistake" in words(client.get(place(reader)).text)
    client.post(place(reader, "release"), data={"reason": "it was"})
    again = client.post(place(reader, "release"), data={"reason": "it was"})

    assert now_of(service, reader).state == State.UNSUBSCRIBED
    assert again.headers["location"].endswith("?done=same")
    assert [detail for *_, detail in noted(service)] == ["", "", "as before"]


@pytest.mark.parametrize(
    ("act", "form", "done"),
    [
        ("suppress", {"reason": "  "}, "reason"),
        ("suppress", {"reason": f"it is {ADDRESS}"}, "reason"),
        ("release", {}, "reason"),
        ("erase", {}, "sure"),
    ],
)
def test_without_a_reason_or_a_second_yes_nothing_is_done(service, reader, act, form, done):
    client = signed_in(service, Role.OWNER)
    answer = client.post(place(reader, act), data=form)

    assert answer.headers["location"] == f"{place(reader)}?done={done}"
    assert now_of(service, reader).state == State.ACTIVE
    assert noted(service) == []


def test_to_erase_is_asked_twice(service, reader):
    client = signed_in(service, Role.OWNER)
    assert f'href="{place(reader, "erase")}"' in client.get(place(reader)).text
    asked = client.get(place(reader, "erase")).text
    assert "This cannot be undone" in asked
    assert ADDRESS not in asked
    client.post(place(reader, "erase"), data={"sure": "yes"})

    after = client.get(place(reader)).text
    assert "On their behalf" not in after
    assert "nothing left" in client.get(place(reader, "erase")).text
    assert now_of(service, reader).email is None


def known_everywhere(service: Service) -> Subscriber:
    with service.database.writing() as session:
        store_comparisons(session, 1)
        [reader, *_] = add_subscribers(session, 3, pepper=service.pepper)
    number = begin_to_leave(service)
    with service.database.writing() as session:
        polls.vote(session, reader.public_id, number, place=1, choice=Choice.A, now=MONDAY)
        write_to(session, reader.public_id, LetterKind.EXPORT, key="a key", now=MONDAY)
        session.merge(
            Delivery(
                issue_number=number, subscriber_id=reader.number, batch=1,
                state="accepted", settled_at=MONDAY,
            )
        )  # fmt: skip
        session.add(
            ProviderEvent(
                dedupe_key="x", kind="bounced", reason=f"550 <{ADDRESS}> <b>unknown</b>",
                source="webhook", subscriber_id=reader.number, occurred_at=MONDAY,
                received_at=MONDAY,
            )
        )  # fmt: skip
    return reader


def test_a_timeline_tells_what_every_room_knows(service):
    reader = known_everywhere(service)
    client = signed_in(service, Role.EDITOR)
    client.post(place(reader, "withdraw-links"))
    page = client.get(place(reader)).text
    text = words(page)

    for said in (
        "From nobody to active, by operator",
        "Evidence: imported, by operator a test",
        "Issue 1: accepted",
        "The provider told: bounced 550 <r…@example.org> <b>unknown</b>",
        "Letter “export”: queued",
        "Voted in issue 1: the first tool",
        "e…@desk.example withdrew the links of this reader",
    ):
        assert said in text
    assert ADDRESS not in page


def test_a_timeline_is_read_a_page_at_a_time_without_a_gap(service, reader):
    count = 3 * reader_page.ON_A_PAGE + 5
    with service.database.writing() as session:
        same_instant = MONDAY - timedelta(days=1)
        for number in range(count):
            at = same_instant if number % 3 else MONDAY - timedelta(hours=number)
            event = ConsentEvent.CHANGED
            keep(session, reader, Consent(event=event, source=f"({number})", at=at))
    client, seen, path = signed_in(service, Role.VIEWER), [], place(reader)
    while path:
        page = client.get(path).text
        seen += re.findall(r"\((\d+)\)", words(page))
        path = next(iter(re.findall(rf'"({LIST}/[\w-]+\?before=[\w.-]+)"', page)), "")

    assert sorted(map(int, seen)) == list(range(count))


@pytest.mark.parametrize(
    "text", ["", "x", "20261123T090000.000000-none-1", "20269923T090000.000000-act-1"]
)
def test_a_damaged_key_is_none(text):
    assert Key.read(text) is None


def test_a_key_is_read_as_it_was_written():
    key = Key(MONDAY, Kind.VOTE, 7)
    assert Key.read(str(key)) == key


HOSTILE = '<script>alert("x")</script>'


def test_hostile_names_and_reasons_are_text(service):
    rows = io.StringIO()
    csv.writer(rows).writerows(
        [
            ("email", "name", "tags", "source", "attributes", "status"),
            ("o'reilly+<b>@example.org", "x", "", "", "", ""),
            (
                "o'reilly@example.org",
                HOSTILE,
                HOSTILE,
                HOSTILE,
                f'{{"a": "{HOSTILE[:8]}"}}',
                "active",
            ),
        ]
    )
    with service.database.writing() as session:
        terms = ImportTerms(HOSTILE, service.pepper, MONDAY)
        bring(session, rows.getvalue(), terms)
        [reader] = session.exec(select(Subscriber)).all()
        suppress(
            session,
            Address.parse("o'reilly@example.org"),
            pepper=service.pepper,
            now=MONDAY,
            note=HOSTILE,
        )
    client = signed_in(service, Role.OWNER)
    client.post(place(reader, "address"))
    for path in (place(reader), place(reader, "erase"), f"{LIST}/suppressions"):
        page = client.get(path).text
        assert "<script" not in page
    assert "o&#39;reilly@example.org" in client.get(place(reader)).text
    assert HOSTILE in words(client.get(f"{LIST}/suppressions").text.replace("&lt;", "‹")).replace(
        "‹", "<"
    )


def test_the_suppression_list_is_masked_and_paged(service, reader):
    with service.database.writing() as session:
        suppress(session, Address.parse(ADDRESS), pepper=service.pepper, now=MONDAY, note="first")
        for number in range(2 * suppressions_page.ON_A_PAGE):
            gone = Address.parse(f"gone{number}@example.org")
            suppress(session, gone, pepper=service.pepper, now=MONDAY, note=f"({number})")
    client, seen, path, last = signed_in(service, Role.VIEWER), [], f"{LIST}/suppressions", ""
    while path:
        last = client.get(path).text
        seen += re.findall(r"\((\d+)\)", words(last))
        path = next(iter(re.findall(r"/editor/subscribers/suppressions\?before=\d+", last)), "")

    assert seen == [str(number) for number in reversed(range(2 * suppressions_page.ON_A_PAGE))]
    assert MASKED in last
    assert ADDRESS not in last


def test_an_address_is_looked_up_on_the_suppression_list(service, reader):
    client = signed_in(service, Role.VIEWER)
    with service.database.writing() as session:
        suppress(session, Address.parse(ADDRESS), pepper=service.pepper, now=MONDAY, note="here")
    found = client.post(f"{LIST}/suppressions/find", data={"email": ADDRESS})
    none = client.post(f"{LIST}/suppressions/find", data={"email": "reader2@example.org"})

    assert re.fullmatch(rf"{LIST}/suppressions\?row=\d+", found.headers["location"])
    assert "here" in words(client.get(found.headers["location"]).text)
    assert none.headers["location"] == f"{LIST}/suppressions?done=none"
    assert "@" not in repr(noted(service))


def test_addresses_that_nobody_has_are_suppressed_and_released_by_hand(service):
    client, gone = signed_in(service, Role.EDITOR), Address.parse("gone@example.org")
    form = {"email": gone.text, "reason": "by phone"}
    client.post(f"{LIST}/suppressions/add", data=form)
    with service.database.reading() as session:
        assert is_suppressed(session, gone, pepper=service.pepper)
    answer = client.post(f"{LIST}/suppressions/release", data=form)
    with service.database.reading() as session:
        assert not is_suppressed(session, gone, pepper=service.pepper)
    assert client.post(f"{LIST}/suppressions/add", data=form | {"reason": ""}).status_code == 422
    assert answer.headers["location"] == f"{LIST}/suppressions?done=released"
    assert noted(service) == [
        ("reader-suppressed", "suppression 1", ""),
        ("reader-released", "suppression 1", ""),
    ]


def test_an_export_is_the_commands_and_noted(service, reader):
    client = signed_in(service, Role.OWNER)
    with service.database.reading() as session:
        written = io.StringIO(newline="")
        write_csv(session, written)
    answer = client.post(f"{LIST}/export")

    assert answer.content == written.getvalue().encode()
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="readers-2026-11-23.csv"'
    assert answer.headers["cache-control"] == "no-store"
    assert noted(service) == [("list-exported", "3 readers", "")]


def test_pages_cost_the_same_statements_however_much_there_is(service):
    reader = known_everywhere(service)
    client = signed_in(service, Role.OWNER)
    paths = (LIST, place(reader), f"{LIST}/suppressions", f"{LIST}/import")
    before = {path: statements(service.database, client, path) for path in paths}
    with service.database.writing() as session:
        add_subscribers(session, 200, pepper=service.pepper)
        for number in range(300):
            source = f"({number})"
            keep(session, reader, Consent(event=ConsentEvent.CHANGED, source=source, at=MONDAY))
            gone = Address.parse(f"gone{number}@example.org")
            suppress(session, gone, SuppressionReason.BOUNCE, pepper=service.pepper, now=MONDAY)
    assert {path: statements(service.database, client, path) for path in paths} == before
    assert max(before.values()) <= 14


def test_evidence_names_who_gave_it(service, reader):
    with service.database.writing() as session:
        said = Consent(
            event=ConsentEvent.CHANGED, source="by x@y.example", at=MONDAY, actor=Actor.OPERATOR
        )
        keep(session, reader, said)
    text = words(signed_in(service, Role.VIEWER).get(place(reader)).text)
    assert "Evidence: changed, by operator by x…@y.example" in text


@pytest.mark.parametrize("odd", ["%00", "%ff", "..%2f", "a" * 5000, "'", "\u202e", "short"])
def test_an_odd_id_is_nobodys(service, odd):
    owner = signed_in(service, Role.OWNER)
    answers = [owner.get(f"{LIST}/{odd}"), owner.post(f"{LIST}/{odd}/address")]
    assert {answer.status_code for answer in answers} == {404}


@BOTH
def test_what_no_database_keeps_is_no_error(service, reader):
    client = signed_in(service, Role.OWNER)
    nobody = client.post(f"{LIST}/find", data={"wanted": "\0" * len(reader.public_id)})
    client.post(place(reader, "suppress"), data={"reason": "asked\0for it"})
    assert nobody.headers["location"] == f"{LIST}?found=nobody"
    assert "asked\N{REPLACEMENT CHARACTER}for it" in words(client.get(place(reader)).text)


def test_of_an_address_with_an_apostrophe_no_more_is_shown_than_of_others():
    assert masked("to <miles.o'brien@example.org>") == "to <m…@example.org>"


def test_a_long_word_is_searched_for_addresses_once():
    long = "a" * 100_000
    assert masked(f"{long} ines@example.org,x%40y.example") == f"{long} i…@example.org,x…@y.example"
