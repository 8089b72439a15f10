"""How a page of ours has to look in a browser: axe is content, nothing sticks out, fingers fit."""

from pathlib import Path

from playwright.sync_api import Page

from tests.journeys.browser import violations

SMALLEST_FONT = 14
LOWEST_TARGET = 44

_LOOK = Path(__file__).parents[1] / "audit/look.js"


def faults(opened: Page) -> list[str]:
    """Give everything that is wrong with a page as it is shown now; skip the test without axe."""
    opened.wait_for_load_state("load")
    found = [f"axe: {violation}" for violation in violations(opened)]
    look = opened.evaluate(_LOOK.read_text(encoding="utf-8"), "page")
    assert opened.viewport_size is not None
    if look["width"] > opened.viewport_size["width"]:
        found.append(f"sticks out: {look['width']} px wide")
    found += [f"not to be seen: {one}" for one in look["invisible"]]
    found += [f"{size:g} px: {one}" for size, one in look["fonts"] if size < SMALLEST_FONT]
    found += [
        f"{height:g} px high: {one}" for height, one in look["targets"] if height < LOWEST_TARGET
    ]
    return found
