"""What a second reading changes: it fills gaps, erases nothing, and where it disagrees it wins."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from newsletter.content.comparison import Comparison, Quote, Side, Tool
from newsletter.content.pages.tool_page import ToolPage

_FACTS = (
    "name", "category", "tagline", "panel_percent", "community_percent", "entry", "description",
    "reviewed_on", "price", "ships", "skips",
)  # fmt: skip
_REVIEW_FACTS = ("reviewed_on", "price", "ships", "skips")
_SHARED_FACTS = ("name", "category", "tagline", "description")


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two readings that say different things; the newer one was kept.

    Attributes:
        field: such as ``tool_a.panel_percent`` or ``quotes.b.2``.
        old: what was stored.
        new: what is stored now.
    """

    field: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Changes:
    """What merging did; ``filled`` says whether anything was learned that is no conflict."""

    filled: bool = False
    conflicts: tuple[Conflict, ...] = ()

    def __bool__(self) -> bool:
        """Say whether anything is different now."""
        return self.filled or bool(self.conflicts)

    def __or__(self, other: "Changes") -> "Changes":
        """Give both together."""
        return Changes(self.filled or other.filled, self.conflicts + other.conflicts)


def merge(old: Comparison, new: Comparison) -> tuple[Comparison, Changes]:
    """Merge a newer reading of the same comparison, its sides in the same order."""
    tool_a, changes_a = merge_tools(old.tool_a, new.tool_a, place="tool_a.")
    tool_b, changes_b = merge_tools(old.tool_b, new.tool_b, place="tool_b.")
    quotes, quote_changes = merge_quotes(old.quotes, new.quotes)
    dates, date_changes = _merge_fields(old, new, ("published_on",))
    merged = Comparison(tool_a, tool_b, quotes, **dates)
    return merged, changes_a | changes_b | quote_changes | date_changes


def merge_tools(old: Tool, new: Tool, *, place: str = "") -> tuple[Tool, Changes]:
    """Merge what a newer page says of a tool; a slug from an address replaces a provisional one."""
    facts, changes = _merge_fields(old, new, _FACTS, place=place)
    identified = old.provisional and not new.provisional
    slug = new.slug if identified else old.slug
    merged = replace(old, slug=slug, provisional=old.provisional and new.provisional, **facts)
    return merged, changes | Changes(filled=identified)


def merge_tool_page(old: Tool, page: ToolPage) -> tuple[Tool, Changes]:
    """Merge a tool's own page: it knows its review best, of the rest it only fills gaps.

    Its category, for one, is spelled otherwise than on comparisons ("RESEARCH").
    """
    review, changes = _merge_fields(old, page, _REVIEW_FACTS)
    gaps = {
        field: value
        for field in _SHARED_FACTS
        if getattr(old, field) is None and (value := getattr(page, field)) is not None
    }
    return replace(old, **review, **gaps), changes | Changes(filled=bool(gaps))


def merge_quotes(old: Iterable[Quote], new: Iterable[Quote]) -> tuple[tuple[Quote, ...], Changes]:
    """Merge quotes by side and position; the result goes A, B, A, B as on the page."""
    quotes: dict[tuple[int, Side], Quote] = {(quote.position, quote.side): quote for quote in old}
    changes = Changes()
    for quote in new:
        place = (quote.position, quote.side)
        kept, change = _merge_quote(quotes.get(place), quote)
        quotes[place] = kept
        changes |= change
    return tuple(quotes[place] for place in sorted(quotes)), changes


def _merge_quote(old: Quote | None, new: Quote) -> tuple[Quote, Changes]:
    if old is None:
        return new, Changes(filled=True)
    if old == new or (old.complete and not new.complete):
        return old, Changes()
    if not old.complete and new.text.startswith(old.text):
        return new, Changes(filled=True)
    if not new.complete and old.text.startswith(new.text):
        return old, Changes()
    return new, Changes(
        conflicts=(Conflict(f"quotes.{new.side}.{new.position}", old.text, new.text),)
    )


def _merge_fields(
    old: object, new: object, fields: Iterable[str], *, place: str = ""
) -> tuple[dict[str, Any], Changes]:
    merged: dict[str, Any] = {}
    changes = Changes()
    for field in fields:
        before, after = getattr(old, field), getattr(new, field)
        merged[field] = before if after is None else after
        if before is None and after is not None:
            changes |= Changes(filled=True)
        elif after is not None and before != after:
            changes |= Changes(conflicts=(Conflict(f"{place}{field}", before, after),))
    return merged, changes
