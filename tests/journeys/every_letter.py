"""One reader's story in which every kind of letter leaves, through the doors that anybody has."""

import re
from collections.abc import Mapping
from email.message import EmailMessage

from fastapi.testclient import TestClient

from newsletter.notices.letters import LetterKind
from newsletter.web.app import create_app
from tests.factories import add_subscribers
from tests.journeys.world import BASE, World, paths, stock

READER, NEWCOMER, NEW_ADDRESS = "reader1@example.org", "nova@reader.example", "ines@new.example"
ISSUE = "issue-"


def site(world: World) -> TestClient:
    """Give the doors of a world."""
    return TestClient(create_app(world.service), base_url=BASE)


def an_issue(world: World) -> EmailMessage:
    """Let a real issue leave to two readers, and give the first one's copy."""
    stock(world.service.database)
    with world.service.database.writing() as session:
        add_subscribers(session, 2)
    world.monday()
    return world.letter(READER, ISSUE)


def every_letter(world: World) -> Mapping[str, EmailMessage]:
    """Let a letter of every kind leave, each of its links still good; by kind."""
    client = site(world)
    letters = {ISSUE: an_issue(world)}
    [leave] = paths(letters[ISSUE], "unsubscribe/")
    offered = re.search(r"/undo/[\w-]+", client.post(leave).text)
    assert offered
    assert client.post(offered[0], data={"choice": "monthly"}).status_code == 200
    for address in (NEWCOMER, READER):
        assert client.post("/subscribe", data={"email": address}).status_code == 200
    [preferences] = paths(letters[ISSUE], "manage/")
    assert client.post(preferences).status_code == 200
    world.deliver()
    [manage] = paths(world.letter(READER, LetterKind.MANAGE), "manage/")
    for kind in (LetterKind.EXPORT, LetterKind.ERASE):
        assert client.post(f"{manage}/data", data={"send": kind}).status_code == 200
    assert client.post(f"{manage}/address", data={"email": NEW_ADDRESS}).status_code == 200
    world.deliver()
    other = world.letter("reader2@example.org", ISSUE)
    [leave] = paths(other, "unsubscribe/")
    assert client.post(leave, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    world.deliver()
    return letters | {kind: world.letters(kind=kind)[-1] for kind in LetterKind}
