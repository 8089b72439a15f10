"""The form in which the catalogue is printed, and read back: plain JSON values."""

from typing import Any

from newsletter.content.comparison import CatalogueEntry, Quote, Tool


def as_json(entry: CatalogueEntry) -> dict[str, Any]:
    """Give every field of an entry; null for what is unknown. See docs/comparison-json.md."""
    comparison = entry.comparison
    return {
        "slug_a": comparison.tool_a.slug,
        "slug_b": comparison.tool_b.slug,
        "tool_a": _tool(comparison.tool_a),
        "tool_b": _tool(comparison.tool_b),
        "quotes": [_quote(quote) for quote in comparison.quotes],
        "date": entry.date.isoformat(),
        "date_origin": entry.date_origin,
        "first_seen": entry.first_seen.isoformat(),
    }


def _tool(tool: Tool) -> dict[str, Any]:
    return {
        "slug": tool.slug,
        "name": tool.name,
        "category": tool.category,
        "tagline": tool.tagline,
        "panel_percent": tool.panel_percent,
        "community_percent": tool.community_percent,
        "entry": tool.entry,
        "description": tool.description,
    }


def _quote(quote: Quote) -> dict[str, Any]:
    return {
        "side": quote.side,
        "position": quote.position,
        "text": quote.text,
        "complete": quote.complete,
    }
