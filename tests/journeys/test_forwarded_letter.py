"""A friend is sent the letter on: may read it and subscribe, and never gets to manage or to erase."""

import base64
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
from fastapi.testclient import TestClient
from selectolax.lexbor import LexborHTMLParser

from newsletter.database import Database
from newsletter.notices.letters import LetterKind
from subscribers.states import State
from subscribers.tokens import Purpose
from tests.journeys.every_letter import ISSUE, READER, an_issue, site
from tests.journeys.world import BASE, World, paths, world

FRIEND = "friend@reader.example"
MAY_COME_BY = {Purpose.UNSUBSCRIBE, Purpose.PREFERENCES, Purpose.UNDO}
"""What pages hand on: whoever presses the button of a goodbye may take it back, and go again."""

KEPT = ("email", "name", "topics", "follows", "timezone", "locale", "token_epoch", "attributes")
"""What of a reader no friend can change."""

_TOKEN = re.compile(r"(?<![\w-])(?:[\w-]{43}|[\w-]{39})(?![\w-])")
_OWN_DOORS = re.compile(r"/(?:vote|manage|unsubscribe|undo|never|confirm|export|erase|address)/")


@pytest.fixture
def here(database: Database, tmp_path: Path) -> Iterator[World]:
    with world(database, tmp_path / "data") as made:
        yield made


def test_a_friend_reads_the_issue_and_subscribes_for_themselves(here):
    letter, client = an_issue(here), site(here)
    before = here.reader(READER)

    assert client.get(next(iter(paths(letter, "archive/")))).status_code == 200
    client.post("/subscribe", data={"email": FRIEND})
    here.deliver()
    [confirm] = paths(here.letter(FRIEND, LetterKind.CONFIRM), "confirm/")
    client.post(confirm)

    assert here.reader(FRIEND).state is State.ACTIVE
    assert here.reader(READER) == before
    here.deliver()
    assert here.letters(FRIEND, ISSUE) == []


def test_whatever_a_friend_opens_and_presses_nothing_is_managed_shown_or_erased(here):
    letter, client = an_issue(here), site(here)
    before = here.reader(READER)

    told = Friend(client).try_everything(paths(letter))

    after = here.reader(READER)
    assert len(told) > 40
    assert {purpose for page in told for purpose in purposes(page)} == MAY_COME_BY
    assert [page for page in told if READER in page] == []
    assert {name: getattr(after, name) for name in KEPT} == {
        name: getattr(before, name) for name in KEPT
    }
    assert after.state is not State.ERASED


def test_what_a_friend_asks_for_is_mailed_to_the_reader_alone(here):
    letter, client = an_issue(here), site(here)

    Friend(client).try_everything(paths(letter, "manage/"))
    here.deliver()

    kinds = (LetterKind.MANAGE, LetterKind.EXPORT, LetterKind.ERASE)
    mailed = [one for kind in kinds for one in here.letters(kind=kind)]
    assert LetterKind.MANAGE in [kind for kind in kinds if here.letters(kind=kind)]
    assert {one["To"] for one in mailed} == {READER}


class Friend:
    """Opens every link, presses every button, and goes on from there."""

    def __init__(self, client: TestClient) -> None:
        self._client = client
        self._done: set[tuple[str, str]] = set()

    def try_everything(self, start: list[str]) -> list[str]:
        """Give every page that was seen on the way."""
        told, waiting = [], [("GET", path, "") for path in start]
        while waiting:
            method, path, body = waiting.pop()
            if (path, body) in self._done:
                continue
            self._done.add((path, body))
            page = self._ask(method, path, body)
            told.append(page)
            waiting += [("GET", link, "") for link in _links(page)]
            waiting += [("POST", *pressed) for pressed in _buttons(page, path)]
        return told

    def _ask(self, method: str, path: str, body: str) -> str:
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        answer = self._client.request(method, path, content=body, headers=kind)
        assert answer.status_code < 500
        return answer.text


def purposes(page: str) -> set[Purpose]:
    """Give what the tokens in a page are for."""
    raw = [base64.urlsafe_b64decode(one + "=" * (-len(one) % 4)) for one in _TOKEN.findall(page)]
    return {Purpose(one[1]) for one in raw if one[1] in set(Purpose)}


def _links(page: str) -> Iterator[str]:
    for node in LexborHTMLParser(page).css("a[href]"):
        path = (node.attributes["href"] or "").removeprefix(BASE)
        if _OWN_DOORS.match(path):
            yield path


def _buttons(page: str, path: str) -> Iterator[tuple[str, str]]:
    """Give each button of a page: where it posts to, and what."""
    for form in LexborHTMLParser(page).css("form[method=post]"):
        fields = [
            f"{field.attributes['name']}={field.attributes.get('value') or ''}"
            for field in form.css("input[type=hidden], input[checked]")
        ]
        target = urljoin(path, form.attributes.get("action") or "")
        for button in form.css("button"):
            name = button.attributes.get("name")
            value = [f"{name}={button.attributes.get('value') or ''}"] if name else []
            if _OWN_DOORS.match(target):
                yield target, "&".join([*fields, *value]) or "pressed=1"
