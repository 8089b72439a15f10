"""The colours: readable as designed, in the light and in the dark."""

import re
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
