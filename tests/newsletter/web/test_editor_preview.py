"""The letter before it leaves, as pages: the very bytes, whose they are, and nothing that gets out."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import escape, unescape

import pytest
from fastapi.testclient import TestClient

from newsletter.content.catalogue.store import save
from newsletter.content.comparison import Comparison, Quote
from newsletter.delivery.claiming import Recipient
from newsletter.editors import acts
from newsletter.editors.acts import Act
from newsletter.editors.models import TrialMailbox
from newsletter.editors.roles import Role
from newsletter.issues import life, store
from newsletter.issues.models import Issue, IssueChange
from newsletter.issues.states import IssueEvent
from newsletter.preflight import kept
from newsletter.preflight.samples import NOBODY
from newsletter.previews import copies
from newsletter.rendering.checks import Finding
from newsletter.rendering.dates import LANGUAGES
from newsletter.service import Service
from newsletter.web.app import create_app
from subscribers import languages, queries, wishes, zones
from subscribers.address import Address
from subscribers.tokens import Purpose
from subscribers.wishes import Wishes
from tests.factories import (
    MONDAY,
    SEEN,
    add_subscribers,
    make_comparison,
    make_tool,
    store_comparisons,
)
from tests.newsletter.editors.people import secret_for
from tests.newsletter.web.editing import statements
from tests.snapshot import changed, snapshot

READER = "reader1@example.org"
OWN = {"sec-fetch-site": "same-origin"}
PAGE = "/editor/issues/1"


@pytest.fixture
def issue(service: Service) -> Issue:
    with service.database.writing() as session:
        add_subscribers(session, 2)
        store_comparisons(session, 2)
        tools = make_tool("violin", category="Audio"), make_tool("oboe", category="Audio")
        save(session, make_comparison(*tools), now=SEEN)
    return service.desk.build(service.desk.slots.next(), actor="test")


@pytest.fixture
def editor(service: Service, issue: Issue) -> TestClient:
    return signed_in(service, Role.EDITOR)


def signed_in(service: Service, role: Role, address: str = "ines@desk.example") -> TestClient:
    client = TestClient(create_app(service), follow_redirects=False, headers=OWN)
    client.cookies.set("editor", secret_for(service, role, address))
    return client


def public_id(service: Service, address: str = READER) -> str:
    with service.database.reading() as session:
        reader = queries.by_address(session, Address.parse(address))
        assert reader is not None
        return reader.public_id


def words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def source(page: str) -> EmailMessage:
    """Read the message from the lines of the page that shows it."""
    found = re.search(r'<pre class="lines"[^>]*>(.*?)</pre>', page, re.DOTALL)
    assert found is not None
    lines = unescape(re.sub(r"<[^>]+>", "", found[1])).splitlines()
    return message_from_bytes("\r\n".join(lines).encode(), policy=policy.default)


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n").rstrip("\n")


def run(service: Service) -> EmailMessage:
    """Send the issue, and give what the reader finds."""
    service.desk.send(1, actor="test")
    folder = service.settings.data_dir / "outbox" / "issue-1"
    letters = [message_from_bytes(f.read_bytes(), policy=policy.default) for f in folder.iterdir()]
    return next(letter for letter in letters if letter["To"] == READER)


def as_a_test(service: Service, said: str, person: str) -> str:
    """Put the word of a test in the place of each of a reader's tokens."""
    for purpose in (Purpose.UNSUBSCRIBE, Purpose.PREFERENCES, Purpose.VOTE):
        said = said.replace(service.signer.sign(purpose, person, issue=1), "test")
    return said


def test_what_the_preview_shows_is_what_then_leaves(service, issue, editor):
    person = public_id(service)
    shown = source(editor.get(f"{PAGE}/preview?look=source&reader={person}").text)
    framed = editor.get(f"{PAGE}/raw?reader={person}").text
    sent = run(service)

    assert framed.rstrip("\n") == as_a_test(service, part(sent, "html"), person)
    for kind in ("plain", "html"):
        assert part(shown, kind) == as_a_test(service, part(sent, kind), person)
    assert shown.keys() == sent.keys()
    for name in set(sent.keys()) - {"Message-ID"}:
        assert shown[name] == as_a_test(service, sent[name], person), name


