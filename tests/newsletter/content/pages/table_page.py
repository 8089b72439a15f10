"""The spaced page in its fuller form: a decision table, and a scorecard of labelled, bare cells."""

from tests.newsletter.content.page_factory import FOOTER, INDEX, LAMP, LEAD, Block

DECISION: dict[str, tuple[str, ...]] = {
    "Panel verdict": ("Ship · 3 ship / 1 skip", "Mixed · 2 ship / 2 skip"),
    "Community": ("No community votes yet", "No community votes yet"),
    "Pricing": ("Free for one repository", "$20/mo, 14 days to try"),
    "Best for": (LAMP.tagline, INDEX.tagline),
    "Category": (LAMP.category, INDEX.category),
}
ROWS = (
    ("Builder", "84/100 · ship", "One command: `lamp init`.", "61/100 · skip", "It eats the disk."),
    (
        "Skeptic",
        "40/100 · skip",
        "It breaks on squashes.",
        "72/100 · ship",
        "A fair “local” claim.",
    ),
    ("Futurist", "90/100 · ship", "Every commit will say why.", "88/100 · ship", "Offline wins."),
)


def table_page(
    decision: dict[str, tuple[str, ...]] = DECISION,
    rows: tuple[tuple[str, ...], ...] = ROWS,
    footer: tuple[str, ...] = FOOTER,
) -> str:
    """The text of the page; the cells of a table stand on neighbouring lines, the rest apart."""
    title = f"{LAMP.name} vs {INDEX.name}"
    table = [LAMP.name, INDEX.name]
    for label, values in decision.items():
        table += [label, *values]
    paragraphs = [f"Compare/{title}", "AI tool comparison", title, LEAD, *_block(LAMP, "Ship")]
    paragraphs += [*_block(INDEX, "Mixed"), "\n".join(["Decision", *table]), "Reviewer scorecard"]
    for reviewer, first, *others in rows:
        paragraphs += [f"{reviewer}\n{first}", *others]
    return "\n\n".join([*paragraphs, *footer])


def _block(block: Block, chip: str) -> list[str]:
    return [
        block.name[0].upper(), block.category, block.name, block.tagline, chip, block.panel,
        "Panel ship", "Community", block.entry, "Entry", block.description,
    ]  # fmt: skip
