"""axe-core and measurements in a real browser: light and dark, on a desktop and on two phones."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any, Literal, NamedTuple

from playwright.sync_api import Browser, Route, sync_playwright

from tests.audit.finding import Fault, Result
from tests.audit.letters import Form, Letter
from tests.audit.tools import PACKAGES, chromium
from tests.journeys.browser import QUIET

WIDTHS = (640, 360, 320)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SMALLEST_FONT = 14
LOWEST_TARGET = 44

_ADDRESS = "http://letter.invalid/"
_LOOK = Path(__file__).parents[1] / "look.js"


class _Place(NamedTuple):
    form: Form
    width: int
    scheme: Literal["light", "dark"]


@dataclass(slots=True)
class _Seen:
    """What all looks at one letter have shown so far."""

    faults: dict[Fault, list[_Place]] = field(default_factory=dict)
    requests: list[Fault] = field(default_factory=list)
    fonts: set[float] = field(default_factory=set)
    targets: set[float] = field(default_factory=set)

    def all_faults(self) -> tuple[Fault, ...]:
        """Give each fault once, with the places where it shows."""
        return (*(_placed(fault, places) for fault, places in self.faults.items()), *self.requests)


def check(letters: list[Letter]) -> list[Result]:
    """Look at both forms of every letter in every size and scheme, with one browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(QUIET))
        try:
            return [_result(browser, letter) for letter in letters]
        finally:
            browser.close()


def _result(browser: Browser, letter: Letter) -> Result:
    seen = _Seen()
    for form, html in letter.pages.items():
        _look_at(browser, form, html, seen)
    measured = (
        f"{len(letter.pages) * len(WIDTHS) * len(SCHEMES)} looks, "
        f"font from {min(seen.fonts, default=0):g} px, "
        f"targets from {min(seen.targets, default=0):g} px, {len(seen.requests)} requests"
    )
    return Result("browser", letter.name, measured, seen.all_faults())


def _look_at(browser: Browser, form: Form, html: str, seen: _Seen) -> None:
    """Open a page that can reach nothing, and look at it in every size and scheme."""
    page = browser.new_page()

    def answer(route: Route) -> None:
        if route.request.url == _ADDRESS:
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
        else:
            seen.requests.append(Fault("request", f"{form} asks for {route.request.url}"))
            route.abort()

    page.route("**/*", answer)
    page.goto(_ADDRESS)
    page.evaluate((PACKAGES / "axe-core/axe.min.js").read_text(encoding="utf-8"))
    for width, scheme in product(WIDTHS, SCHEMES):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        look: dict[str, Any] = page.evaluate(_LOOK.read_text(encoding="utf-8"), form)
        seen.fonts |= {size for size, _ in look["fonts"]}
        seen.targets |= {height for height, _ in look["targets"]}
        for fault in _faults(look, width):
            seen.faults.setdefault(fault, []).append(_Place(form, width, scheme))
    page.close()


def _faults(look: dict[str, Any], width: int) -> Iterator[Fault]:
    yield from (Fault("axe", found) for found in look["serious"])
    yield from (Fault("invisible-text", found) for found in look["invisible"])
    if look["width"] > width:
        yield Fault("overflow", f"{look['width']} px wide")
    for size, element in look["fonts"]:
        if size < SMALLEST_FONT:
            yield Fault("small-font", f"{size:g} px: {element}")
    for height, element in look["targets"]:
        if height < LOWEST_TARGET:
            yield Fault("low-target", f"{height:g} px: {element}")


def _placed(fault: Fault, places: list[_Place]) -> Fault:
    """Say where a fault shows; what only the dark has is a kind of its own."""
    forms, widths, schemes = (
        {f"{one}": None for one in column} for column in zip(*places, strict=True)
    )
    where = f"{'/'.join(forms)} at {'/'.join(widths)} px, {'/'.join(schemes)}"
    if fault.code == "axe" and [*schemes] == ["dark"]:
        return Fault("axe-in-the-dark", f"{where}: {fault.message}")
    return Fault(fault.code, f"{where}: {fault.message}")
