"""The text of a comparison page, in either layout and perhaps cut short, to a Comparison."""

from dataclasses import replace

from newsletter.content.addresses import provisional_slug
from newsletter.content.comparison import Comparison, Tool
from newsletter.content.pages.blocks import Facts, facts_below, head_above
from newsletter.content.pages.decision import Decision, find_decision, read_decision
from newsletter.content.pages.labels import ENTRY, FOOTER, SCORECARD, position
from newsletter.content.pages.lines import Line, lines_of
from newsletter.content.pages.one_line import apart
from newsletter.content.pages.placement import Placement, place_names
from newsletter.content.pages.scorecard import read_quotes
from newsletter.content.pages.title import find_title
from newsletter.content.refusals import Unreadable


def read_comparison(text: str) -> Comparison:
    """Read a page; what it may have lost by a cut is unknown or marked incomplete.

    Returns:
        The comparison under provisional slugs, for a page text does not hold its address.

    Raises:
        Unreadable: this is no comparison page, or it was cut before both names are certain.
    """
    lines = apart(lines_of(text))
    title = find_title(lines)
    footer = position(lines, FOOTER, start=title.body)
    lines = lines[:footer]
    whole = footer is not None
    placement = place_names(lines, title, whole=whole)
    scorecard = position(lines, SCORECARD, start=title.body)
    _check_order(lines, placement, scorecard)
    quotes = read_quotes(lines[scorecard + 1 :], whole=whole) if scorecard is not None else ()
    if scorecard is not None:
        lines = lines[: scorecard + 1]
    decision = _decision(lines, placement)
    blocks = lines[: scorecard if decision is None else decision]
    closed = whole or scorecard is not None or decision is not None
    tool_a, tool_b = _tools(blocks, placement, body=title.body, closed=closed)
    if decision is None:
        return Comparison(tool_a, tool_b, quotes)
    decided_a, decided_b = read_decision(lines[decision:])
    return Comparison(_with(tool_a, decided_a), _with(tool_b, decided_b), quotes)


def _check_order(lines: list[Line], placement: Placement, scorecard: int | None) -> None:
    """Refuse a page on which a block stands below the scorecard: quotes would run into facts."""
    for name, at in zip(placement.names, (placement.at_a, placement.at_b), strict=True):
        if scorecard is not None and at is not None and at > scorecard:
            raise Unreadable(
                f"“{name}” stands below the scorecard, which pages have below both tools; "
                "put the parts of the page in order, or give it as comparison JSON",
                line=lines[at].number,
            )


def _decision(lines: list[Line], placement: Placement) -> int | None:
    if placement.at_b is None:
        return None
    return find_decision(lines, placement.names[0], start=placement.at_b)


def _with(tool: Tool, decision: Decision) -> Tool:
    community = tool.community_percent
    return replace(
        tool,
        ships=decision.ships,
        skips=decision.skips,
        price=decision.price,
        community_percent=decision.community_percent if community is None else community,
    )


def _tools(
    lines: list[Line], placement: Placement, *, body: int, closed: bool
) -> tuple[Tool, Tool]:
    """Read both blocks; the head of the second is what closes the first."""
    name_a, name_b = placement.names
    if placement.at_a is None:
        return _tool(name_a, None, Facts()), _tool(name_b, None, Facts())
    category_a = head_above(lines, placement.at_a, floor=body).category
    if placement.at_b is None:
        facts = facts_below(lines[placement.at_a + 1 :], closed=False)  # where does it end?
        return _tool(name_a, category_a, facts), _tool(name_b, None, Facts())
    head_b = head_above(lines, placement.at_b, floor=_end_of_labels(lines, placement))
    return (
        _tool(
            name_a, category_a, facts_below(lines[placement.at_a + 1 : head_b.start], closed=True)
        ),
        _tool(name_b, head_b.category, facts_below(lines[placement.at_b + 1 :], closed=closed)),
    )


def _end_of_labels(lines: list[Line], placement: Placement) -> int:
    """Give the first index after the first block's name and entry label."""
    assert placement.at_a is not None
    entry = position(lines[: placement.at_b], ENTRY, start=placement.at_a + 1)
    return (placement.at_a if entry is None else entry) + 1


def _tool(name: str, category: str | None, facts: Facts) -> Tool:
    return Tool(
        slug=provisional_slug(name),
        name=name,
        category=category,
        tagline=facts.tagline,
        panel_percent=facts.panel_percent,
        community_percent=facts.community_percent,
        entry=facts.entry,
        description=facts.description,
        provisional=True,
    )
