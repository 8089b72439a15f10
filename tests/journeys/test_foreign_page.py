"""Our form on somebody else's site: another origin, with and without script."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from tests.journeys.browser import chromium
from tests.journeys.commands import Operator
from tests.journeys.test_signing_up import held, letter, link

READ = """async ([address, options]) => {
  try { const answer = await fetch(address, options); return [answer.status, await answer.text()]; }
  catch (error) { return error.name; }
}"""


@contextmanager
def their_site(html: str) -> Iterator[str]:
    """Serve a page of another site: another host name, another port."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *_words: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def operator(tmp_path_factory: pytest.TempPathFactory) -> Operator:
    return Operator(tmp_path_factory.mktemp("foreign") / "data", LOG_LEVEL="error")


@pytest.fixture(scope="module")
def site(operator: Operator) -> Iterator[str]:
    with operator.serving("--passive") as (url, _):
        yield url


def their_page(site: str) -> str:
    """Give a page into which somebody copied the form."""
    shown = httpx.get(f"{site}/embed").text
    form = unescape(shown[shown.index("<code>") + 6 : shown.index("</code>")])
    return f"<!doctype html><title>Theirs</title>{form.replace('http://localhost', site)}"


def test_without_script_somebody_asks_there_and_is_subscribed_here(operator, site):
    reader = "there@reader.example"
    with their_site(their_page(site)) as theirs, chromium() as browser:
        opened = browser.new_context(java_script_enabled=False).new_page()
        opened.goto(theirs)
        opened.get_by_label("Your e-mail address").fill(reader)
        opened.get_by_role("button", name="Subscribe").click()
        opened.get_by_role("heading", name="Look into your mailbox").wait_for()
        assert opened.url == f"{site}/subscribe"

        opened.goto(site + link(letter(operator, reader), "confirm"))
        opened.get_by_role("button", name="Yes, subscribe me").click()
        opened.get_by_role("heading", name="You are subscribed").wait_for()

    assert held(operator, reader)["state"] == "active"


def test_a_script_there_may_ask_and_read_the_answer_and_nothing_else(operator, site):
    reader = "script@reader.example"
    wish = {
        "method": "POST",
        "headers": {"content-type": "application/json"},
        "body": f'{{"email": "{reader}"}}',
    }
    with their_site("<!doctype html><title>Theirs</title>") as theirs, chromium() as browser:
        opened = browser.new_page()
        opened.goto(theirs)
        asked = [
            opened.evaluate(READ, [f"{site}{path}", wish])
            for path in ("/subscribe", "/api/public/subscription")
        ]
        read = [
            opened.evaluate(READ, [f"{site}{path}", {}])
            for path in ("/subscribe", "/archive", "/metrics", "/subscribe/challenge")
        ]

    assert asked == [[200, '{"data":{"has_optin":true},"suggestion":null}']] * 2
    assert read == ["TypeError"] * 4
    assert letter(operator, reader) is not None
