"""A list brought in by the pages: uploaded, its columns chosen, tried out, imported, taken back; and interrupted."""

import asyncio
import os
import re
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from fastapi.concurrency import run_in_threadpool
from fastapi.testclient import TestClient
from sqlmodel import select

from newsletter.editors.acts import COMMAND
from newsletter.editors.roles import Role
from newsletter.service import Service
from newsletter.uploads.multipart import FilePart, NoMultipart
from newsletter.uploads.shelf import KEPT_FOR, Task, Upload
from newsletter.web.bodies import LARGER
from subscribers import import_log
from subscribers.import_log import Import
from subscribers.models import Subscriber
from subscribers.queries import counts
from subscribers.states import State
from tests.factories import MONDAY
from tests.newsletter.web.editing import noted, signed_in, words
from tests.snapshot import changed, snapshot
from tests.subscribers.test_importing import FILES, RIVALS

HERE = "/editor/subscribers/import"
CONSENT = "ticked the box on the old site"


def settled() -> None:
    """Wait until no list is being worked on."""
    for thread in threading.enumerate():
        if thread.name == "import":
            thread.join()


def upload(client: TestClient, content: bytes | str, name: str = "list.csv") -> Any:
    return client.post(HERE, files={"file": (name, content, "text/csv")})


def form_of(page: str) -> dict[str, str]:
    """Fill the form in as the page shows it."""
    columns = re.findall(r'<select id="(column-\d+)".*?</select>', page, re.DOTALL)
    found = {
        name: (re.findall(rf'name="{name}">.*?</select>', page, re.DOTALL) or [""])[0]
        for name in columns
    }
    return {
        name: (re.findall(r'value="([^"]*)" selected', options) or [""])[0]
        for name, options in found.items()
    }


def ref_on(page: str) -> str:
    found: list[str] = re.findall(r'name="ref" value="(\w+)"', page)
    return found[0]


def discarded(client: TestClient) -> str:
    form = {"ref": ref_on(client.get(HERE).text)}
    return client.post(f"{HERE}/discard", data=form).headers["location"]


def tried(client: TestClient, consent: str = CONSENT, **columns: str) -> str:
    page = client.get(HERE).text
    form = form_of(page) | {"ref": ref_on(page), "consent": consent} | columns
    answer = client.post(f"{HERE}/try", data=form)
    assert answer.status_code in (303, 422)
    settled()
    return client.get(HERE).text if answer.status_code == 303 else answer.text


def imported(client: TestClient) -> str:
    form = {"ref": ref_on(client.get(HERE).text)}
    assert client.post(f"{HERE}/go", data=form).headers["location"] == HERE
    settled()
    return client.get(HERE).text


def people(service: Service) -> dict[State, int]:
    with service.database.reading() as session:
        return {state: number for state, number in counts(session).items() if number}


@pytest.fixture
def owner(service):
    return signed_in(service, Role.OWNER)


@pytest.mark.parametrize("name", [*RIVALS, "broken_lines.csv"])
def test_a_list_of_any_service_comes_in_as_it_was_tried_out_and_is_taken_back(service, owner, name):
    before = snapshot(service.database)
    assert upload(owner, (FILES / name).read_bytes(), name).headers["location"] == HERE
    rehearsed = tried(owner)
    assert set(changed(before, snapshot(service.database))) == {"editor_acts"}
    said = re.findall(r"<dt>(\w+)</dt><dd><b>([\d,]+)</b>", rehearsed)
    done = imported(owner)

    assert said == re.findall(r"<dt>(\w+)</dt><dd><b>([\d,]+)</b>", done)
    with service.database.reading() as session:
        [row] = session.exec(select(Import)).all()
    assert [(outcome, str(number)) for outcome, number in row.counts.items()] == said
    assert not service.workshop.shelf.file.exists()
    if row.counts["added"]:
        answer = owner.post(f"{HERE}/undo", data={"ref": row.ref})
        assert answer.headers["location"] == f"{HERE}?done=undone"
        left = changed(before, snapshot(service.database))
        assert set(left) == {"editor_acts", "imports"}
        assert "Taken back" in words(owner.get(HERE).text)


