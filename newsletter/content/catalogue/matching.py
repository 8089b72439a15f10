"""Whether two readings are of the same page, when no address settles it.

Names are no identity: five tools are called "Claw Code", and six "Vercel AI SDK 5.0". What tells
them apart is what was written about them, tagline and description; numbers may be updated.
"""

from dataclasses import replace

from newsletter.content.comparison import Comparison, Quote, Side, Tool

_OTHER: dict[Side, Side] = {"a": "b", "b": "a"}


def may_be_same_tool(stored: Tool, incoming: Tool) -> bool:
    """Judge by the slugs where both are real, else by the texts, else by the names."""
    if stored.provisional or incoming.provisional:
        return has_same_story(stored, incoming)
    return _is_by_slug(stored, incoming)


def has_same_story(one: Tool, two: Tool) -> bool:
    """Say whether tagline or description agree; where neither is known twice, the names must."""
    pairs = ((one.tagline, two.tagline), (one.description, two.description))
    known = [(first, second) for first, second in pairs if first and second]
    if known:
        return any(first == second for first, second in known)
    return one.name.casefold() == two.name.casefold()


def fits(stored: Comparison, incoming: Comparison) -> bool:
    """Say whether the incoming comparison may be the stored one, side by side as they stand."""
    sides, others = (stored.tool_a, stored.tool_b), (stored.tool_b, stored.tool_a)
    tools = (incoming.tool_a, incoming.tool_b)
    return all(map(may_be_same_tool, sides, tools)) and not any(map(_is_by_slug, others, tools))


def swapped(comparison: Comparison) -> Comparison:
    """Give the comparison as a page with the sides the other way round would say it."""
    quotes = [replace(quote, side=_OTHER[quote.side]) for quote in comparison.quotes]
    return replace(
        comparison,
        tool_a=comparison.tool_b,
        tool_b=comparison.tool_a,
        quotes=tuple(sorted(quotes, key=_page_order)),
    )


def _is_by_slug(stored: Tool, incoming: Tool) -> bool:
    return stored.slug == incoming.slug and not (stored.provisional or incoming.provisional)


def _page_order(quote: Quote) -> tuple[int, Side]:
    return quote.position, quote.side
