import quopri
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import permutations
from threading import Barrier
from typing import Any

import orjson
import pytest

from newsletter.content.catalogue import lookup
from newsletter.content.catalogue.listing import as_json
from newsletter.content.importing import import_documents
from newsletter.content.pages.documents import Document
from newsletter.content.refusals import Refusal
from newsletter.database import Database
from tests.newsletter.content.page_factory import ADDRESS, LAMP, page, seeds
from tests.newsletter.content.pages.test_tool_page import SPACED as TOOL_PAGE

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
PAIR_FILE = f"{ADDRESS.rpartition('/')[2]}.txt"


def bring_in(
    database: Database, *documents: Document | Refusal, address: str | None = None
) -> dict[str, Any]:
    return import_documents(database.writing, documents, now=NOW, address=address).as_json()


def listed(database: Database) -> list[dict[str, Any]]:
    with database.reading() as session:
        return [as_json(entry) for entry in lookup.entries(session)]


def document(text: str, source: str = "page.txt", address: str | None = None) -> Document:
    return Document(source, text.encode(), address)


@pytest.mark.parametrize(
    ("form", "source", "address", "claimed"),
    [
        (page().compact(), "x.txt", None, ADDRESS),
        (page().spaced(), PAIR_FILE, None, None),
        (page().compact(), ADDRESS, ADDRESS, None),
        (page().html(f'<link rel="canonical" href="{ADDRESS}">'), "-", None, None),
        (
            page().html(f'<link rel="canonical" href="{ADDRESS}">'),
            "x.txt",
            "http://localhost/x",
            None,
        ),
    ],
    ids=["claimed", "file name", "fetched", "canonical link", "canonical link of a fetched copy"],
)
def test_every_form_gives_the_same_comparison(database, form, source, address, claimed):
    bring_in(database, document(form, source, address), address=claimed)

    (entry,) = listed(database)
    assert entry["slug_a"] == "ledger-lamp-git-history-2026"
    assert entry["slug_b"] == "quiet-index-local-search"
    assert (entry["tool_a"]["panel_percent"], entry["tool_b"]["panel_percent"]) == (75, 50)
    assert entry["tool_a"]["community_percent"] is None
    assert len(entry["quotes"]) == 5


def test_all_forms_of_one_page_are_one_comparison(database):
    report = bring_in(
        database,
        document(page().compact()),
        document(page().spaced(), PAIR_FILE),
        document(page().html()),
        document(page().compact()[:500]),
    )

    assert report == {"added": 1, "filled": 1, "unchanged": 2, "refused": [], "conflicts": []}


def test_what_is_listed_can_be_imported_again(database):
    bring_in(database, document(page().compact()), document(TOOL_PAGE))
    before = listed(database)

    report = bring_in(database, document(orjson.dumps(before).decode(), "list.json"))

    assert report == {"added": 0, "filled": 0, "unchanged": 1, "refused": [], "conflicts": []}
    assert listed(database) == before


def test_the_list_has_exactly_the_documented_form(database):
    bring_in(database, document(page().compact()), address=ADDRESS)

    (entry,) = listed(database)
    assert list(entry) == [
        "slug_a", "slug_b", "tool_a", "tool_b", "quotes", "date", "date_origin", "first_seen",
    ]  # fmt: skip
    assert list(entry["tool_a"]) == [
        "slug", "name", "category", "tagline", "panel_percent", "community_percent", "entry",
        "description",
    ]  # fmt: skip
    assert entry["quotes"][1] == {
        "side": "b",
        "position": 1,
        "text": "A solid index, but the “local” claim ends at 10 GB",
        "complete": True,
    }
    assert (entry["date"], entry["date_origin"]) == ("2026-11-21", "first_seen")
    assert entry["first_seen"] == "2026-11-21T10:00:00+00:00"


def test_a_tool_page_dates_the_comparisons_of_its_tool(database):
    address = "https://shiporskip.io/compare/ledger-lamp-2026-vs-quiet-index"
    bring_in(database, document(page().compact()), address=address)

    report = bring_in(database, document(TOOL_PAGE))

    assert report["filled"] == 1
    assert [(entry["date"], entry["date_origin"]) for entry in listed(database)] == [
        ("2026-04-24", "reviewed")
    ]