def test_all_of_it_is_noted_without_an_address(service, owner):
    upload(owner, "email\nnew@example.org\n", "ines@example.org.csv")
    tried(owner)
    imported(owner)
    owner.post(f"{HERE}/undo", data={"ref": last(service).ref})
    assert discarded(owner) == f"{HERE}?done=discarded"

    number = last(service).id
    assert [(act, subject) for act, subject, _ in noted(service)] == [
        ("list-uploaded", "a list"),
        ("list-tried-out", "a list"),
        ("imported", f"import {number}"),
        ("import-undone", f"import {number}"),
        ("list-discarded", "a list"),
    ]
    assert "@" not in repr(noted(service))


def last(service: Service) -> Import:
    with service.database.reading() as session:
        found = import_log.last(session)
    assert found is not None
    return found


def test_columns_are_shown_as_they_were_recognised_and_can_be_chosen(service, owner):
    upload(owner, "Correo,Apodo,E-mail\nines@example.org,Inés,wrong\n")
    assert form_of(owner.get(HERE).text) == {"column-0": "", "column-1": "", "column-2": "email"}
    tried(owner, **{"column-0": "email", "column-1": "name", "column-2": ""})
    imported(owner)

    with service.database.reading() as session:
        [ines] = session.exec(select(Subscriber)).all()
    assert (ines.email, ines.name) == ("ines@example.org", "Inés")


@pytest.mark.parametrize("columns", [{"column-0": ""}, {"column-1": "email"}])
def test_one_column_has_to_hold_the_addresses(service, owner, columns):
    upload(owner, "email,name\nines@example.org,Inés\n")
    assert "which column holds the addresses" in tried(owner, **columns)


def test_nobody_is_added_without_a_word_on_how_they_agreed(service, owner):
    upload(owner, "email,status\nines@example.org,\nleft@example.org,unsubscribed\n")
    assert "Nobody said where and how" in words(tried(owner, consent=""))
    imported(owner)
    assert people(service) == {State.UNSUBSCRIBED: 1}


@pytest.mark.parametrize(
    "content", [b"", (FILES / "spreadsheet.xlsx.csv").read_bytes(), b",".join([b"a"] * 300)]
)
def test_what_is_no_list_is_refused_and_not_kept(service, owner, content):
    answer = upload(owner, content)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert service.workshop.shelf.look() is None
    assert not list(service.workshop.shelf.file.parent.glob("arriving*"))


def test_a_form_without_a_file_or_a_file_too_large_is_refused(service, owner):
    assert owner.post(HERE, data={"file": "x"}).status_code == 422
    assert owner.post(HERE, files={"other": ("x", b"email\n")}).status_code == 422
    large = {
        "content-length": str(LARGER[HERE] + 1),
        "content-type": "multipart/form-data; boundary=x",
    }
    assert owner.post(HERE, content=b"", headers=large).status_code == 413


def test_an_uploaded_list_is_private_and_hostile_names_are_text(service, owner):
    upload(owner, "<script>x</script>,email\na,ines@example.org\n", '<script>"x".csv')
    page = owner.get(HERE).text
    shelf = service.workshop.shelf

    assert "<script" not in page
    assert "‹script›x" in words(page.replace("&lt;", "‹").replace("&gt;", "›"))
    assert shelf.file.stat().st_mode & 0o777 == 0o600
    assert shelf.file.parent.stat().st_mode & 0o777 == 0o700


def test_only_one_list_lies_there_at_a_time(service, owner):
    upload(owner, "email\none@example.org\n")
    assert upload(owner, "email\ntwo@example.org\n").headers["location"] == f"{HERE}?done=changed"
    assert discarded(owner) == f"{HERE}?done=discarded"
    assert service.workshop.shelf.look() is None
    assert upload(owner, "email\ntwo@example.org\n").headers["location"] == HERE


