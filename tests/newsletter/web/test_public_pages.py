"""Pages for everybody: found by search engines, told about in links, kept by caches."""

import hashlib
import re
from dataclasses import replace
from html import unescape
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from fastapi.testclient import TestClient
from selectolax.lexbor import LexborHTMLParser

from newsletter.service import Service
from newsletter.sign_up.privacy import VERSION, version
from newsletter.web.app import create_app
from tests.factories import add_subscribers, store_comparisons

TOLD = ["/", "/subscribe", "/archive", "/archive/1", "/how-verdicts-are-made", "/privacy"]
KEPT = [
    "/archive",
    "/archive/1",
    "/archive/1.json",
    "/feed.xml",
    "/feed.json",
    "/how-verdicts-are-made",
    "/privacy",
    "/sitemap.xml",
    "/robots.txt",
    "/style.css",
    "/sign-up.js",
    "/favicon.svg",
]
DATED = [path for path in KEPT if path not in ("/how-verdicts-are-made", "/privacy", "/robots.txt")]
NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NOTICE = "ca60d856b21b"
"""Fingerprint of what the privacy notice says; with another comes another VERSION."""


@pytest.fixture
def client(service: Service) -> TestClient:
    with service.database.writing() as session:
        store_comparisons(session, 2)
        add_subscribers(session, 1)
    service.desk.send(service.desk.build(service.desk.slots.next(), actor="t").number, actor="t")
    return TestClient(create_app(service))


def with_settings(service: Service, **settings: Any) -> TestClient:
    return TestClient(
        create_app(replace(service, settings=service.settings.model_copy(update=settings)))
    )


def head(html: str) -> dict[str, str]:
    """Give what a page says of itself to programs."""
    tree = LexborHTMLParser(html)
    said = {
        node.attributes.get("property") or node.attributes.get("name") or "": node.attributes.get(
            "content"
        )
        or ""
        for node in tree.css("meta")
    }
    canonical = tree.css_first("link[rel=canonical]")
    title = tree.css_first("title")
    assert title is not None
    return said | {
        "canonical": (canonical.attributes["href"] or "") if canonical else "",
        "title": title.text(),
    }


@pytest.mark.parametrize("path", TOLD)
def test_a_link_to_a_page_can_be_shown_with_its_title_and_what_it_is_about(client, path):
    said = head(client.get(path).text)

    assert said["canonical"] == said["og:url"] == f"http://localhost{path}"
    assert said["og:title"]
    assert said["og:title"] in said["title"]
    assert 50 <= len(said["description"]) <= 200
    assert said["og:description"] == said["description"]
    assert said["og:site_name"] == "Weekly Verdict"
    assert said["og:type"] == ("article" if path == "/archive/1" else "website")


def test_pages_are_told_apart(client):
    said = [head(client.get(path).text) for path in TOLD]

    for name in ("title", "description"):
        assert len({one[name] for one in said}) == len(TOLD)


@pytest.mark.parametrize("path", ["/embed", "/nothing", "/unsubscribe/x"])
def test_what_is_not_for_everybody_is_not_indexed_and_names_no_address_of_its_own(client, path):
    said = head(client.get(path).text)

    assert said["robots"] == "noindex"
    assert said["canonical"] == ""
    assert "og:url" not in said


@pytest.mark.parametrize("path", KEPT)
def test_caches_keep_it_and_ask_whether_it_is_still_right(client, path):
    first = client.get(path)
    again = client.get(path, headers={"if-none-match": first.headers["etag"]})

    assert first.headers["cache-control"] == "public, max-age=300"
    assert (again.status_code, again.content) == (304, b"")
    assert ("last-modified" in first.headers) == (path in DATED)
    assert again.headers["content-security-policy"] == first.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/", "/subscribe", "/subscribe/challenge", "/healthz", "/readyz"])
def test_forms_and_states_of_health_are_kept_by_nobody(client, path):
    assert client.get(path).headers["cache-control"] == "no-store"


def test_the_map_is_dated_and_complete(client):
    answer = client.get("/sitemap.xml")
    pages = {
        url.findtext(f"{NAMESPACE}loc"): url.findtext(f"{NAMESPACE}lastmod")
        for url in ET.fromstring(answer.text)  # noqa: S314  our own bytes
    }

    assert answer.headers["content-type"] == "application/xml; charset=utf-8"
    assert pages["http://localhost/archive/1"] == "2026-11-23T09:00:00Z"
    assert pages["http://localhost/"] == "2026-11-23T09:00:00Z"
    assert set(pages) == {f"http://localhost{path}" for path in TOLD}


def test_a_map_of_nothing_yet_is_a_map(service):
    answer = TestClient(create_app(service)).get("/sitemap.xml")

    assert "/archive/" not in answer.text
    assert "last-modified" not in answer.headers
    assert len(ET.fromstring(answer.text)) == 5  # noqa: S314  our own bytes


def test_an_address_that_holds_signs_of_xml_is_written_as_xml(service):
    client = with_settings(service, base_url="https://news.example.org/a&b")

    assert "https://news.example.org/a&amp;b/archive" in client.get("/sitemap.xml").text


def test_robots_are_shown_the_map(client):
    answer = client.get("/robots.txt")

    assert answer.headers["content-type"].startswith("text/plain")
    assert "Sitemap: http://localhost/sitemap.xml\n" in answer.text
    assert "Disallow: /api/\n" in answer.text


@pytest.mark.parametrize("path", ["/", "/subscribe", "/embed"])
def test_every_form_leads_to_what_is_kept(client, path):
    text = unescape(client.get(path).text)
    form = text[text.index("<form") : text.rindex("</form")]

    assert '/privacy">What is kept about you</a>' in form


def test_the_notice_says_its_numbers_its_version_and_who_answers(service):
    limits = replace(service.reception.limits, unconfirmed=service.reception.limits.unconfirmed / 2)
    settings = service.settings.model_copy(update={"reply_to": "Ann <ann@example.org>"})
    reception = replace(service.reception, limits=limits)
    changed = replace(service, settings=settings, reception=reception)

    text = TestClient(create_app(changed)).get("/privacy").text

    assert "within 3.5 days" in text
    assert f"Version {VERSION}" in text
    assert 'href="mailto:ann@example.org"' in text
    assert "1 Test Street" in text


def test_a_publishers_own_policy_is_linked_and_named_in_the_evidence(service):
    policy = "https://example.org/privacy"
    client = with_settings(service, privacy_url=policy)

    assert f'href="{policy}"' in client.get("/privacy").text
    assert policy not in TestClient(create_app(service)).get("/privacy").text
    assert version(policy) == f"{VERSION}, {policy}"


def test_whether_clicks_are_counted_is_said_and_named_in_the_evidence(service):
    counted = with_settings(service, track_clicks=True).get("/privacy").text
    silent = with_settings(service).get("/privacy").text

    assert "Your clicks" in counted
    assert f"Version {VERSION}, with clicks." in counted
    assert "no link\nin it counts your click" in silent
    assert "counts your click" not in counted
    assert "Your clicks" not in silent


def test_whoever_changes_the_notice_changes_its_version(client):
    main = LexborHTMLParser(client.get("/privacy").text).css_first("main")
    assert main is not None
    words = re.sub(r"\s+", " ", main.text())

    assert hashlib.sha256(words.encode()).hexdigest()[:12] == NOTICE