def test_what_cannot_be_read_is_refused_and_the_rest_goes_in(database):
    report = bring_in(
        database,
        document("Only prose.\n\nNothing else.", "prose.txt"),
        document(page().compact(), "good.txt"),
        Document("picture.txt", b"GIF89a\x00\x01"),
        Document("latin.txt", "AI tool comparison\nCafé vs B".encode("latin-1")),
        document("", "empty.txt"),
        Refusal("missing.txt", "no such file"),
        document('{"slug_a": 1}', "bad.json"),
    )

    assert report["added"] == 1
    reasons = {one["source"]: one["reason"] for one in report["refused"]}
    assert set(reasons) == {
        "prose.txt", "picture.txt", "latin.txt", "empty.txt", "missing.txt", "bad.json",
    }  # fmt: skip
    assert reasons["prose.txt"].startswith("line 3: no title")
    assert reasons["latin.txt"] == "line 2: not UTF-8 text; save the page as UTF-8"
    assert reasons["picture.txt"] == "line 1: a binary file, not the text of a page"
    assert reasons["bad.json"].startswith("slug_a: ")


def test_a_page_that_a_browser_packed_into_one_file_is_refused_for_its_letters_are_in_code(
    database,
):
    head = (
        f"From: <Saved by a browser>\r\nSnapshot-Content-Location: {ADDRESS}\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tboundary="--x"\r\n\r\n----x\r\n'
        "Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    coded = quopri.encodestring(page().html().replace("><", ">\n<").encode())

    report = bring_in(database, Document("page.mhtml", head.encode() + coded))

    assert report["added"] == 0
    assert report["refused"][0]["reason"].startswith("line 1: a web archive (MHTML)")


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("https://shiporskip.io/about", "is no address of a comparison"),
        ("https://shiporskip.io/tool/ledger-lamp", "that of a tool"),
        ("https://shiporskip.io/compare/lamp-vs-lamp", "with itself"),
        ("https://shiporskip.io/compare/a-vs-b-vs-c", "2 ways"),
    ],
)
def test_an_address_that_does_not_fit_is_refused(database, address, reason):
    (refusal,) = bring_in(database, document(page().compact()), address=address)["refused"]

    assert reason in refusal["reason"]


def test_a_tool_compared_with_itself_needs_an_address(database):
    itself = page(b=page().a).compact()

    (refusal,) = bring_in(database, document(itself))["refused"]

    assert "both sides are “Ledger Lamp”" in refusal["reason"]


def test_a_file_cut_inside_a_character_is_still_read(database):
    content = page().compact().encode()
    inside = content.rindex("“".encode()) + 1

    report = bring_in(database, Document("cut.txt", content[:inside]))

    assert report["added"] == 1


def test_utf_16_is_read_by_its_byte_order_mark(database):
    assert bring_in(database, Document("x.txt", page().compact().encode("utf-16")))["added"] == 1


def test_a_line_of_an_html_page_is_said_to_be_one_of_its_visible_text(database):
    (refusal,) = bring_in(database, document("<html><body><p>Hello</p></body></html>"))["refused"]

    assert refusal["reason"].startswith("line 1: (of the visible text) no title")


def test_two_processes_that_import_the_same_page_at_once_store_it_once(database):
    start = Barrier(2)

    def bring_in_at_once(_number):
        start.wait()
        return bring_in(database, document(page().compact()))

    with ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(bring_in_at_once, range(2)))

    assert sorted(report["added"] for report in reports) == [0, 1]
    assert len(listed(database)) == 1


def test_a_conflict_is_in_the_report(database):
    newer = page().compact().replace("75%\nPanel", "100%\nPanel")

    report = bring_in(database, document(page().compact()), document(newer, "newer.txt"))

    assert report["filled"] == 1
    assert report["conflicts"] == [
        {"source": "newer.txt", "field": "tool_a.panel_percent", "old": 75, "new": 100}
    ]


