"""A loopback Postmark for each test module, and a server that its webhook can call."""

import threading
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import orjson
import pytest

from newsletter.testing.postmark.process import running_postmark


@pytest.fixture(scope="module")
def loopback(tmp_path_factory):
    with running_postmark(tmp_path_factory.mktemp("postmark") / "log", keep_bodies=True) as running:
        yield running


@pytest.fixture
def postmark(loopback):
    loopback.reset()
    return loopback


class Listener(ThreadingHTTPServer):
    """Takes webhook calls: keeps headers and bodies, answers with the statuses it was given."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.url = f"http://127.0.0.1:{self.server_port}/hook"
        self.statuses: deque[int] = deque()
        self.calls = []

    @property
    def bodies(self):
        return [body for _, body in self.calls]


class Conversation(BaseHTTPRequestHandler):
    server: Listener
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.calls.append((self.headers, orjson.loads(body)))
        self.send_response(self.server.statuses.popleft() if self.server.statuses else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def listener():
    with Listener() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()
