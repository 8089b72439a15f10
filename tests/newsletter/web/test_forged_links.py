"""A link that was changed in any way is no link: the same page for all, and nothing happens."""

import asyncio
import base64
from collections.abc import Iterable, Iterator

import httpx
import pytest

from newsletter.service import Service
from newsletter.web.app import create_app
from subscribers.models import Subscriber
from tests.factories import add_subscribers, store_comparisons
from tests.newsletter.votes.leaving import begin_to_leave
from tests.newsletter.web.doors import OWN, token_for
from tests.snapshot import changed, snapshot

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
NOWHERE = "/nowhere"


@pytest.fixture
def reader(service: Service) -> Subscriber:
    with service.database.writing() as session:
        store_comparisons(session, 2)
        [reader] = add_subscribers(session, 1)
    begin_to_leave(service)
    return reader


@pytest.mark.parametrize(("door", "purpose"), OWN)
@pytest.mark.parametrize(
    ("database", "every"), [("sqlite", 3), ("postgresql", 9)], indirect=["database"]
)
def test_no_changed_link_opens_anything(service, reader, door, purpose, every):
    token = token_for(service, purpose, reader.public_id)
    forged = sorted(set(forgeries(token)))[::every]
    before = snapshot(service.database)

    good, nowhere = asyncio.run(ask(service, "GET", [door.format(token=token), NOWHERE]))
    paths = [door.format(token=one) for one in forged]
    answers = asyncio.run(ask(service, "GET", paths))
    answers += asyncio.run(ask(service, "POST", paths[::4]))

    assert good[0] != 404
    assert len(forged) > 400 / every
    assert [answer for answer in answers if answer != nowhere] == []
    assert changed(before, snapshot(service.database)) == {}


async def ask(service: Service, method: str, paths: Iterable[str]) -> list[tuple[int, bytes]]:
    """Give the status and the page of each address."""
    door = httpx.ASGITransport(create_app(service))
    async with httpx.AsyncClient(transport=door, base_url="http://localhost") as client:
        answers = [await client.request(method, path) for path in paths]
    return [(answer.status_code, answer.content) for answer in answers]


def forgeries(token: str) -> Iterator[str]:
    """Give a token with each bit turned, each character changed, cut, longer, and spelled anew."""
    raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    for bit in range(8 * len(raw)):
        turned = bytearray(raw)
        turned[bit // 8] ^= 1 << bit % 8
        yield base64.urlsafe_b64encode(turned).decode().rstrip("=")
    for place, character in enumerate(token):
        other = ALPHABET[(ALPHABET.index(character) + 31) % 64]  # tests/subscribers take all 63
        yield token[:place] + other + token[place + 1 :]
        if character.swapcase() != character:
            yield token[:place] + character.swapcase() + token[place + 1 :]
        yield token[:place] + token[place + 1 :]
        yield token[: place + 1] + token[place:]
    yield from (token[:length] for length in range(1, len(token)))
    yield from (
        token + more for more in ("A", "AAAA", "=", "==", "%00", "%0A", "%20", ".", "~", token)
    )
    yield from (before + token for before in ("A", "%20", "=", "%EF%BB%BF"))
    yield from {token.upper(), token.lower(), token.swapcase(), token[::-1]}
    yield from {token.replace("-", "%2B").replace("_", "%2F")} - {token}
