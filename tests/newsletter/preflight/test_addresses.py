from newsletter.preflight.addresses import addresses, shown
from newsletter.rendering.letter import render
from newsletter.rendering.personal import mark
from newsletter.rendering.rendered import Rendered
from tests.newsletter.rendering.samples import BRAND, NONCE, view

BASE = BRAND.base_url
TOKEN = mark(NONCE, "unsubscribe")


def letter(html: str = "", text: str = "") -> Rendered:
    return Rendered("subject", "preheader", html, text, NONCE)


def test_links_into_this_service_are_told_from_all_others():
    found = addresses(
        letter(
            f'<a href="{BASE}/archive">a</a><a href="https://other.example.org/x?y=1&amp;z">b</a>'
        ),
        {BASE},
    )

    assert found.own == ("/archive",)
    assert found.others == ("https://other.example.org/x?y=1&z",)


def test_a_host_that_only_begins_like_this_service_is_another_one():
    found = addresses(letter(f'<a href="{BASE}.evil.example/archive">a</a>'), {BASE})

    assert found.own == ()
    assert len(found.others) == 1


def test_a_service_under_a_path_is_asked_without_that_path():
    base = "https://example.org/letters"
    html = f'<a href="{base}">a</a><a href="{base}/archive#c">b</a><a href="https://example.org/">c</a>'

    found = addresses(letter(html), {base})

    assert found.own == ("/", "/archive#c")
    assert found.others == ("https://example.org/",)


def test_links_of_the_text_are_read_without_what_ends_the_sentence():
    found = addresses(letter(text=f"See {BASE}/archive. (Or https://other.example.org/a.)"), {BASE})

    assert (found.own, found.others) == (("/archive",), ("https://other.example.org/a",))


def test_no_token_ever_goes_to_another_host():
    old = "https://old.example.org"

    found = addresses(letter(f'<a href="{old}/unsubscribe/{TOKEN}">out</a>'), {BASE})

    assert found.own == found.others == ()


def test_what_is_shown_of_a_link_holds_nothing_personal():
    assert shown(f"/unsubscribe/{TOKEN}", NONCE) == "/unsubscribe/…"


def test_other_schemes_are_nobodys_to_ask():
    found = addresses(letter('<a href="mailto:a@example.org">a</a><a href="tel:1">b</a>'), {BASE})

    assert found.own == found.others == ()


def test_a_real_letter_leads_to_its_way_out_the_archive_and_the_comparison_pages():
    issue = view()

    found = addresses(render(issue, NONCE), {BASE})

    assert f"/unsubscribe/{TOKEN}" in found.own
    assert {"/archive", "/archive/12", "/how-verdicts-are-made"} <= set(found.own)
    assert {row.url for row in issue.match_ups} == set(found.others)
