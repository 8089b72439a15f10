"""A reader's whole way in a browser, at a desk and on a phone, with scripts and without."""

import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from newsletter.content.catalogue.store import save
from newsletter.database import Database
from newsletter.notices.letters import LetterKind
from subscribers.models import Subscriber
from subscribers.states import State
from tests.factories import make_comparison
from tests.journeys.browser import chromium
from tests.journeys.every_letter import ISSUE
from tests.journeys.test_answering_a_letter import looks_right
from tests.journeys.world import World, paths, serving, stock, world

Scheme = Literal["light", "dark"]


@dataclass
class Screen:
    """What somebody looks at.

    Attributes:
        name: of the person who does, too.
        shots: folder for a picture of each page.
    """

    name: str
    width: int
    height: int
    scheme: Scheme = "light"
    scripts: bool = True
    shots: Path = field(default=Path())


SCREENS = [
    Screen("desk", 1000, 800),
    Screen("phone", 360, 740, "dark"),
    Screen("plain", 360, 740, scripts=False),
]


@dataclass
class Visitor:
    """Somebody with a browser and a mailbox."""

    here: World
    site: str
    page: Page
    screen: Screen
    seen: int = 0

    @property
    def address(self) -> str:
        return f"{self.screen.name}@reader.example"

    def goes_to(self, path: str) -> None:
        self.page.goto(self.site + path)
        self.looks()

    def presses(self, button: str) -> None:
        self.here.now += timedelta(seconds=30)  # nobody reads faster
        self.page.get_by_role("button", name=button).first.click()

    def reads(self, heading: str | re.Pattern[str]) -> None:
        self.page.get_by_role("heading", name=heading).first.wait_for()
        self.looks()

    def looks(self) -> None:
        """Hold the page against what every page promises, and take its picture."""
        if self.screen.scripts:  # otherwise nothing can be measured in it either
            looks_right(self.page, self.screen.width)
        self.seen += 1
        name = f"{self.screen.name}-{self.seen:02}.png"
        self.page.screenshot(path=self.screen.shots / name, full_page=True)

    def finds_in_the_mail(self, kind: str, door: str) -> str:
        """Let the mail come, and give the link of a letter."""
        self.here.deliver()
        return paths(self.here.letter(self.address, kind), f"{door}/")[0]

    def held(self) -> Subscriber:
        return self.here.reader(self.address)


@pytest.fixture(scope="module")
def here(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("whole-way")
    shutil.copy(migrated_file, folder / "newsletter.sqlite3")
    database = Database(f"sqlite:///{folder}/newsletter.sqlite3")
    stock(database)
    with world(database, folder / "data") as made:
        yield made
    database.close()


@pytest.fixture(scope="module")
def site(here: World) -> Iterator[str]:
    with serving(here.service) as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(params=SCREENS, ids=lambda screen: screen.name)
def visitor(
    request: pytest.FixtureRequest, here: World, site: str, browser: Browser, tmp_path: Path
) -> Iterator[Visitor]:
    screen: Screen = request.param
    screen.shots = tmp_path
    context = browser.new_context(
        viewport={"width": screen.width, "height": screen.height},
        color_scheme=screen.scheme,
        java_script_enabled=screen.scripts,
        timezone_id="Asia/Tokyo",
    )
    yield Visitor(here, site, context.new_page(), screen)
    context.close()


def test_from_the_form_to_being_forgotten(visitor):
    _signs_up(visitor)
    _chooses(visitor)
    _votes_and_changes_it(visitor)
    _leaves_and_comes_back(visitor)
    _is_forgotten(visitor)


def _signs_up(visitor: Visitor) -> None:
    visitor.goes_to("/")
    visitor.page.get_by_label("Your e-mail address").fill(visitor.address)
    visitor.presses("Subscribe")
    visitor.reads("Look into your mailbox")
    assert not visitor.here.knows(visitor.address)

    visitor.goes_to(visitor.finds_in_the_mail(LetterKind.CONFIRM, "confirm"))
    assert visitor.held().state is State.PENDING
    visitor.presses("Yes, subscribe me")
    visitor.reads("You are subscribed")
    assert visitor.held().state is State.ACTIVE
    assert visitor.held().timezone == ("Asia/Tokyo" if visitor.screen.scripts else None)

    name = visitor.screen.name
    with visitor.here.service.database.writing() as session:
        for place in range(3):
            fresh = make_comparison(f"{name}-left-{place}", f"{name}-right-{place}")
            save(session, fresh, now=visitor.here.now)
    with ThreadPoolExecutor(1) as apart:  # the browser keeps an event loop in this thread
        apart.submit(visitor.here.monday).result()
    assert visitor.here.letters(visitor.address, ISSUE)


def _chooses(visitor: Visitor) -> None:
    visitor.goes_to(visitor.finds_in_the_mail(ISSUE, "manage"))
    visitor.presses("Mail me the link")
    visitor.reads("Look into your mailbox")
    visitor.goes_to(visitor.finds_in_the_mail(LetterKind.MANAGE, "manage"))
    page = visitor.page

    page.get_by_label("Once a month").check()
    page.get_by_role("group", name="Topics").get_by_role("checkbox").first.check()
    visitor.presses("Save what I get")
    visitor.reads("Your preferences")
    assert visitor.held().cadence == "monthly"
    assert len(visitor.held().topics) == 1

    page.get_by_label("Time zone").select_option("America/St_Johns")
    visitor.presses("Save where I am")
    visitor.reads("Your preferences")
    assert visitor.held().timezone == "America/St_Johns"

    visitor.presses("8 weeks")
    visitor.reads("Your break")
    assert visitor.held().state is State.PAUSED
    visitor.presses("Send me letters again")
    visitor.reads("Take a break")
    assert visitor.held().state is State.ACTIVE


def _votes_and_changes_it(visitor: Visitor) -> None:
    links = paths(visitor.here.letter(visitor.address, ISSUE), "vote/")
    visitor.goes_to(links[0])
    visitor.presses("Record my vote")
    visitor.reads(re.compile("Recorded: "))
    visitor.page.get_by_role("link", name="Change it").click()
    visitor.page.get_by_label("Neither").check()
    visitor.presses("Change my vote")
    visitor.reads("Recorded: you would ship neither")


def _leaves_and_comes_back(visitor: Visitor) -> None:
    visitor.goes_to(visitor.finds_in_the_mail(ISSUE, "unsubscribe"))
    visitor.presses("Unsubscribe")
    visitor.reads("You are unsubscribed")
    assert visitor.held().state is State.UNSUBSCRIBED

    visitor.goes_to(visitor.finds_in_the_mail(LetterKind.GOODBYE, "undo"))
    visitor.presses("Undo, all as before")
    visitor.reads("You are subscribed again")
    assert visitor.held().state is State.ACTIVE


def _is_forgotten(visitor: Visitor) -> None:
    visitor.goes_to(visitor.finds_in_the_mail(LetterKind.MANAGE, "manage"))
    visitor.page.get_by_role("button", name=re.compile("eras", re.IGNORECASE)).click()
    visitor.reads("Look into your mailbox")
    visitor.goes_to(visitor.finds_in_the_mail(LetterKind.ERASE, "erase"))
    visitor.presses("Erase everything")
    visitor.reads("You are forgotten")
    assert not visitor.here.knows(visitor.address)
