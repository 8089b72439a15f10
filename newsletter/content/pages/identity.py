"""Which slugs a reading has: by its address, its canonical link, or the name of its file."""

from dataclasses import replace

from newsletter.content.addresses import pair_in_file_name, parse_address, split_pair
from newsletter.content.comparison import Comparison, Tool
from newsletter.content.pages.tool_page import ToolPage
from newsletter.content.refusals import Unreadable


def identify(
    comparison: Comparison, *, pair: str | None, known_slugs: frozenset[str] = frozenset()
) -> Comparison:
    """Give the comparison the slugs of its address; without one they stay provisional.

    Args:
        comparison: under provisional slugs, in the order of its page.
        pair: ``<slug-a>-vs-<slug-b>``, in the same order.
        known_slugs: slugs already stored; they decide where a pair could be split twice.

    Raises:
        Unreadable: both sides are the same tool, or the pair cannot be split with certainty.
    """
    a, b = comparison.tool_a, comparison.tool_b
    if pair is None:
        if a.slug == b.slug and not _differ(a, b):
            raise Unreadable(
                f"both sides are “{a.name}”; give the page's address, for its slugs tell them apart"
            )
        return comparison
    slug_a, slug_b = split_pair(pair, names=(a.name, b.name), known_slugs=known_slugs)
    if slug_a == slug_b:
        raise Unreadable(f"the address compares “{slug_a}” with itself; check the address")
    return replace(
        comparison,
        tool_a=replace(a, slug=slug_a, provisional=False),
        tool_b=replace(b, slug=slug_b, provisional=False),
    )


def identify_tool(page: ToolPage, *, slug: str | None) -> ToolPage:
    """Give the tool page the slug of its address, or the one in its own share line.

    Raises:
        Unreadable: neither is there, or they disagree.
    """
    if slug is None and page.slug is None:
        raise Unreadable("the page of a tool, but of which one? Give its address with --url")
    if slug is not None and page.slug not in {None, slug}:
        raise Unreadable(f"the page is about “{page.slug}”, its address about “{slug}”")
    return replace(page, slug=slug or page.slug)


def pair_of(source: str, *addresses: str | None) -> str | None:
    """Give both slugs, still joined, of the first address that has them, else of the file name."""
    for address in addresses:
        parsed = parse_address(address or "")
        if parsed.kind == "comparison":
            return parsed.slug
    return pair_in_file_name(source)


def slug_of(*addresses: str | None) -> str | None:
    """Give the slug of the first address that is a tool's."""
    parsed = (parse_address(address or "") for address in addresses)
    return next((address.slug for address in parsed if address.kind == "tool"), None)


def _differ(a: Tool, b: Tool) -> bool:
    return None not in {a.tagline, b.tagline} and a.tagline != b.tagline
