"""A real browser: Debian's chromium, driven by playwright; tests are skipped where there is none."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

QUIET = (
    "--no-sandbox",  # CI runs as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


expect.set_options(timeout=30_000)
"""As long as all else is waited for; five seconds are few on a machine that has much to do."""

AXE = Path(__file__).parents[1] / "audit/node/node_modules/axe-core/axe.min.js"


def violations(opened: Page) -> list[str]:
    """Give what axe-core finds wrong with an open page; skip the test where it is not installed."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed: make audit does")
    opened.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = opened.evaluate(
        "axe.run().then(all => all.violations.map(one => one.id + ' ' + one.nodes[0].html))"
    )
    return found


@contextmanager
def chromium() -> Iterator[Browser]:
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("no chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(QUIET))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def page(width: int, scheme: Literal["light", "dark"] = "light") -> Iterator[Page]:
    with chromium() as browser:
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        yield context.new_page()
