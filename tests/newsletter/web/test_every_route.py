"""What holds for every door there is and will be, whoever knocks and however it answers."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from newsletter.database import Database
from newsletter.service import Service
from newsletter.settings import load
from newsletter.web.app import create_app
from newsletter.web.bodies import LARGER, MOST_BYTES
from newsletter.web.guard import FROM_ANYWHERE, PRIVATE
from newsletter.wiring import build
from tests.newsletter.web.routes import doors

GETS, POSTS = doors("GET"), doors("POST")
ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
POLICY = ("default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'")
WRITTEN_IN_THE_LETTER = "style-src 'unsafe-inline'"


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service with nothing in it; no test here writes."""
    folder: Path = tmp_path_factory.mktemp("routes")
    wired = build(load(data_dir=folder, base_url="https://news.example.org"))
    yield wired
    wired.close()


@pytest.fixture(scope="module")
def client(quiet: Service) -> TestClient:
    return TestClient(create_app(quiet), raise_server_exceptions=False, follow_redirects=False)


@pytest.fixture(scope="module")
def broken(quiet: Service) -> TestClient:
    """The same doors before a database that does not answer."""
    nowhere = Database("sqlite:////nowhere/at/all.sqlite3")
    return TestClient(create_app(quiet.on(nowhere)), raise_server_exceptions=False)


def stands_guarded(answer: Response, path: str) -> None:
    headers = answer.headers
    assert ALWAYS.items() <= dict(headers).items()
    policy = headers["content-security-policy"]
    assert all(rule in policy for rule in POLICY)
    assert "unsafe" not in policy.replace(WRITTEN_IN_THE_LETTER, "")
    assert (WRITTEN_IN_THE_LETTER in policy) == path.startswith("/archive/")
    assert headers["strict-transport-security"] == "max-age=31536000"
    assert headers["cache-control"] in ("no-store", "public, max-age=300")
    if answer.status_code >= 400 or path.startswith(PRIVATE):
        assert headers["cache-control"] == "no-store"
    if path.startswith(PRIVATE):
        assert headers["x-robots-tag"] == "noindex"
    assert "set-cookie" not in headers
    assert "server" not in headers


def in_words(answer: Response, path: str) -> None:
    """Demand a page like our others, or JSON where a program asked."""
    if path.startswith("/api/") or path.endswith(".json"):
        assert answer.json()["detail"]
    else:
        assert '<link rel="stylesheet" href="/style.css">' in answer.text


def test_there_are_doors():
    assert len(GETS) > 20
    assert len(POSTS) > 6


@pytest.mark.parametrize("door", doors(), ids="".join)
def test_every_answer_has_the_headers_of_its_page(client, door):
    answer = client.request(door.method, door.path)

    assert answer.status_code < 500 or answer.status_code == 503
    stands_guarded(answer, door.path)


@pytest.mark.parametrize("door", GETS, ids="".join)
def test_so_has_a_failure_and_it_tells_nothing(broken, door):
    answer = broken.get(door.path, headers={"sec-fetch-site": "same-origin"})

    stands_guarded(answer, door.path)
    if answer.status_code == 500:
        in_words(answer, door.path)
        assert "nowhere" not in answer.text
        assert "sqlite" not in answer.text.lower()


@pytest.mark.parametrize("path", ["/", "/archive", "/sitemap.xml", "/feed.json", "/archive/1.json"])
def test_without_a_database_a_page_says_that_it_did_not_work(broken, path):
    answer = broken.get(path)

    assert answer.status_code == 500
    in_words(answer, path)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "OPTIONS", "FROBNICATE"])
@pytest.mark.parametrize("door", GETS, ids="".join)
def test_any_other_method_is_refused_in_words_and_named(client, door, method):
    answer = client.request(method, door.path)

    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"] or "POST" in answer.headers["allow"]
    stands_guarded(answer, door.path)
    in_words(answer, door.path)


@pytest.mark.parametrize(
    "door", [door for door in POSTS if not door.path.startswith("/unsubscribe/")], ids="".join
)
def test_what_is_announced_as_too_large_is_refused_unread(client, door):
    length = str(LARGER.get(door.path, MOST_BYTES) + 1)
    answer = client.post(door.path, headers={"content-length": length}, content=b"x")

    assert answer.status_code == 413
    assert answer.headers["connection"] == "close"
    stands_guarded(answer, door.path)
    in_words(answer, door.path)


@pytest.mark.parametrize("length", ["-1", "abc", "1e3", "9" * 40, "9" * 5000])
def test_a_length_that_is_none_is_too_large(client, length):
    answer = client.post("/subscribe", headers={"content-length": length}, content=b"x")

    assert answer.status_code == 413


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "cross-site"}, {"origin": "https://a.io"}])
@pytest.mark.parametrize("door", POSTS, ids="".join)
def test_a_form_of_another_site_is_refused_but_where_anybody_may_post(client, door, headers):
    answer = client.post(door.path, headers=headers)

    open_to_all = any(
        door.path == name or (name.endswith("/") and door.path.startswith(name))
        for name in FROM_ANYWHERE
    )
    assert (answer.status_code != 403) == open_to_all


def test_the_places_where_anybody_may_post_are_these():
    assert set(FROM_ANYWHERE) == {
        "/unsubscribe/",
        "/webhooks/",
        "/api/",
        "/subscribe",
        "/subscription/form",
        "/api/public/subscription",
    }


@pytest.mark.parametrize("path", ["/subscribe/x", "/subscribers", "/unsubscribe"])
def test_a_name_that_only_begins_alike_is_another(client, path):
    assert client.post(path).status_code in (404, 405)


@pytest.mark.parametrize(
    "door", [door for door in doors() if "{token}" in door.template], ids="".join
)
def test_every_address_with_a_token_is_private(door):
    assert door.path.startswith(PRIVATE)


@pytest.mark.parametrize("odd", ["%00", "%ff", "%0d%0a", "\u202e", "'", "a" * 5000, "..%2f"])
@pytest.mark.parametrize("door", [door for door in doors() if "{" in door.template], ids="".join)
def test_an_odd_address_is_a_page_that_is_not_there(client, door, odd):
    answer = client.request(door.method, door.filled(token=odd, number=odd, public_id=odd))
    led_to_sign_in = answer.headers.get("location", "").startswith("/editor/sign-in")

    assert answer.status_code in (401, 403, 404, 405, 422) or led_to_sign_in
    stands_guarded(answer, door.path)


@pytest.mark.parametrize("door", POSTS, ids="".join)
def test_an_odd_body_is_no_failure(client, door):
    for kind in ("application/x-www-form-urlencoded", "application/json", "multipart/form-data"):
        for body in (
            b"",
            b"\x00",
            b"a=%00&email=%00",
            b'{"email": "\\u0000"}',
            b"\xff\xfe",
            b"=&=;",
        ):
            answer = client.post(door.path, content=body, headers={"content-type": kind})
            assert answer.status_code < 500 or answer.status_code == 503
