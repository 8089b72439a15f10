"""Checks that can stop a Monday: pure rules over the finished letter, each with a stable code.

A rule is a function from a ``Letter`` to its findings; it repairs nothing. Every rule is listed
in ``RULES``, and its codes stand beside it in the same file.
"""

from collections.abc import Mapping

from newsletter.rendering.checks import content, inbox, markup, parts
from newsletter.rendering.checks.finding import Finding, Level, Rule
from newsletter.rendering.checks.letter import Letter
from newsletter.rendering.letter import Rendered
from newsletter.rendering.views import Brand, IssueView

RULES: tuple[Rule, ...] = (*content.RULES, *inbox.RULES, *parts.RULES, *markup.RULES)


def check(
    rendered: Rendered, view: IssueView, *, marks: Mapping[str, str], brand: Brand
) -> list[Finding]:
    """Look at a letter as one subscriber would get it.

    Args:
        rendered: the letter with its marks.
        view: what it was rendered from.
        marks: a sample value for each mark that delivery will fill, unescaped.
        brand: the brand as configured now.

    Returns:
        All findings in the order of the rules; an empty list means that it may go.
    """
    letter = Letter.opened(rendered, view, marks=marks, brand=brand)
    return [finding for rule in RULES for finding in rule(letter)]


__all__ = ["RULES", "Finding", "Level", "check"]
