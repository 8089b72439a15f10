"""What a comparison is: two tools, keyed on their slugs, and what reviewers said of each.

Pure values. ``None`` always means "the source did not say", never zero and never empty.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Side = Literal["a", "b"]
DateOrigin = Literal["reviewed", "published", "first_seen"]


@dataclass(frozen=True, slots=True)
class Tool:
    """One side of a comparison.

    Attributes:
        slug: identity on the site, lower case, as in ``/tool/<slug>``.
        name: display name; several slugs may share it.
        category: free text as on the page; group it with ``categories.group``.
        tagline: one line.
        panel_percent: share of the panel that would ship it, 0 to 100.
        community_percent: share of the community vote, 0 to 100.
        entry: the entry word as on the page, such as "Free" or "Paid".
        description: one paragraph; None when the page may have been cut inside it.
        provisional: the slug was made from the name, because no address was known.
        reviewed_on: the date on the tool's own page.
        price: price text on the tool's own page or in a decision table, "Open Source (MIT)".
        ships: reviewers who would ship it, by the tally in the same places.
        skips: reviewers who would skip it, likewise.
    """

    slug: str
    name: str
    category: str | None = None
    tagline: str | None = None
    panel_percent: int | None = None
    community_percent: int | None = None
    entry: str | None = None
    description: str | None = None
    provisional: bool = False
    reviewed_on: date | None = None
    price: str | None = None
    ships: int | None = None
    skips: int | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """What one reviewer said of one tool; who said it is not on the page.

    Attributes:
        side: the tool it is about.
        position: 1-based place among the quotes of that side.
        text: the words, exactly, without the enclosing quotation marks.
        complete: False when the page may have been cut inside it.
    """

    side: Side
    position: int
    text: str
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Comparison:
    """A pair of tools, in the order of the page; the key does not depend on that order."""

    tool_a: Tool
    tool_b: Tool
    quotes: tuple[Quote, ...] = ()
    published_on: date | None = None

    @property
    def key(self) -> str:
        """The identity: both slugs, sorted, joined by a blank (no slug holds one)."""
        return pair_key(self.tool_a.slug, self.tool_b.slug)

    @property
    def title(self) -> str:
        """Both names, as people say it."""
        return f"{self.tool_a.name} vs {self.tool_b.name}"

    def tool(self, side: Side) -> Tool:
        """Give the tool on that side."""
        return self.tool_a if side == "a" else self.tool_b

    def quotes_on(self, side: Side) -> tuple[Quote, ...]:
        """Give the quotes about the tool on that side, in order."""
        return tuple(quote for quote in self.quotes if quote.side == side)


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """A stored comparison with what the catalogue knows about its age.

    Attributes:
        id: row id; it outlives a change of slugs, so the ledger of mailed items holds on to it.
        comparison: the merged content.
        first_seen: when it was first imported, UTC.
        date: what "newest" means: the later reviewed date, else the page's date, else first seen.
        date_origin: which of the three it was.
    """

    id: int
    comparison: Comparison
    first_seen: datetime
    date: date
    date_origin: DateOrigin


def pair_key(slug_one: str, slug_two: str) -> str:
    """Give the identity of an unordered pair of slugs."""
    return " ".join(sorted((slug_one, slug_two)))
