"""Every page that a reader can come to, looked at on a phone in the dark and at a desk in the light.

``make audit`` installs axe-core; without it these tests are skipped.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Literal

import pytest
from playwright.sync_api import Browser
from sqlmodel import select

from newsletter.delivery.models import Delivery, DeliveryState, Doubt, DoubtState
from newsletter.delivery.reconciling.rules import Reason
from newsletter.settings import load
from newsletter.wiring import build
from subscribers import queries
from subscribers.address import Address
from tests.audit.bad import bad_letter
from tests.journeys.browser import chromium
from tests.journeys.commands import SAMPLES, Operator
from tests.journeys.looking import faults
from tests.newsletter.web.doors import OWN, token_for

PUBLIC = [
    "/",
    "/subscribe",
    "/embed",
    "/archive",
    "/archive/1",
    "/how-verdicts-are-made",
    "/privacy",
    "/nothing/here",
]
"""A new page for everybody is named here; those with a token come from ``doors.OWN``."""

SCREENS: list[tuple[int, Literal["light", "dark"]]] = [(1000, "light"), (360, "dark")]


@pytest.fixture(scope="module")
def operator(tmp_path_factory: pytest.TempPathFactory) -> Operator:
    operator = Operator(tmp_path_factory.mktemp("pages") / "data", API_TOKEN="only-good-for-tests")
    operator.readers(2)
    operator.must("content", "import", str(SAMPLES))
    operator.must("schedule", "tick", "--now", "2099-11-23T09:00:00+00:00")
    _put_in_doubt(operator)
    return operator


def _put_in_doubt(operator: Operator) -> None:
    """Let the answers about the two copies be lost: one is left to a person, one looked for still."""
    service = build(load(data_dir=operator.folder))
    now = service.clock()
    with service.database.writing() as session:
        copies = session.exec(select(Delivery).where(Delivery.issue_number == 1)).all()
        for copy, state, note in zip(
            copies,
            (DoubtState.HELD, DoubtState.OPEN),
            (Reason.NOT_SHOWN, "the search still has time"),
            strict=True,
        ):
            held = state is DoubtState.HELD
            copy.state = (DeliveryState.HELD if held else DeliveryState.UNKNOWN).value
            copy.attempt_id = f"call {copy.subscriber_id}"
            doubt = Doubt(
                attempt_id=copy.attempt_id,
                issue_number=1,
                batch=copy.batch,
                stream="broadcast",
                size=1,
                state=state.value,
                ended_at=now,
                looks=7,
                look_at=None if held else now + timedelta(hours=1),
                note=note,
            )
            session.add_all([copy, doubt])
    service.close()


@pytest.fixture(scope="module")
def site(operator: Operator) -> Iterator[str]:
    with operator.serving("--passive") as (url, _):
        yield url


@pytest.fixture(scope="module")
def paths(operator: Operator) -> list[str]:
    """Every page, with links as one reader has them."""
    service = build(load(data_dir=operator.folder))
    with service.database.reading() as session:
        reader = queries.by_address(session, Address.parse("reader1@example.org"))
    assert reader is not None
    tokens = [(door, token_for(service, purpose, reader.public_id)) for door, purpose in OWN]
    service.close()
    return [*PUBLIC, *(door.format(token=token) for door, token in tokens)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_every_page_is_for_everybody(browser, site, paths, width, scheme):
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    opened = context.new_page()
    wrong = {}
    for path in paths:
        opened.goto(site + path)
        if found := faults(opened):
            wrong[path] = found
    context.close()

    assert len(paths) > 15
    assert wrong == {}


def test_the_look_finds_what_is_wrong(browser):
    opened = browser.new_page(viewport={"width": 360, "height": 900})
    opened.set_content(bad_letter().html)

    found = " ".join(faults(opened))

    assert "axe: color-contrast" in found
    assert "sticks out: 12" in found
    assert "9 px: <p> Small print" in found
    assert "20 px high: <a> Buy now" in found
    opened.close()


def test_the_answer_to_a_decision_looks_as_well(browser, site, paths):
    [path] = [path for path in paths if path.startswith("/decide/")]
    opened = browser.new_page(viewport={"width": 360, "height": 900})
    opened.goto(site + path)
    opened.get_by_role("button", name="Leave it").click()
    opened.get_by_role("heading", name="It is decided").wait_for()

    assert faults(opened) == []
    opened.goto(site + path)
    assert opened.get_by_role("heading", name="Nothing of issue 1 is in doubt").is_visible()
    assert faults(opened) == []
    opened.close()


@pytest.mark.parametrize("problem", ["an address that is none", "wrong method"])
def test_a_page_that_refuses_looks_as_well(browser, site, problem):
    opened = browser.new_page(viewport={"width": 360, "height": 900})
    if problem == "wrong method":
        opened.goto(f"{site}/subscription/form")
        opened.get_by_role("heading", name="Not this way").wait_for()
    else:
        opened.goto(f"{site}/subscribe")
        opened.locator("form").evaluate("form => { form.noValidate = true }")
        opened.get_by_label("Your e-mail address").fill("ines")
        opened.get_by_role("button", name="Subscribe").click()
        opened.get_by_role("alert").wait_for()

    assert faults(opened) == []
    opened.close()
