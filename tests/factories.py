"""Plain functions that make things; a test states only what it is about."""

from datetime import UTC, date, datetime

from newsletter.content.comparison import CatalogueEntry, Comparison, Quote, Tool

SEEN = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

WORDS = (
    "The setup takes one command and the defaults are sane; that earns the ship.",
    "What kills this is a rate limit that nobody documents.",
    "If the trend holds, every editor will embed something like it within two years.",
    "The buyer is a team lead with a small budget, and the price fits it.",
)


def make_tool(slug: str = "alpha", **facts: object) -> Tool:
    known: dict[str, object] = {
        "name": slug.replace("-", " ").title(),
        "category": "Developer Tools",
        "tagline": f"What {slug} does, in one line",
        "panel_percent": 75,
        "entry": "Free",
        "description": f"{slug} is a tool that exists for the tests.",
    }
    return Tool(slug=slug, **(known | facts))  # type: ignore[arg-type]


def make_comparison(a: Tool | str = "alpha", b: Tool | str = "beta") -> Comparison:
    quotes = tuple(
        Quote(side, position, words)
        for position, words in enumerate(WORDS, start=1)
        for side in ("a", "b")
    )
    tools = [tool if isinstance(tool, Tool) else make_tool(tool) for tool in (a, b)]
    return Comparison(tools[0], tools[1], quotes)


def make_entry(
    comparison: Comparison | None = None, *, entry_id: int = 1, day: date = date(2026, 11, 20)
) -> CatalogueEntry:
    return CatalogueEntry(entry_id, comparison or make_comparison(), SEEN, day, "first_seen")