def test_the_real_pages_go_in_and_a_second_time_change_nothing(database):
    documents = [document(text, f"{number}.txt") for number, text in enumerate(seeds())]

    first, second = bring_in(database, *documents), bring_in(database, *documents)

    assert (first["added"], first["refused"]) == (2, [])
    assert (second["added"], second["filled"], second["unchanged"]) == (0, 0, 2)


def compared(*slugs: str) -> str:
    return f"https://shiporskip.io/compare/{'-vs-'.join(slugs)}"


@pytest.mark.parametrize("arriving", [*permutations(range(4))], ids=str)
def test_the_real_pages_keep_their_tools_under_addresses_of_either_order(database, arriving):
    medium, large = (document(text) for text in seeds())
    imports = [
        (medium, None),
        (large, None),
        (medium, compared("mistral-medium-3-2", "smolvlm2-turbo")),
        (large, compared("smolvlm2-turbo", "mistral-large-3")),
    ]

    reports = [bring_in(database, imports[at][0], address=imports[at][1]) for at in arriving]

    assert not any(report["refused"] or report["conflicts"] for report in reports)
    assert [
        {(tool["slug"], tool["name"]) for tool in (one["tool_a"], one["tool_b"])}
        for one in listed(database)
    ] == [
        {("mistral-large-3", "Mistral Large 3"), ("smolvlm2-turbo", "SmolVLM2 Turbo")},
        {("mistral-medium-3-2", "Mistral Medium 3.2"), ("smolvlm2-turbo", "SmolVLM2 Turbo")},
    ]


def test_the_address_of_another_page_overwrites_nothing(database):
    quill = page(a=replace(LAMP, name="Quill 2", tagline="Writes", description="It writes."))
    address = compared("ledger-lamp-2026", "quiet-index-2026")
    bring_in(database, document(page().compact()), address=address)
    before = listed(database)

    report = bring_in(database, document(quill.compact()), address=address)

    assert report["refused"] == [
        {
            "source": "page.txt",
            "reason": "the address names “ledger-lamp-2026”, which is stored as “Ledger Lamp”; "
            "the page is about “Quill 2”: check the address",
        }
    ]
    assert listed(database) == before


def test_another_spelling_of_a_name_is_a_conflict_that_the_newer_wins(database):
    bring_in(database, document(page().compact()), address=ADDRESS)

    respelled = document(page(a=replace(LAMP, name="Ledger-Lamp")).compact())
    report = bring_in(database, respelled, address=ADDRESS)

    assert report["conflicts"] == [
        {
            "source": "page.txt",
            "field": "tool_a.name",
            "old": "Ledger Lamp",
            "new": "Ledger-Lamp",
        }
    ]


def test_json_names_its_slugs_itself(database):
    bring_in(database, document(page().compact()), address=ADDRESS)
    (entry,) = listed(database)
    for side, slug in (("a", entry["slug_b"]), ("b", entry["slug_a"])):
        entry[f"slug_{side}"] = entry[f"tool_{side}"]["slug"] = slug + "-2"

    report = bring_in(database, document(orjson.dumps(entry).decode()))

    assert report["added"] == 1
    assert [one["tool_a"]["slug"] for one in listed(database)][-1] == "quiet-index-local-search-2"


@contextmanager
def one_tool_a_name(database: Database) -> Iterator[None]:
    """Let the database have a rule that the catalogue does not know of."""
    with database.writing() as session:
        session.connection().exec_driver_sql("CREATE UNIQUE INDEX one_name ON tools (name)")
    try:
        yield
    finally:
        with database.writing() as session:
            session.connection().exec_driver_sql("DROP INDEX one_name")


def test_what_the_database_will_not_hold_is_refused_and_the_rest_goes_in(database):
    namesake = page(a=replace(LAMP, tagline="Another launch", description="Another text."))
    third = page(a=replace(LAMP, name="Quill"))

    with one_tool_a_name(database):
        report = bring_in(
            database,
            document(page().compact()),
            document(namesake.compact(), "namesake.txt"),
            document(third.compact()),
        )

    assert report["added"] == 2
    (refusal,) = report["refused"]
    assert refusal["source"] == "namesake.txt"
    assert refusal["reason"].startswith("cannot stand beside what is stored")
    assert {one["tool_a"]["name"] for one in listed(database)} == {"Ledger Lamp", "Quill"}
