"""A site on a free port that answers as sites do: well, slowly, elsewhere, or not at all."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

MOST_WAITING = 30
"""Seconds after which a slow answer gives up by itself, so that no broken test hangs."""


class Site(ThreadingHTTPServer):
    """Pages are called by what they do: /200, /404, /get-only, /to/<path>, /loop, /slow, /drip.

    Every other page answers ``answer``. A slow page sets ``reached`` and answers nothing until the test says ``over``.
    """

    daemon_threads = True
    request_queue_size = 128  # the usual five are fewer than ask at once

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.answer = 200
        self.asked: Counter[str] = Counter()
        self.reached, self.over = Event(), Event()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: that a client has gone away is what the slow pages are for."""


class _Answers(BaseHTTPRequestHandler):
    server: Site

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        self.server.asked[f"{self.command} {self.path}"] += 1
        match self.path.split("/")[1].partition("?")[0]:
            case "to":
                self._say(302, self.path.removeprefix("/to"))
            case "loop":
                self._say(302, "/loop")
            case "drip":
                self._drip()
            case "slow":
                self.server.reached.set()
                self.server.over.wait(MOST_WAITING)
            case name:
                self._say_at_once(name)

    def _say_at_once(self, name: str) -> None:
        refusals = {"get-only": 405, "hates-head": 404}
        if name == "drops-head" and self.command == "HEAD":
            return
        if name in refusals and self.command == "HEAD":
            self._say(refusals[name])
        else:
            self._say(int(name) if name.isdigit() else self.server.answer)

    def _drip(self) -> None:
        """Send a header that never ends, one byte after another."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Endless: ")
        while not self.server.over.wait(0.02):
            self.wfile.write(b"x")

    def _say(self, status: int, location: str = "") -> None:
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@contextmanager
def running_site() -> Iterator[Site]:
    with Site() as site:
        thread = Thread(target=site.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield site
        finally:
            site.over.set()
            site.shutdown()
            thread.join()
