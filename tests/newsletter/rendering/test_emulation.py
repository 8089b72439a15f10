"""What mail programs do to a letter: the golden letter bears it all, and each fixture breaks by one thing."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from newsletter.rendering.checks.colours import BLACK, WHITE, Colour, contrast
from newsletter.rendering.emulation import EMULATIONS, broken, lab
from newsletter.rendering.emulation.conditions import holds, read_by_word
from newsletter.rendering.emulation.schemes import forced
from newsletter.rendering.letter import render
from tests.newsletter.rendering.samples import MARKS, NONCE, view


@pytest.fixture(scope="module")
def golden() -> str:
    return render(view(), NONCE).marked_html().fill_html(MARKS)


def page(body: str, head: str = "") -> str:
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"


def codes(name: str, html: str) -> set[str]:
    return {found.code for found in broken(name, html, EMULATIONS[name].change(html))}


def words(html: str) -> str:
    body = LexborHTMLParser(html).body
    assert body is not None
    return " ".join(body.text(separator=" ").split())


@pytest.mark.parametrize("name", EMULATIONS)
def test_the_golden_letter_bears_it(golden, name):
    after = EMULATIONS[name].change(golden)

    assert broken(name, golden, after) == []
    assert after != golden
    assert "I&#39;d ship Quillcode" in after or "I'd ship Quillcode" in after


BREAKING = {
    "hidden by a class": (
        "stripped",
        page("<p class=h>preheader</p><p>a</p>", "<style>.h{display:none}</style>"),
        {"words-come"},
    ),
    "light letters whose ground is in a sheet": (
        "stripped",
        page("<p class=d style='color:#fff'>words</p>", "<style>.d{background:#000}</style>"),
        {"faint"},
    ),
    "shown by a class": (
        "stripped",
        page(
            "<p class=s style='display:none'>words</p>",
            "<style>.s{display:block!important}</style>",
        ),
        {"words-gone"},
    ),
    "as wide as a desk": (
        "stripped",
        page("<table width=600><tr><td>words</td></tr></table>"),
        {"too-wide"},
    ),
    "words on a picture": (
        "inverted",
        page("<div style='background:url(data:,) #fff'>words</div>"),
        {"picture-behind"},
    ),
    "two loud colours": (
        "inverted",
        page("<p style='color:#440011;background:#ff33ff'>words</p>"),
        {"faint"},
    ),
    "boxes beside each other": (
        "word",
        page("<div style='display:flex'><p>a</p><p>b</p></div>"),
        {"layout-lost"},
    ),
    "narrow by its largest width": (
        "word",
        page("<div style='max-width:600px'>words</div>"),
        {"width-lost"},
    ),
    "a button by its padding": (
        "word",
        page("<p><a href='#' style='padding:12px;background:#20242b;color:#fff'>Vote</a></p>"),
        {"button-shrinks"},
    ),
    "hidden by an opacity": (
        "word",
        page("<p style='opacity:0'>preheader</p>"),
        {"words-come"},
    ),
    "a picture as the ground": (
        "word",
        page("<div style='background-image:url(data:,)'>words</div>"),
        {"background-lost"},
    ),
}


@pytest.mark.parametrize("fault", BREAKING)
def test_a_letter_with_a_fault_breaks_by_it(fault):
    name, html, expected = BREAKING[fault]

    assert codes(name, html) == expected
    assert not any(codes(other, html) & expected for other in EMULATIONS if other != name)


def test_word_reads_what_is_for_it_and_nothing_that_is_not():
    html = page(
        "<!--[if mso]><p>for Word</p><![endif]--><!--[if lte mso 11]><p>old</p><![endif]-->"
        "<!--[if !mso]><!--><p>others</p><!--<![endif]--><p>all</p>"
    )

    assert words(read_by_word(html)) == "for Word all"


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("mso", True),
        ("mso | IE", True),
        ("(mso)|(IE)", True),
        ("gte mso 9", True),
        ("gt mso 16", False),
        ("lte mso 11", False),
        ("lt mso 17", True),
        ("!mso", False),
        ("!IE", True),
        ("(gte mso 9)&(lte mso 15)", False),
        ("IE", False),
    ],
)
def test_a_condition_is_answered_as_the_word_of_today_does(condition, expected):
    assert holds(condition) is expected


def test_colours_turned_over_keep_apart():
    ink, paper = lab.turned_over(BLACK), lab.turned_over(WHITE)

    assert contrast(ink, WHITE) == pytest.approx(1, abs=0.01)
    assert contrast(paper, BLACK) < 1.3
    blue = lab.turned_over(Colour(0.18, 0.43, 0.71))
    assert blue.blue > blue.green > blue.red


def test_a_forced_scheme_answers_every_question_about_it(golden):
    dark, light = forced(golden, "dark"), forced(golden, "light")

    assert "prefers-color-scheme" not in dark + light
    assert "@media (min-width:0)" in dark
    assert "@media (max-width:0)" in light
    assert words(dark) == words(light) == words(golden)
