"""The colours: readable as designed, in the light and in the dark."""

import re
from colorsys import hls_to_rgb, rgb_to_hls
from typing import Any

import pytest

from newsletter.rendering.environment import html_environment, templates_folder

LIGHT: Any = html_environment().get_template("email/_parts/look.jinja").module
STYLES = (templates_folder() / "email" / "_parts" / "styles.mjml").read_text()


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def dark(selector: str) -> str:
    found = re.search(
        rf"^{re.escape(selector)}[^{{\n]*\{{[^}}]*?(#[0-9a-f]{{6}})", STYLES, re.MULTILINE
    )
    assert found, selector
    return found[1]


@pytest.mark.parametrize("words", ["ink", "muted"])
@pytest.mark.parametrize("ground", ["sheet", "page"])
def test_words_are_readable_in_the_light(words: str, ground: str) -> None:
    assert contrast(getattr(LIGHT, words), getattr(LIGHT, ground)) >= 4.5


@pytest.mark.parametrize("words", [".s div", ".f div"])
@pytest.mark.parametrize("ground", [".s,.s>table", "body,.z"])
def test_words_are_readable_in_the_dark(words: str, ground: str) -> None:
    assert contrast(dark(words), dark(ground)) >= 4.5


@pytest.mark.parametrize("side", ["a", "b"])
def test_bars_stand_out_from_their_track(side: str) -> None:
    assert contrast(LIGHT.side[side], LIGHT.track) >= 3
    assert contrast(dark(f".{side}"), dark(".t")) >= 3


@pytest.mark.parametrize("side", ["a", "b"])
def test_bars_stand_out_from_the_sheet(side: str) -> None:
    assert contrast(LIGHT.side[side], LIGHT.sheet) >= 3
    assert contrast(dark(f".{side}"), dark(".s,.s>table")) >= 3


@pytest.mark.parametrize("words", ["on_head", "muted_on_head"])
def test_the_head_is_readable_in_either_scheme(words: str) -> None:
    assert contrast(getattr(LIGHT, words), LIGHT.head) >= 4.5
    assert contrast(getattr(LIGHT, words), dark(".i,.i>table")) >= 4.5


@pytest.mark.parametrize("side", ["a", "b"])
def test_the_axis_stands_out_from_the_head(side: str) -> None:
    assert contrast(LIGHT.side_on_head[side], LIGHT.head) >= 3
    assert contrast(LIGHT.side_on_head[side], dark(".i,.i>table")) >= 3


def inverted(colour: str) -> str:
    """Turn the lightness round as mail programs do that know better than the letter."""
    hue, lightness, saturation = rgb_to_hls(
        *(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    )
    turned = hls_to_rgb(hue, 1 - lightness, saturation)
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in turned)


@pytest.mark.parametrize(
    ("words", "ground"),
    [("ink", "sheet"), ("muted", "sheet"), ("muted", "page"), ("on_head", "head")],
)
def test_words_stay_readable_when_a_mail_program_inverts_everything(
    words: str, ground: str
) -> None:
    assert contrast(inverted(getattr(LIGHT, words)), inverted(getattr(LIGHT, ground))) >= 4.5


@pytest.mark.parametrize("side", ["a", "b"])
def test_sides_stand_out_whether_they_are_inverted_or_only_the_paper(side: str) -> None:
    paper = inverted(LIGHT.sheet)

    assert contrast(inverted(LIGHT.side[side]), paper) >= 3
    assert contrast(LIGHT.side[side], paper) >= 3


def test_outlook_on_the_web_gets_the_same_dark() -> None:
    scheme, outlook = (
        set(re.findall(r"#[0-9a-f]{6}", block))
        for block in re.findall(r"<mj-style>(.*?)</mj-style>", STYLES, re.DOTALL)[2:]
    )

    assert outlook == scheme