def test_the_bytes_of_a_copy_are_those_of_the_file_that_leaves(service, issue):
    letterhead = service.dispatch.sender.letterhead
    with service.database.reading() as session:
        reader = queries.by_address(session, Address.parse(READER))
    assert reader is not None
    assert reader.id is not None
    run(service)
    recipient = Recipient(reader.id, reader.public_id, READER, reader.token_epoch)
    message = letterhead.message(1, issue.local_date, recipient, "any")
    copy = copies.written(copies.mailing_of(letterhead, issue, None), message, now=MONDAY)

    files = (service.settings.data_dir / "outbox" / "issue-1").iterdir()
    assert copy.source in {file.read_bytes() for file in files}


def test_no_link_of_a_preview_is_anybodys(service, issue, editor):
    person = public_id(service)
    for look in ("letter", "text", "source", "dark", "word"):
        where = "preview" if look in ("text", "source") else "raw"
        answer = editor.get(f"{PAGE}/{where}?look={look}&reader={person}").text
        for purpose in (Purpose.UNSUBSCRIBE, Purpose.PREFERENCES, Purpose.VOTE):
            for whose in (person, NOBODY):
                assert service.signer.sign(purpose, whose, issue=1) not in answer


def test_the_frame_is_a_sandbox_on_both_sides(editor):
    page, raw = editor.get(f"{PAGE}/preview"), editor.get(f"{PAGE}/raw")

    assert re.search(
        r"<iframe[^>]* sandbox [^>]*src=\"/editor/issues/1/raw\?look=letter\"", page.text
    )
    assert "frame-src 'self'" in page.headers["content-security-policy"]
    rules = raw.headers["content-security-policy"].split("; ")
    assert rules[:4] == [
        "sandbox",
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "img-src data:",
    ]
    assert "frame-ancestors 'self'" in rules
    assert raw.headers["cache-control"] == "no-store"
    off = editor.get(f"{PAGE}/raw?look=no-images").headers["content-security-policy"]
    assert "img-src 'none'" in off


@pytest.mark.parametrize("odd", ["%00", "%ff", "'", "0", "70000", "a" * 500])
def test_an_odd_number_is_an_issue_that_is_not_there(editor, odd):
    for page in ("", "/preview", "/raw", "/difference"):
        assert editor.get(f"/editor/issues/{odd}{page}").status_code == 404


@pytest.mark.parametrize(
    "query", ["look=%00", "reader=%27", "reader=AAAAAAAAAAAA", "at=%22x", "zone=/etc"]
)
def test_an_odd_question_breaks_nothing(editor, query):
    assert editor.get(f"{PAGE}/preview?{query}").status_code in (200, 404)


def test_every_look_is_a_plain_link_that_keeps_whose_letter_it_is(service, editor):
    person = public_id(service)
    page = editor.get(f"{PAGE}/preview?reader={person}").text

    links = [unescape(link) for link in re.findall(r'href="(\?look=[^"]+)"', page)]
    kept = [link for link in links if f"reader={person}" in link]
    assert len(kept) == 11
    for link in kept:
        assert editor.get(f"{PAGE}/preview{link}").status_code == 200


def test_a_reader_is_found_by_exact_address_which_no_address_and_no_log_holds(service, editor):
    found = editor.post(f"{PAGE}/preview/reader", data={"email": "Reader1@Example.org"})
    lost = editor.post(f"{PAGE}/preview/reader", data={"email": "nobody@example.org"})
    wrong = editor.post(f"{PAGE}/preview/reader", data={"email": "nothing"})

    assert found.headers["location"] == f"{PAGE}/preview?reader={public_id(service)}"
    assert lost.headers["location"] == wrong.headers["location"] == f"{PAGE}/preview?missing=1"
    assert "Nobody on the list" in editor.get(lost.headers["location"]).text
    with service.database.reading() as session:
        noted = [act for act in acts.newest(session, 10) if act.act == Act.LETTER_SEEN]
    assert [act.subject for act in noted] == [
        "nobody", "nobody", acts.reader(public_id(service)),
    ]  # fmt: skip


def test_who_is_no_editor_sees_a_readers_letter_without_their_address(service, issue):
    viewer, person = signed_in(service, Role.VIEWER), public_id(service)

    for look in ("letter", "text", "source"):
        page = viewer.get(f"{PAGE}/preview?look={look}&reader={person}").text
        assert READER not in page
        assert "r…@example.org" in page
    assert READER not in viewer.get(f"{PAGE}/raw?reader={person}").text


