"""Which slugs a reading has: by its address, its canonical link, or the name of its file."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Self

from newsletter.content.addresses import (
    pair_in_file_name,
    parse_address,
    provisional_slug,
    resemblance,
    split_pair,
)
from newsletter.content.comparison import Comparison, Tool
from newsletter.content.pages.tool_page import ToolPage
from newsletter.content.refusals import Unreadable

_CLEARLY = 0.1  # of a name's words; on real pages in their own order nothing speaks against it


class KnownSlugs(frozenset[str]):
    """Slugs that came from addresses, with the tools that are stored under them."""

    tools: dict[str, Tool]

    def __new__(cls, tools: Iterable[Tool] = ()) -> Self:
        """Remember the tools; of each its slug, name and tagline matter."""
        by_slug = {tool.slug: tool for tool in tools}
        known = super().__new__(cls, by_slug)
        known.tools = by_slug
        return known


def identify(
    comparison: Comparison, *, pair: str | None, known_slugs: frozenset[str] = frozenset()
) -> Comparison:
    """Give the tools the slugs of the address; without one they stay provisional.

    Args:
        comparison: under provisional slugs, in the order of its page, which it keeps.
        pair: ``<slug-a>-vs-<slug-b>``; which slug is whose is judged by what is known of them.
        known_slugs: slugs already stored; they decide where a pair could be split twice, and,
            as ``KnownSlugs``, which tool they belong to.

    Raises:
        Unreadable: both sides are the same tool, the pair cannot be split with certainty, or it
            names another tool than the page.
    """
    a, b = comparison.tool_a, comparison.tool_b
    if pair is None:
        if a.slug == b.slug and not _differ(a, b):
            raise Unreadable(
                f"both sides are “{a.name}”; give the page's address, for its slugs tell them apart"
            )
        return comparison
    slugs = split_pair(pair, names=(a.name, b.name), known_slugs=known_slugs)
    if slugs[0] == slugs[1]:
        raise Unreadable(f"the address compares “{slugs[0]}” with itself; check the address")
    stored = known_slugs.tools if isinstance(known_slugs, KnownSlugs) else {}
    slug_a, slug_b = reversed(slugs) if _is_crossed(slugs, (a, b), stored) else slugs
    for slug, tool in ((slug_a, a), (slug_b, b)):
        if slug in stored:
            _check_address(stored[slug], tool)
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


def _is_crossed(slugs: tuple[str, str], tools: tuple[Tool, Tool], stored: dict[str, Tool]) -> bool:
    """Say whether the slugs stand in the other order than the tools.

    An address has its slugs in alphabetical order, and a copy may have been saved under any.
    What is stored under a slug decides; else the words of the slugs do, when they say so clearly.
    """
    (one, two), (a, b) = slugs, tools
    straight = _recognition(stored.get(one), a) + _recognition(stored.get(two), b)
    crossed = _recognition(stored.get(one), b) + _recognition(stored.get(two), a)
    if straight != crossed:
        return crossed > straight
    alike = resemblance(one, a.name) + resemblance(two, b.name)
    return resemblance(one, b.name) + resemblance(two, a.name) > alike + _CLEARLY


def _recognition(stored: Tool | None, tool: Tool) -> int:
    """Say how surely a tool is the stored one: 2 by its tagline, 1 by its name, 0 not at all."""
    if stored is None:
        return 0
    if stored.tagline is not None and stored.tagline == tool.tagline:
        return 2
    return int(_letters(stored.name) == _letters(tool.name))


def _letters(name: str) -> str:
    """Give what two spellings of a name have in common."""
    return provisional_slug(name).replace("-", "")


def _check_address(stored: Tool, tool: Tool) -> None:
    """Refuse the address of another tool's page: it would overwrite what is stored of that tool."""
    is_another = not _recognition(stored, tool)
    if is_another and resemblance(stored.slug, stored.name) > resemblance(stored.slug, tool.name):
        raise Unreadable(
            f"the address names “{stored.slug}”, which is stored as “{stored.name}”; "
            f"the page is about “{tool.name}”: check the address"
        )