@pytest.mark.parametrize("act", ["try", "go", "discard"])
def test_nothing_is_done_with_a_list_by_a_page_that_showed_another(service, owner, act):
    upload(owner, "email\none@example.org\n")
    tried(owner)
    shown = owner.get(HERE).text
    tried(owner, consent="another word")
    before = service.workshop.shelf.look()

    answer = owner.post(f"{HERE}/{act}", data={"ref": ref_on(shown), "column-0": "email"})
    settled()
    assert answer.headers["location"] == f"{HERE}?done=changed"
    assert service.workshop.shelf.look() == before
    assert people(service) == {}


def test_what_was_put_there_since_a_form_was_read_is_not_worked_on(service, owner):
    upload(owner, "email\none@example.org\n")
    workshop = service.workshop
    lies = workshop.shelf.look()

    begun = workshop.begin(lies, Task.REHEARSAL, COMMAND, shown="another", now=MONDAY)

    assert begun is None
    assert workshop.shelf.look() == lies
    assert not workshop.shelf.is_at_work()


def test_while_one_is_worked_on_nothing_else_is_and_the_page_reloads_itself(service, owner):
    upload(owner, "email\none@example.org\n")
    tried(owner)
    shelf = service.workshop.shelf
    lock = shelf.begin_work()
    shelf.keep(replace(shelf.look(), task=Task.IMPORT))
    try:
        page = owner.get(HERE)
        busy = [
            owner.post(f"{HERE}/{act}", data={"ref": shelf.look().ref}).headers["location"]
            for act in ("go", "discard", "undo")
        ]
    finally:
        os.close(lock)

    assert page.headers["refresh"] == "2"
    assert "Importing" in words(page.text)
    assert busy == [f"{HERE}?done=busy"] * 3
    assert "refresh" not in owner.get(HERE).headers


def test_a_process_that_ended_in_the_middle_changed_nothing_and_one_begins_again(service, owner):
    upload(owner, "email\none@example.org\n")
    tried(owner)
    shelf = service.workshop.shelf
    shelf.keep(replace(shelf.look(), task=Task.IMPORT))

    assert "stopped in the middle. Nothing was changed" in words(owner.get(HERE).text)
    imported(owner)
    assert people(service) == {State.ACTIVE: 1}


def test_a_process_that_ended_after_the_commit_had_imported_and_does_not_twice(service, owner):
    upload(owner, "email\none@example.org\n")
    tried(owner)
    shelf = service.workshop.shelf
    before, content = shelf.look(), shelf.file.read_bytes()
    imported(owner)
    shelf.file.write_bytes(content)
    shelf.keep(replace(before, task=Task.IMPORT))

    assert "The list is in" in words(owner.get(HERE).text)
    owner.post(f"{HERE}/go", data={"ref": before.ref})
    settled()
    assert people(service) == {State.ACTIVE: 1}
    with service.database.reading() as session:
        assert len(session.exec(select(Import)).all()) == 1


def test_a_service_that_stops_gives_up_the_import(service, owner):
    upload(owner, "email\none@example.org\n")
    tried(owner)
    service.stopping.set()
    page = imported(owner)

    assert people(service) == {}
    assert "The service was stopped" in words(page)


def test_who_was_quicker_is_not_undone_instead(service, owner):
    upload(owner, "email\none@example.org\n")
    tried(owner)
    imported(owner)
    answer = owner.post(f"{HERE}/undo", data={"ref": "another"})
    assert answer.headers["location"] == f"{HERE}?done=not-undone"
    assert people(service) == {State.ACTIVE: 1}


