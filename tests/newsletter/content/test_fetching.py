import gzip
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from threading import Thread

import pytest

from newsletter.content.fetching import MOST_BYTES, FetchFailed, fetch, is_public


class _Site(BaseHTTPRequestHandler):
    """A few pages: redirects, wrong types, compressed and oversized ones."""

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path.startswith("/hop/"):
            left = int(path.removeprefix("/hop/"))
            self._answer(302, location=f"/hop/{left - 1}" if left else "/page")
        elif path == "/away":
            self._answer(302, location="ftp://example.org/page")
        elif path == "/latin":
            self._answer(
                200, "Café".encode("latin-1"), **{"content-type": "text/plain; charset=latin-1"}
            )
        elif path == "/picture":
            self._answer(200, b"GIF", **{"content-type": "image/gif"})
        elif path == "/bomb":
            self._answer(200, gzip.compress(bytes(MOST_BYTES + 1)), **{"content-encoding": "gzip"})
        elif path == "/page":
            self._answer(200, self.headers["Host"].encode())
        else:
            self._answer(404)

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"content-type": "text/html", **headers}.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_page_is_fetched_under_its_own_host_name(site):
    document = fetch(f"{site}/page", allow_private=True)

    assert document.content.decode() == site.removeprefix("http://")
    assert document.address == f"{site}/page"


def test_redirects_are_followed_to_the_address_in_the_end(site):
    document = fetch(f"{site}/hop/4", allow_private=True)

    assert (document.source, document.address) == (f"{site}/hop/4", f"{site}/page")


def test_text_in_another_encoding_becomes_utf_8(site):
    assert fetch(f"{site}/latin", allow_private=True).content.decode() == "Café"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/hop/5", "more than 5 redirects"),
        ("/away", "only http:// and https://"),
        ("/missing", "answered 404"),
        ("/picture", "no page and no JSON"),
        ("/bomb", "larger than"),
    ],
)
def test_what_should_not_be_fetched_is_refused(site, path, reason):
    with pytest.raises(FetchFailed, match=reason):
        fetch(site + path, allow_private=True)


def test_this_machine_is_not_fetched_from_unless_allowed(site):
    with pytest.raises(FetchFailed, match="--allow-private"):
        fetch(f"{site}/page")


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("file:///etc/passwd", "only http"),
        ("http://", "only http"),
        ("http://user:word@example.org/", "user name or password"),
        ("http://example.org:port/", "not a valid address"),
        ("http://127.0.0.1/", "public internet"),
        ("http://2130706433/", "public internet"),
        ("http://[::ffff:127.0.0.1]/", "public internet"),
        ("http://[::1]/", "public internet"),
    ],
)
def test_addresses_that_lead_elsewhere_are_refused(address, reason):
    with pytest.raises(FetchFailed, match=reason):
        fetch(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1", "192.0.2.1", "198.18.0.1",
        "::", "::1", "fe80::1", "fc00::1", "ff02::1", "2001:db8::1", "::ffff:10.0.0.1",
        "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::",
        "2002:c0a8:101::1",
    ],
)  # fmt: skip
def test_private_and_special_addresses_are_not_public(address):
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_public_addresses_are_public(address):
    assert is_public(ip_address(address))
