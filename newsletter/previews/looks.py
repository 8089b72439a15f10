"""The ways to look at a letter; those in a frame are HTML, which never leaves its sandbox."""

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache

from newsletter.rendering import emulation
from newsletter.rendering.checks import Finding
from newsletter.rendering.emulation import EMULATIONS
from newsletter.rendering.emulation.schemes import forced


class Look(StrEnum):
    """How it is looked at; the codes stand in addresses."""

    LETTER = "letter"
    PHONE = "phone"
    LIGHT = "light"
    DARK = "dark"
    NO_IMAGES = "no-images"
    TEXT = "text"
    ARCHIVE = "archive"
    STRIPPED = "stripped"
    INVERTED = "inverted"
    WORD = "word"
    SOURCE = "source"


WORDS: Mapping[Look, str] = {
    Look.LETTER: "Desktop",
    Look.PHONE: "Phone",
    Look.LIGHT: "Light",
    Look.DARK: "Dark",
    Look.NO_IMAGES: "Images off",
    Look.TEXT: "Plain text",
    Look.ARCHIVE: "Archive page",
    Look.SOURCE: "Source and headers",
    **{Look(name): one.words for name, one in EMULATIONS.items()},
}

TOLD: Mapping[Look, str] = {
    Look.LETTER: "The very bytes of the HTML part. Its colours are those that your device prefers.",
    Look.PHONE: "The same bytes, 360 pixels wide.",
    Look.LIGHT: "As for a reader who prefers light colours.",
    Look.DARK: "As for a reader who prefers dark colours.",
    Look.NO_IMAGES: "The same bytes; no picture is loaded.",
    Look.TEXT: "The text part, for programs and people who want no HTML.",
    Look.ARCHIVE: "The page that everybody can read once the issue has begun to leave.",
    Look.SOURCE: "The whole message, as a mail server gets it; a provider may add headers of its own.",
    **{Look(name): one.told for name, one in EMULATIONS.items()},
}

AS_TEXT = frozenset({Look.TEXT, Look.SOURCE})
"""Shown as text on our own page, and in no frame."""


def shown(look: Look, html: str) -> str:
    """Give the HTML part as one look shows it."""
    if look in (Look.LIGHT, Look.DARK):
        return forced(html, "dark" if look is Look.DARK else "light")
    if look.value in EMULATIONS:
        return _changed(look, html)
    return html


def broken(look: Look, html: str) -> tuple[Finding, ...]:
    """Give what breaks by what a program does; nothing where it does nothing."""
    if look.value not in EMULATIONS:
        return ()
    return tuple(emulation.broken(look.value, html, _changed(look, html)))


@lru_cache(maxsize=8)
def _changed(look: Look, html: str) -> str:
    """Do it once for the page and for the frame in it."""
    return EMULATIONS[look.value].change(html)
