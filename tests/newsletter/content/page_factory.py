"""Pages written for the tests, in the shapes of the site, with what its texts are known to hold."""

from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path

import pytest

LEAD = (
    "Which one should you ship with? Here is the side-by-side panel verdict, pricing read, "
    "reviewer split, and community vote comparison."
)
FOOTER = (
    "Weekly AI Tool Verdicts",
    "Get the next comparison in your inbox",
    "New AI tools ship daily. We compare them before you waste an afternoon.",
)
SEEDS = Path(__file__).parents[4] / "shared" / "seeds"
ADDRESS = "https://shiporskip.io/compare/ledger-lamp-git-history-2026-vs-quiet-index-local-search"


@dataclass(frozen=True)
class Block:
    name: str
    category: str = "Developer Tools"
    tagline: str = "Shows which commit cost you the afternoon"
    panel: str = "75%"
    community: str = "—"
    entry: str = "Free"
    description: str = "It reads a repository's history and marks what was undone."


LAMP = Block(
    "Ledger Lamp",
    description="Run lamp <commit-hash> and it names the change. 72.9% of users stay, at $20/month.",
)
INDEX = Block(
    "Quiet Index (local)",
    category="Local AI / Distributed Inference",
    tagline="Search that never leaves the room — 40k stars",
    panel="50%",
    entry="Paid",
    description="Quiet Index keeps an index on your disk. It is 85.0% smaller & needs no server.",
)
QUOTES = (
    'The setup is one command: `lamp init`. The bet is "drop it in" — and that\'s right.',
    "A solid index, but the “local” claim ends at 10 GB",
    "It breaks on squashed merges.",
    "Search is a crowded field — I would skip it.",
    "By 2028 every repository will carry its reasons.",
)


@dataclass(frozen=True)
class Page:
    a: Block = LAMP
    b: Block = INDEX
    quotes: tuple[str, ...] = QUOTES
    footer: tuple[str, ...] = FOOTER
    chips: dict[str, str] = field(
        default_factory=lambda: {"100%": "Ship", "75%": "Ship", "50%": "Mixed", "25%": "Skip"}
    )

    @property
    def title(self) -> str:
        return f"{self.a.name} vs {self.b.name}"

    def compact(self) -> str:
        lines = ["AI tool comparison", self.title, LEAD]
        for block in (self.a, self.b):
            lines += [block.category, block.name, block.tagline, block.panel, "Panel ship"]
            lines += [block.community, "Community", block.entry, "Entry", block.description]
        return "\n".join([*lines, *self._scorecard()])

    def spaced(self) -> str:
        lines = [f"Compare/{self.title}", "AI tool comparison", self.title, LEAD]
        for block in (self.a, self.b):
            chip = self.chips.get(block.panel, "Skip")
            lines += [block.name[0].upper(), block.category, block.name, block.tagline, chip]
            lines += [block.panel, "Panel ship", "Community", block.entry, "Entry"]
            lines += [block.description]
        return "\n\n".join([*lines, *self._scorecard()])

    def html(self, head: str = "") -> str:
        """The page as a browser gets it: values and labels are spans in one box."""
        blocks = "".join(_html_block(block) for block in (self.a, self.b))
        quotes = "".join(f"<p>&ldquo;{escape(quote)}&rdquo;</p>" for quote in self.quotes)
        footer = "".join(f"<p>{escape(line)}</p>" for line in self.footer)
        return (
            f"<!doctype html><html><head><title>{escape(self.title)}</title>{head}</head><body>"
            "<nav><a href='/'>Home</a><a href='/compare'>Compare</a></nav><main>"
            f"<p>AI tool comparison</p><h1>{escape(self.title)}</h1><p>{LEAD}</p>{blocks}"
            f"<h2>Reviewer scorecard</h2>{quotes}</main><footer>{footer}</footer>"
            "<script>var title = 'Foo vs Bar'</script><div hidden>100%</div></body></html>"
        )

    def _scorecard(self) -> list[str]:
        return ["Reviewer scorecard", *(f"“{quote}”" for quote in self.quotes), *self.footer]


def _html_block(block: Block) -> str:
    pairs = (
        (block.panel, "Panel ship"),
        (block.community, "Community"),
        (block.entry, "Entry"),
    )
    values = "".join(
        f"<div><span>{escape(value)}</span><span>{label}</span></div>" for value, label in pairs
    )
    return (
        f"<section><p>{escape(block.category)}</p><h2>{escape(block.name)}</h2>"
        f"<p>{escape(block.tagline)}</p>{values}<p>{escape(block.description)}</p></section>"
    )


def page(**changes: object) -> Page:
    return replace(Page(), **changes)  # type: ignore[arg-type]


def seeds() -> list[str]:
    """The two real pages, where the checkout has them beside it; otherwise the test is skipped."""
    if not SEEDS.is_dir():
        pytest.skip("the real pages are not beside this checkout")
    return [path.read_text(encoding="utf-8") for path in sorted(SEEDS.iterdir())]
