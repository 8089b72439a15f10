"""What can be read: colours, the cascade, inheritance, media conditions and sizes."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from newsletter.rendering.checks.cascade import elements
from newsletter.rendering.checks.colours import Colour, colour, contrast
from newsletter.rendering.checks.media import DARK, DARK_PHONE, LIGHT, PHONE, Scene
from newsletter.rendering.checks.sight import Look, seen


def look(html: str, scene: Scene = LIGHT, *, knows_dark: bool = True) -> Look:
    """How the words "x" look."""
    read = elements(LexborHTMLParser(html))
    return next(text.look for text in seen(read, scene, knows_dark=knows_dark) if text.words == "x")


def worn(html: str, scene: Scene = LIGHT, *, knows_dark: bool = True) -> str:
    found = look(html, scene, knows_dark=knows_dark)
    return f"{found.colour.over(found.ground)} on {found.ground}"


def shade(words: str) -> Colour:
    found = colour(words)
    assert found
    return found


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000", "#fff", 21.0),
        ("#fff", "#fff", 1.0),
        ("#777", "#fff", 4.48),
        ("#767676", "white", 4.54),
        ("#f00", "#fff", 4.0),
        ("rgb(0 0 255)", "#fff", 8.59),
    ],
)
def test_ratios_are_those_of_the_standard(one: str, other: str, ratio: float) -> None:
    assert contrast(shade(one), shade(other)) == pytest.approx(ratio, abs=0.005)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>x</p>", "#000000 on #ffffff"),
        ('<div style="color:#123456"><p>x</p></div>', "#123456 on #ffffff"),
        ('<table bgcolor="#112233"><tr><td>x</td></tr></table>', "#000000 on #112233"),
        ('<div style="background:#eee url(a.png)"><p>x</p></div>', "#000000 on #eeeeee"),
        (
            '<p style="background:#000"><b style="background-color:transparent">x</b></p>',
            "#000000 on #000000",
        ),
        ('<p style="color:rgba(0,0,0,.5)">x</p>', "#808080 on #ffffff"),
        ('<font color="red">x</font>', "#ff0000 on #ffffff"),
        ('<p style="color:red"><a href="/">x</a></p>', "#0000ee on #ffffff"),
        ('<p style="color:red"><a href="/" style="color:inherit">x</a></p>', "#ff0000 on #ffffff"),
        ("<style>p{color:red}</style><p>x</p>", "#ff0000 on #ffffff"),
        ('<style>p{color:red}</style><p style="color:lime">x</p>', "#00ff00 on #ffffff"),
        (
            '<style>p{color:red!important}</style><p style="color:lime">x</p>',
            "#ff0000 on #ffffff",
        ),
        ('<style>.a{color:red}p{color:lime}</style><p class="a">x</p>', "#ff0000 on #ffffff"),
        ("<style>p{color:red}p{color:lime}</style><p>x</p>", "#00ff00 on #ffffff"),
        ("<style>p::first-line{color:red}p{color:lime}</style><p>x</p>", "#00ff00 on #ffffff"),
        ("<style>[data-ogsc] p{color:red}</style><p>x</p>", "#000000 on #ffffff"),
        ("<style>div,p{color:red}</style><p>x</p>", "#ff0000 on #ffffff"),
        ("<style>@media print{p{color:red}}</style><p>x</p>", "#000000 on #ffffff"),
    ],
)
def test_the_winning_colours_are_found(html: str, expected: str) -> None:
    assert worn(html) == expected


IN_THE_DARK = "<style>@media (prefers-color-scheme:dark){p{color:#eee}}</style><p>x</p>"
ON_A_DARK_PHONE = (
    "<style>@media (max-width:480px){@media (prefers-color-scheme:dark){p{color:red}}}</style>"
    "<p>x</p>"
)


def test_dark_rules_apply_in_the_dark_only() -> None:
    assert worn(IN_THE_DARK) == "#000000 on #ffffff"
    assert worn(IN_THE_DARK, DARK) == "#eeeeee on #121212"


def test_a_document_that_does_not_know_the_dark_keeps_its_white_ground() -> None:
    assert worn(IN_THE_DARK, DARK, knows_dark=False) == "#eeeeee on #ffffff"


def test_nested_conditions_must_all_hold() -> None:
    assert "#ff0000" in worn(ON_A_DARK_PHONE, DARK_PHONE)
    assert "#ff0000" not in worn(ON_A_DARK_PHONE, DARK)
    assert "#ff0000" not in worn(ON_A_DARK_PHONE, PHONE)


def test_colours_without_a_ground_fail_where_the_ground_turns_dark() -> None:
    assert worn('<p style="color:#222">x</p>', DARK) == "#222222 on #121212"


@pytest.mark.parametrize(
    ("html", "size", "bold"),
    [
        ("<p>x</p>", 16, False),
        ("<h1>x</h1>", 32, True),
        ('<div style="font-size:20px"><p style="font-size:.5em">x</p></div>', 10, False),
        ('<p style="font-size:12pt">x</p>', 16, False),
        ('<p style="font-size:2rem;font-weight:600">x</p>', 32, True),
        ('<h2 style="font:26px/1.2 Georgia,serif">x</h2>', 26, False),
        ('<p style="font:italic bold 18px Arial">x</p>', 18, True),
        ('<div style="font-size:0"><p style="font-size:80%">x <b style="font-size:9px">x</b></p>', 9, True),
    ],
)  # fmt: skip
def test_size_and_weight_are_worked_out(html: str, size: float, bold: bool) -> None:
    found = look(html)

    assert found.size == pytest.approx(size)
    assert found.bold == bold


@pytest.mark.parametrize(
    "html",
    [
        '<div style="display:none"><p style="display:block">x</p></div>',
        '<p style="visibility:hidden">x</p>',
        "<p hidden>x</p>",
        "<title>x</title>",
        "<style>x</style>",
        '<p style="font-size:0">x</p>',
    ],
)
def test_what_nobody_sees_is_not_judged(html: str) -> None:
    read = elements(LexborHTMLParser(html))

    assert list(seen(read, LIGHT, knows_dark=True)) == []
