"""Where in a letter a finding is: the card, the line of the text part, or the part it is about. Pure."""

import re
from dataclasses import dataclass

from newsletter.rendering.checks.finding import Finding
from newsletter.rendering.views import Card, IssueView

_QUOTED = re.compile(r"'([^']{4,})'|\"([^\"]{4,})\"|“([^”]{4,})”")
_ON_THIS_PAGE = frozenset({"subject", "preheader"})
_IN_THE_SOURCE = frozenset({"headers", "message"})


@dataclass(frozen=True, slots=True)
class Spot:
    """Where to look.

    Attributes:
        look: which look at the letter shows it; empty for what stands on the issue's own page.
        anchor: the place in it; empty for all of it.
        words: what the link to it says.
    """

    look: str
    anchor: str = ""
    words: str = ""


def spot(finding: Finding, view: IssueView, text: str) -> Spot | None:
    """Say where a finding is; None for what is not in the letter, such as a setting.

    Args:
        finding: of preflight.
        view: what the letter was made of.
        text: its text part, as the page shows it.
    """
    part, _, rest = finding.where.partition(": ")
    if finding.where in _ON_THIS_PAGE:
        return Spot("", finding.where, finding.where)
    if finding.where in _IN_THE_SOURCE:
        return Spot("source", "", "the headers")
    if card := _card(finding.where, view) or _card(rest, view):
        return _of_card(card, part, view, text)
    if part == "text":
        line = _line(finding.message, text)
        return Spot("text", f"line-{line}" if line else "", f"line {line}" if line else "the text")
    if part == "html" or part.startswith("html"):
        return Spot("letter", "", "the letter")
    return None


def _card(title: str, view: IssueView) -> Card | None:
    """Find the card that a place names, first by the longest title: one may begin another."""
    fitting = (
        card for card in view.cards if title == card.title or title.startswith(f"{card.title},")
    )
    return next(fitting, None)


def _of_card(card: Card, part: str, view: IssueView, text: str) -> Spot:
    place = view.cards.index(card) + 1
    if part == "text":
        line = _line(f"'{place}. {card.title}'", text)
        return Spot("text", f"line-{line}" if line else "", f"card {place}, in the text")
    return Spot("letter", card.anchor, f"card {place}")


def _line(message: str, text: str) -> int | None:
    """Give the number of the line that holds words which a message quotes; from 1."""
    lines = text.splitlines()
    for found in _QUOTED.finditer(message):
        words = next(filter(None, found.groups()))
        for number, line in enumerate(lines, start=1):
            if words in line or (
                line.strip() and line.strip() in words and len(line) > len(words) / 2
            ):
                return number
    return None
