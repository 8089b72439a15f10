"""Machines that open everything: every link of every letter, in every way there is, changes nothing."""

import asyncio
import re

import httpx
import pytest

from newsletter.notices.letters import LetterKind
from newsletter.web.app import create_app
from tests.journeys.browser import page
from tests.journeys.every_letter import ISSUE, every_letter
from tests.journeys.world import BASE, LONGEST_LINK, World, paths, serving, signed, world
from tests.snapshot import changed, snapshot

AGENTS = (
    "Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1; Trident/5.0)",
    "BarracudaCentral/1.0",
    "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
    "python-requests/2.20",
    "",
)
_INSIDE = re.compile(r'(?:href|src|action)="(/[^"#]*)')


@pytest.fixture
def told(database, tmp_path):
    with world(database, tmp_path / "data") as made:
        yield made, every_letter(made)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_every_link_with_a_token_fits_a_line_of_mail(told):
    _, letters = told
    written = {kind: signed(letter) for kind, letter in letters.items()}

    assert set(written) == {ISSUE, *LetterKind}
    assert all(written.values())
    found = [BASE + path for paths in written.values() for path in paths]
    assert [link for link in found if len(link) > LONGEST_LINK] == []


def test_opening_every_link_and_all_that_is_behind_it_changes_nothing(told):
    here, letters = told
    opened = {path for letter in letters.values() for path in paths(letter)}
    before = snapshot(here.service.database)

    seen, refused = asyncio.run(_crawl(here, opened))

    assert len(opened) > 30
    assert len(seen) > len(opened)
    assert refused == {}
    assert changed(before, snapshot(here.service.database)) == {}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_browser_that_runs_scripts_and_waits_changes_nothing(told):
    here, letters = told
    opened = sorted({path for letter in letters.values() for path in paths(letter)})
    before = snapshot(here.service.database)

    with serving(here.service) as url, page(1000) as first:
        tabs = [first.context.new_page() for _ in opened]
        for tab, path in zip(tabs, opened, strict=True):
            tab.goto(url + path, wait_until="commit")
        for tab in tabs:
            tab.wait_for_load_state("networkidle")
            assert tab.locator("h1").count() == 1

    assert changed(before, snapshot(here.service.database)) == {}


async def _crawl(here: World, start: set[str]) -> tuple[set[str], dict[str, int]]:
    """Open addresses and whatever their pages name, several times each and all at once.

    Returns:
        What was opened, and what answered otherwise than well.
    """
    door = httpx.ASGITransport(create_app(here.service))
    seen: set[str] = set()
    refused: dict[str, int] = {}
    async with httpx.AsyncClient(transport=door, base_url=BASE) as client:
        while new := start - seen:
            seen |= new
            pages = await asyncio.gather(*(_look(client, path) for path in sorted(new)))
            for path, answers in zip(sorted(new), pages, strict=True):
                worst = max(one.status_code for one in answers)
                refused |= {path: worst} if worst >= 300 else {}
                start = start | set(_INSIDE.findall(answers[-1].text.replace("&amp;", "&")))
    return seen, refused


async def _look(client: httpx.AsyncClient, path: str) -> list[httpx.Response]:
    head = client.head(path)
    bursts = [client.get(path, headers={"User-Agent": agent}) for agent in AGENTS]
    return list(await asyncio.gather(head, *bursts))