def test_a_list_that_nobody_goes_on_with_is_deleted(service, owner):
    upload(owner, "email\none@example.org\n")
    shelf, now = service.workshop.shelf, service.clock()
    shelf.tidy(now + KEPT_FOR / 2)
    assert shelf.look()
    shelf.tidy(now + KEPT_FOR)
    assert shelf.look() is None
    assert not shelf.file.exists()


def test_what_never_arrived_whole_is_deleted_too(service, owner):
    upload(owner, "email\none@example.org\n")
    shelf, now = service.workshop.shelf, service.clock()
    left = shelf.file.with_name("arriving-0")
    left.write_text("email\ntwo@example.org\n")
    os.utime(left, (now.timestamp(), now.timestamp()))
    shelf.tidy(now + KEPT_FOR / 2)
    assert left.exists()
    shelf.tidy(now + 2 * KEPT_FOR)
    assert not left.exists()


def test_what_is_written_down_of_a_list_is_read_as_it_was(service):
    shelf = service.workshop.shelf
    brought = Upload("x", service.clock(), "a.csv", 3, ["a"], [None], "c", COMMAND, Task.IMPORT)
    with shelf.working():
        shelf.keep(brought)
    assert shelf.look() == brought


def test_of_two_lists_that_arrive_at_once_the_one_that_is_there_first_stays(service, owner):
    slow = body(('name="file"; filename="slow.csv"', b"email\nslow@example.org\n"))

    async def interrupted() -> AsyncIterator[bytes]:
        yield slow[:10]
        await run_in_threadpool(upload, owner, "email\nquick@example.org\n", "quick.csv")
        yield slow[10:]

    async def sent() -> httpx.Response:
        browser = httpx.AsyncClient(
            transport=httpx.ASGITransport(owner.app),
            base_url=str(owner.base_url),
            cookies=dict(owner.cookies),
        )
        headers = {"content-type": "multipart/form-data; boundary=B"}
        async with browser:
            return await browser.post(HERE, content=interrupted(), headers=headers)

    answer = asyncio.run(sent())
    assert answer.headers["location"] == f"{HERE}?done=changed"
    assert service.workshop.shelf.look().file_name == "quick.csv"
    assert b"quick@" in service.workshop.shelf.file.read_bytes()


CRLF = "\r\n"


def body(*parts: tuple[str, bytes]) -> bytes:
    whole = b"".join(
        f"--B{CRLF}Content-Disposition: form-data; {named}{CRLF}{CRLF}".encode() + content + b"\r\n"
        for named, content in parts
    )
    return b"a preamble\r\n" + whole + b"--B--\r\n" if len(parts) > 1 else whole + b"--B--\r\n"


@pytest.mark.parametrize("step", [1, 2, 3, 7, 10_000])
@pytest.mark.parametrize("content", [b"", b"\r\n--", b"a\r\n--Almost\r\n-", bytes(range(256)) * 3])
def test_a_file_is_found_whole_however_its_form_is_cut(step, content):
    whole = body(
        ('name="x"', b"1"), ('name="file"; filename="a b.csv"', content), ('name="y"', b"2")
    )
    part = FilePart("multipart/form-data; boundary=B", "file")
    pieces = [whole[at : at + step] for at in range(0, len(whole), step)]

    assert b"".join(found for piece in pieces for found in part.feed(piece)) == content
    assert part.is_whole
    assert part.file_name == "a b.csv"


def test_a_form_that_breaks_off_is_not_whole():
    part = FilePart("multipart/form-data; boundary=B", "file")
    list(part.feed(body(('name="file"; filename="a"', b"email"))[:-8]))
    assert not part.is_whole


@pytest.mark.parametrize(
    "odd", ["filename*=a\0b''x", "filename*=idna''%e9", "filename*0*=x''a; filename*=c"]
)
def test_a_file_with_a_name_that_nobody_can_read_is_refused(odd):
    part = FilePart("multipart/form-data; boundary=B", "file")
    with pytest.raises(NoMultipart):
        list(part.feed(body((f'name="file"; {odd}', b"email"))))
