"""Checks that can stop a Monday: pure rules over the finished letter, each with a stable code.

A rule is a function from a ``Letter`` to its findings; it repairs nothing. It has one code, which
is its name with hyphens. Rules are tried in the order of ``RULES``; ``docs/preflight.md`` lists them.
"""

from collections.abc import Mapping

from newsletter.rendering.checks import (
    accessibility,
    claims,
    content,
    contrast,
    counts,
    destinations,
    encoding,
    glance,
    hidden,
    identity,
    inbox,
    left_overs,
    links,
    markup,
    parity,
    quotation_marks,
    quotes,
    results,
    signposts,
    tables,
    ways,
    wording,
)
from newsletter.rendering.checks.finding import Finding, Level, Rule, code_of
from newsletter.rendering.checks.letter import Letter
from newsletter.rendering.rendered import Rendered
from newsletter.rendering.views import Brand, IssueView

RULES: tuple[Rule, ...] = (
    *content.RULES,
    *quotes.RULES,
    *quotation_marks.RULES,
    *claims.RULES,
    *counts.RULES,
    *inbox.RULES,
    *left_overs.RULES,
    *ways.RULES,
    *identity.RULES,
    *parity.RULES,
    *wording.RULES,
    *tables.RULES,
    *glance.RULES,
    *results.RULES,
    *links.RULES,
    *destinations.RULES,
    *signposts.RULES,
    *markup.RULES,
    *encoding.RULES,
    *hidden.RULES,
    *contrast.RULES,
    *accessibility.RULES,
)

CODES: tuple[str, ...] = tuple(map(code_of, RULES))
"""Every code that ``check`` can give, in the order of the rules."""

_NO_HEADERS: Mapping[str, str] = {}


def check(
    rendered: Rendered,
    view: IssueView,
    *,
    marks: Mapping[str, str],
    brand: Brand,
    headers: Mapping[str, str] = _NO_HEADERS,
) -> list[Finding]:
    """Look at a letter as one subscriber would get it.

    Args:
        rendered: the letter with its marks.
        view: what it was rendered from.
        marks: a sample value for each mark that delivery will fill, unescaped.
        brand: the brand as configured now.
        headers: of the composed message by name, with the same sample values; rules about them
            are silent when there are none.

    Returns:
        All findings in the order of the rules; an empty list means that it may go.
    """
    letter = Letter.opened(rendered, view, marks=marks, brand=brand, headers=headers)
    return [finding for rule in RULES for finding in rule(letter)]


__all__ = ["CODES", "RULES", "Finding", "Level", "check"]