def test_a_reader_with_wishes_is_shown_their_edition_in_their_language(service, editor):
    person = public_id(service)
    with service.database.writing() as session:
        wish = Wishes("weekly", frozenset({"Audio"}))
        wishes.choose(session, person, wish, now=MONDAY, source="test")
        languages.choose_language(session, person, "de", offered=LANGUAGES)
        zones.choose_zone(session, person, "Asia/Tokyo")

    page = editor.get(f"{PAGE}/preview?look=text&reader={person}").text
    said = words(page)

    assert "the match-ups on their topics" in said
    assert "Montag, 30. November 2026" in said
    assert "Violin vs Oboe" in said
    assert "Left 1 vs Right 1" not in said
    assert "00:00 (UTC), at the newsletter’s hour in Asia/Tokyo" in said


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("cadence=weekly&topics=Audio", "the match-ups on their topics"),
        ("cadence=weekly&topics=Nothing", "nothing in it is on a topic"),
        ("cadence=monthly", "everything since their last letter"),
        ("cadence=followed&follows=oboe", "the match-ups with a tool they follow"),
        ("cadence=followed&follows=harp", "nothing in it has a tool"),
    ],
)
def test_anybodys_wishes_are_planned_as_readers_are(editor, query, expected):
    answer = editor.get(f"{PAGE}/preview?look=text&{query}")

    assert expected in words(answer.text)
    assert editor.get(f"{PAGE}/raw?{query}").status_code == (404 if "nothing" in expected else 200)


def test_after_it_has_left_the_books_say_what_a_reader_got(service, editor):
    person = public_id(service)
    service.desk.send(1, actor="test")
    with service.database.writing() as session:
        late = Wishes("weekly", frozenset({"Audio"}))
        wishes.choose(session, person, late, now=MONDAY, source="test")
        [new] = [one for one in add_subscribers(session, 3) if one.email == "reader3@example.org"]

    assert "the whole issue" in words(editor.get(f"{PAGE}/preview?reader={person}").text)
    assert "2 accepted" in words(editor.get(PAGE).text)
    assert editor.get("/editor").status_code == 200
    page = words(editor.get(f"{PAGE}/preview?reader={new.public_id}").text)
    assert "not among those it goes to" in page


def test_what_is_hostile_is_text_on_every_page(service, editor):
    bad = "<script>alert(1)</script>"
    tools = make_tool("evil", name=f"Evil {bad}"), make_tool("good", tagline=bad)
    quotes = tuple(Quote(side, at, f"It {bad} works well.") for at in (1, 2) for side in ("a", "b"))
    with service.database.writing() as session:
        save(session, Comparison(*tools, quotes), now=SEEN)
        issue = store.get(session, 1)
        life.change(session, issue, IssueEvent.HELD, now=MONDAY, actor=bad, reason=bad)
    built = service.desk.build(service.desk.slots.next(), actor=bad)
    with service.database.writing() as session:
        found = [Finding(bad, "block", f"{bad!r} is wrong", bad)]
        kept.keep(session, store.get(session, built.number), found, now=MONDAY)
    query = f"cadence=weekly&topics={bad}"

    for path in (
        "/editor/issues",
        PAGE,
        f"{PAGE}/difference",
        *(f"{PAGE}/preview?{query}&look={look}" for look in ("letter", "text", "source", "word")),
        *(f"{PAGE}/raw?look={look}" for look in ("letter", "word", "inverted", "dark", "archive")),
    ):
        page = editor.get(path).text
        assert bad not in page, path
        assert "<script" not in page, path
    assert escape(bad) in editor.get(PAGE).text


def test_preflight_looks_when_asked_and_each_finding_leads_to_its_spot(service, editor):
    asked = editor.post(f"{PAGE}/check")
    assert asked.headers["location"] == f"{PAGE}?done=checked#findings"
    assert "it may leave as it is" in editor.get(PAGE).text
    with service.database.writing() as session:
        issue = store.get(session, 1)
        found = [
            Finding("a", "block", "wrong", "html: Violin vs Oboe"),
            Finding("b", "hold", "long", "text: Violin vs Oboe"),
            Finding("c", "note", "unset", "settings"),
        ]
        kept.keep(session, issue, found, now=MONDAY)

    page = editor.get(PAGE).text
    [to_card] = re.findall(r'href="([^"]+#frame)"', page)
    [to_line] = re.findall(r'href="[^"]+look=text#(line-\d+)"', page)
    anchor = re.search(r"at=([a-z0-9-]+)", to_card)
    assert anchor is not None
    assert f'id="{anchor[1]}"' in editor.get(f"{PAGE}/raw").text
    assert f'id="{to_line}"' in editor.get(f"{PAGE}/preview?look=text").text
    assert f'raw?look=letter#{anchor[1]}"' in editor.get(unescape(to_card)).text


