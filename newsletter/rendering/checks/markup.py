"""Rules about the bytes: weight, Outlook's comments, and that nothing is loaded or run."""

from collections.abc import Iterator

from newsletter.rendering.checks.conditionals import fault
from newsletter.rendering.checks.finding import Finding, Rule
from newsletter.rendering.checks.letter import Letter
from newsletter.rendering.rendered import HTML_BUDGET

SIZE_LIMIT = 100 * 1024
"""Bytes; a little above it Gmail hides the rest of the letter, the footer with it."""


def size_over_limit(letter: Letter) -> Iterator[Finding]:
    """The HTML is shown whole to the subscriber with the longest address; else it is cut off."""
    if letter.heaviest > SIZE_LIMIT:
        yield Finding("size-over-limit", "block", _weighs(letter), "html")


def size_near_limit(letter: Letter) -> Iterator[Finding]:
    """The HTML keeps to the budget; a provider may still add to it."""
    if HTML_BUDGET < letter.heaviest <= SIZE_LIMIT:
        yield Finding("size-near-limit", "note", _weighs(letter), "html")


def outlook_conditionals(letter: Letter) -> Iterator[Finding]:
    """Outlook's layout lives in comments, which a later step may have dropped or torn apart.

    It blocks: without them Outlook shows one column as wide as the screen, or half a letter.
    """
    if found := fault(letter.html):
        told = f"Outlook's conditional comments are broken: {found}; mend the template or its step."
        yield Finding("outlook-conditionals", "block", told, "html")


def script(letter: Letter) -> Iterator[Finding]:
    """A letter runs nothing, sends nobody on, and asks for nothing to be typed in."""
    for what in letter.page.running:
        yield Finding("script", "block", f"The HTML holds {what}; take it out.", "html")


def data_uri(letter: Letter) -> Iterator[Finding]:
    """Several mail programs refuse data addresses, and they weigh."""
    for address in (*letter.page.fetched, *letter.page.urls):
        if address.lower().startswith("data:"):
            told = f"The HTML holds a data address, {address[:40]!r}; take it out."
            yield Finding("data-uri", "block", told, "html")


def remote_resource(letter: Letter) -> Iterator[Finding]:
    """Nothing is loaded when the letter is opened: no image, no font, no pixel."""
    for address in letter.page.fetched:
        if not address.lower().startswith(("data:", "cid:")):
            told = f"Opening the letter would load {address[:80]!r}; take it out."
            yield Finding("remote-resource", "block", told, "html")


RULES: tuple[Rule, ...] = (
    size_over_limit,
    size_near_limit,
    outlook_conditionals,
    script,
    data_uri,
    remote_resource,
)


def _weighs(letter: Letter) -> str:
    return (
        f"With the longest address the HTML weighs {letter.heaviest / 1024:.1f} KiB; mail programs "
        "cut it at about 100 KiB; take a match-up out or shorten one."
    )
