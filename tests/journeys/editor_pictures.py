"""The pictures in docs/editor.md: the demo's next issue on a desk by day and on a phone by night.

``make picture`` after ``make run``. No test: what they show is tested elsewhere.
"""

import sys
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser

from newsletter.editors.roles import Role
from newsletter.service import Service
from newsletter.settings import load
from newsletter.wiring import build
from tests.journeys.browser import chromium
from tests.journeys.picture import side_by_side
from tests.journeys.world import serving
from tests.newsletter.editors.people import secret_for

HEIGHT = 1150
DESK, PHONE = 1100, 360
SOME = 12


def draw(folder: Path, pictures: Path) -> None:
    """Photograph pages of the demo in a folder: the week, composing, the report, an issue leaving."""
    service = build(
        load(
            data_dir=folder,
            base_url="http://localhost",
            postal_address="1 Sample Street",
            editors="editor@example.org",
            batch_size=SOME,
        )
    )
    number = service.desk.build(service.desk.slots.next(), actor="schedule").number
    service.desk.look(service.desk.issue(number))
    pages = {
        "week": "/editor",
        "compose": f"/editor/issues/{number}/compose",
        "preview": f"/editor/issues/{number}/preview",
        "report": f"/editor/issues/{number - 1}/report",
    }
    _photograph(service, pages, pictures)
    service.dispatch.start(number, actor="schedule")
    service.dispatch.do_job(number, SOME)
    _photograph(service, {"live": f"/editor/issues/{number}/live"}, pictures)
    service.close()


def _photograph(service: Service, pages: dict[str, str], pictures: Path) -> None:
    secret = secret_for(service, Role.OWNER, "ines@desk.example")
    with serving(service) as site, chromium() as browser:
        shots = {
            name: [
                _shot(browser, site + path, secret, DESK, "light"),
                _shot(browser, site + path, secret, PHONE, "dark"),
            ]
            for name, path in pages.items()
        }
    for name, pair in shots.items():
        (pictures / f"editor-{name}.png").write_bytes(side_by_side(pair, HEIGHT))


def _shot(
    browser: Browser, address: str, secret: str, width: int, scheme: Literal["light", "dark"]
) -> bytes:
    context = browser.new_context(viewport={"width": width, "height": HEIGHT}, color_scheme=scheme)
    context.add_cookies([{"name": "editor", "value": secret, "url": address}])
    opened = context.new_page()
    opened.goto(address)
    for frame in opened.frames:  # the letter stands in one of its own
        frame.wait_for_load_state("networkidle")
    shot: bytes = opened.screenshot()
    context.close()
    return shot


if __name__ == "__main__":
    draw(Path(sys.argv[1]), Path(sys.argv[2]))