def test_what_was_found_in_another_letter_is_said_to_be_old(service, editor):
    editor.post(f"{PAGE}/check")
    with service.database.writing() as session:
        issue = store.get(session, 1)
        issue.subject, issue.content_hash = "Another subject", "another"

    assert "The letter was changed since" in editor.get(PAGE).text


def test_a_change_after_the_approval_is_seen_and_shown(service, editor):
    service.desk.approve(1, actor="ines")
    assert "nothing is different" in editor.get(f"{PAGE}/difference?since=approved").text
    with service.database.writing() as session:
        save(session, make_comparison("harp", "lute"), now=SEEN)
    built = service.desk.build(service.desk.slots.next(), actor="test")
    assert built.approved_hash is None

    page, since = editor.get(PAGE).text, editor.get(f"{PAGE}/difference?since=approved").text
    assert "What was changed since" in page
    assert "by ines" in words(since)
    assert "Harp vs Lute new" in words(since)


def test_who_approved_it_last_is_told_by_a_masked_address(service, editor):
    service.desk.approve(1, actor="editor 1")

    assert re.search(r"by \w…@desk.example", editor.get(f"{PAGE}/difference?since=approved").text)


def test_a_test_copy_goes_to_each_mailbox_and_the_books_know_nothing_of_it(service, editor):
    for name in ("one", "two"):
        editor.post("/editor/mailboxes", data={"email": f"{name}@desk.example"})
    before = snapshot(service.database)
    answer = editor.post(f"{PAGE}/test")

    assert answer.headers["location"] == f"{PAGE}?done=tested&sent=2&of=2"
    assert "2 of 2 test copies were accepted" in editor.get(answer.headers["location"]).text
    differing = changed(before, snapshot(service.database))
    assert set(differing) == {"editor_acts", "sign_up_budgets"}
    files = list((service.settings.data_dir / "outbox" / "issue-1-test").iterdir())
    letters = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
    assert {letter["To"] for letter in letters} == {"one@desk.example", "two@desk.example"}
    assert all(letter["Subject"].startswith("[Test] ") for letter in letters)
    with service.database.reading() as session:
        [last] = acts.newest(session, 1)
    assert (last.act, last.subject, last.detail) == ("test-sent", "issue 1", "to 2 mailboxes")


def test_test_copies_have_an_end_within_an_hour(editor):
    editor.post("/editor/mailboxes", data={"email": "one@desk.example"})
    answers = [editor.post(f"{PAGE}/test").headers["location"] for _ in range(7)]

    assert answers[5].endswith("sent=1&of=1")
    assert answers[6] == f"{PAGE}?done=too-often"
    assert "wait a little" in editor.get(answers[6]).text


def test_the_list_of_mailboxes_is_short_and_has_each_once(service, editor):
    for number in (1, 1, *range(2, 11)):
        answer = editor.post("/editor/mailboxes", data={"email": f"m{number}@desk.example"})
        assert answer.status_code == 303
    eleventh = editor.post("/editor/mailboxes", data={"email": "m11@desk.example"})
    assert eleventh.status_code == 409
    page = editor.get("/editor/mailboxes").text
    first = re.findall(r"/editor/mailboxes/(\d+)/remove", page)[0]
    assert editor.post(f"/editor/mailboxes/{first}/remove").status_code == 303

    assert "m1@desk.example" not in editor.get("/editor/mailboxes").text
    assert (
        "m2@desk.example"
        not in signed_in(service, Role.VIEWER, "v@desk.example").get("/editor/mailboxes").text
    )


def test_looking_costs_the_same_few_statements_with_many_rows(service, editor):
    paths = (
        "/editor/issues",
        PAGE,
        f"{PAGE}/preview?look=text",
        f"{PAGE}/raw",
        f"{PAGE}/preview?cadence=weekly&topics=Audio",
        f"{PAGE}/preview?reader={public_id(service)}",
        f"{PAGE}/difference",
        "/editor/mailboxes",
    )

    def counted() -> list[int]:
        return [statements(service.database, editor, path) for path in paths]

    few = counted()
    with service.database.writing() as session:
        known = store.get(session, 1).model_dump()
        for number in range(2, 202):
            other = {**known, "number": number, "schedule": f"other {number}", "sending_at": SEEN}
            session.add(Issue(**other))
        session.add_all(
            IssueChange(
                issue_number=1,
                event="timed",
                from_state="draft",
                to_state="draft",
                at=MONDAY,
                actor="test",
            )
            for _ in range(300)
        )
        session.add_all(
            TrialMailbox(email=f"m{at}@desk.example", address_key=f"m{at}", added_at=MONDAY)
            for at in range(300)
        )

    assert counted() == few
    assert max(few) <= 14
