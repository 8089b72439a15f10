"""Rules about the parts of a card: heading, column heads, each value behind its label and side.

They block: a value in the wrong cell is a false statement about somebody's product.
"""

from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from newsletter.rendering.checks.finding import Finding, Rule
from newsletter.rendering.checks.letter import Letter
from newsletter.rendering.checks.outline import Section
from newsletter.rendering.checks.sayings import bare
from newsletter.rendering.checks.segments import segments
from newsletter.rendering.checks.spoken_rows import rows
from newsletter.rendering.views import Card


def table_wrong(letter: Letter) -> Iterator[Finding]:
    """Each card's table says of each tool what the view says, or in words that it is missing."""
    for card, section in cards_in_html(letter):
        if told := _fault_of_table(card, section):
            yield _wrong(told, f"html: {card.title}")
    for card, words in cards_in_text(letter):
        for which, tool in card.tools:
            values = [label + value[which == "b"] for label, value in rows(card)]
            if bare("".join([tool.name, *values])) not in words:
                told = f"What is said of {tool.name[:40]!r} is not what the issue says"
                yield _wrong(told, f"text: {card.title}")


def heading_wrong(letter: Letter) -> Iterator[Finding]:
    """The place that links lead to is headed by the names of its own match-up."""
    for card, section in cards_in_html(letter):
        if bare(section.heading) != bare(card.title):
            told = f"It is headed {section.heading[:60]!r}; mend the template."
            yield Finding("heading-wrong", "block", told, f"html: {card.title}")


def quote_misplaced(letter: Letter) -> Iterator[Finding]:
    """Quotes stand in the order of the sides, and those of two tools never in one group."""
    for card, section in cards_in_html(letter):
        words = bare(" ".join(node.text(separator=" ") for node in section.all("p")))
        if not _in_order(card, words) or _mixed(card, section):
            yield _misplaced(f"html: {card.title}")
    for card, words in cards_in_text(letter):
        if not _in_order(card, words):
            yield _misplaced(f"text: {card.title}")


RULES: tuple[Rule, ...] = (table_wrong, heading_wrong, quote_misplaced)


def cards_in_html(letter: Letter) -> Iterator[tuple[Card, Section]]:
    """Give each card with the stretch of the HTML under its heading, where there is one."""
    sections = {section.anchor: section for section in letter.page.sections}
    for card in letter.cards_in_full:
        if card.anchor in sections:
            yield card, sections[card.anchor]


def cards_in_text(letter: Letter) -> Iterator[tuple[Card, str]]:
    """Give each card with its stretch of the text part, bare."""
    for segment in segments(letter, "text", " ".join(letter.text.split())):
        words = bare(segment.words)
        yield from ((card, words) for card in (segment.cards if words else ()))


def _fault_of_table(card: Card, section: Section) -> str | None:
    table = next((one for one in section.all("table") if one.css_first("th[scope=col]")), None)
    if table is None:
        return "The table with headed columns is missing"
    heads = [bare(head.text()) for head in table.css("th[scope=col]")]
    if heads != [bare(tool.name) for _, tool in card.tools]:
        return "The columns are headed otherwise than by the two tools"
    said = {bare(head.text()): _values(head) for head in table.css("th[scope=row]")}
    for label, values in rows(card):
        if said.get(bare(label)) != [bare(value) for value in values]:
            return f"The row {label!r} is missing, or holds other words than the issue does"
    return None


def _values(head: LexborNode) -> list[str]:
    """Give the words of the cells that follow a row's head."""
    values, cell = [], head.next
    while cell is not None:
        if cell.tag == "td":
            values.append(bare(cell.text()))
        cell = cell.next
    return values


def _in_order(card: Card, words: str) -> bool:
    place = 0
    for quote in card.quotes:
        place = words.find(bare(f"{quote.tool}"), place)
        found = words.find(bare(quote.text), place) if place >= 0 else -1
        if found < 0:
            return words.find(bare(quote.text)) < 0  # missing altogether: another rule's
        place = found + len(bare(quote.text))
    return True


def _mixed(card: Card, section: Section) -> bool:
    """Tell whether one group of paragraphs holds quotes under the names of both tools."""
    a, b = bare(card.tool_a.name), bare(card.tool_b.name)
    if a in b or b in a:
        return False
    heads = {side: bare(f"{tool.name} · ") for side, tool in card.tools}
    sides: dict[int, set[str]] = {}
    for paragraph in section.all("p"):
        words = bare(paragraph.text(separator=" "))
        group = sides.setdefault(paragraph.parent.mem_id if paragraph.parent else 0, set())
        group |= {
            quote.side
            for quote in card.quotes
            if bare(quote.text) in words and heads[quote.side] in words
        }
    return any(len(group) > 1 for group in sides.values())


def _wrong(told: str, where: str) -> Finding:
    return Finding("table-wrong", "block", f"{told}; mend the template.", where)


def _misplaced(where: str) -> Finding:
    told = "A quote stands among those of the other tool, or out of order; mend the template."
    return Finding("quote-misplaced", "block", told, where)
