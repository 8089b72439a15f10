"""Rules about the numbers at one glance: who is weighed against whom, who leads, and the bars.

They block: many readers look at nothing else.
"""

from collections.abc import Iterator
from itertools import chain

from newsletter.rendering.checks.bars import alike, drawn, is_bar, mirrored, single
from newsletter.rendering.checks.finding import Finding, Rule
from newsletter.rendering.checks.letter import Letter
from newsletter.rendering.checks.media import LIGHT
from newsletter.rendering.checks.outline import Section
from newsletter.rendering.checks.sayings import bare
from newsletter.rendering.checks.tables import cards_in_html
from newsletter.rendering.views import Card, Row

_OPEN = "no verdict yet"

Line = list[tuple[str, bool]]
"""Pieces of words, each with whether it is bold."""


def glance_wrong(letter: Letter) -> Iterator[Finding]:
    """Each match-up has its line in both parts: share, name, name, share; the leader is bold."""
    section = _section(letter)
    said = _said(letter, section) if section else []
    words, bold = _joined(said)
    place = 0
    for row in letter.view.match_ups:
        wanted, bolds = _joined(_line(row))
        place = words.find(wanted, place)
        if place < 0 or bold[place : place + len(wanted)] != bolds:
            yield _wrong("html", row)
            break
        place += len(wanted)
    text, place = bare(letter.text), 0
    for row in letter.view.match_ups if text else ():
        wanted = bare(f"{_share(row, 'a')} : {_share(row, 'b')} {row.title}")
        place = text.find(wanted, place)
        if place < 0:
            yield _wrong("text", row)
            break
        place += len(wanted)


def bar_wrong(letter: Letter) -> Iterator[Finding]:
    """A bar is as long as the share beside it; where there is no share there is no bar."""
    section = _section(letter)
    bars = [drawn(table) for table in section.all("table") if is_bar(table)] if section else []
    wanted = [
        mirrored(row.tool_a.panel_percent, row.tool_b.panel_percent)
        for row in letter.view.match_ups
    ]
    if bars and not alike(bars, wanted):
        told = "A bar at a glance is not as long as its share; mend the template."
        yield Finding("bar-wrong", "block", told, "html")
    for card, section in cards_in_html(letter):
        bars = [drawn(table) for table in section.all("table") if is_bar(table)]
        shares = chain((tool.panel_percent for _, tool in card.tools), _of_voters(card))
        if bars and not alike(bars, [single(share) for share in shares if share is not None]):
            told = "A bar is not as long as its share; mend the template."
            yield Finding("bar-wrong", "block", told, f"html: {card.title}")


RULES: tuple[Rule, ...] = (glance_wrong, bar_wrong)


def _section(letter: Letter) -> Section | None:
    """Give the stretch right before the first card, or the second of all where there is none."""
    own = {card.anchor for card in letter.view.cards}
    sections = letter.page.sections
    first = next((at for at, one in enumerate(sections) if one.anchor in own), 2)
    return sections[first - 1] if 1 <= first <= len(sections) else None


def _said(letter: Letter, section: Section) -> Line:
    nodes = {node.mem_id for node in section.nodes}
    return [
        (text.words, text.look.bold) for text in letter.seen(LIGHT) if text.within.node in nodes
    ]


def _joined(line: Line) -> tuple[str, list[bool]]:
    """Give the words bare, and for each sign whether it is bold."""
    pieces = [(bare(words), bold) for words, bold in line]
    return "".join(words for words, _ in pieces), [bold for words, bold in pieces for _ in words]


def _line(row: Row) -> Line:
    (a, left), (b, right) = row.tools
    first = [(f"{left.panel_percent}%", row.leads(a)), (left.name, row.leads(a))]
    second = [(right.name, row.leads(b)), (f"{right.panel_percent}%", row.leads(b))]
    if left.panel_percent is None:
        first = [(left.name, False), (f": {_OPEN}", False)]
    if right.panel_percent is None:
        second = [(right.name, False), (f": {_OPEN}", False)]
    return [*first, *second]


def _share(row: Row, side: str) -> str:
    share = (row.tool_a if side == "a" else row.tool_b).panel_percent
    return _OPEN if share is None else f"{share}%"


def _of_voters(card: Card) -> Iterator[int | None]:
    """Give the shares of the row below the panel's: for each tool the community's, the readers'."""
    for side, tool in card.tools:
        yield tool.community_percent
        yield card.share.of(side) if card.share else None


def _wrong(where: str, row: Row) -> Finding:
    told = (
        "At a glance its shares and names stand otherwise than in the issue, or another is bold; "
        "mend the template."
    )
    return Finding("glance-wrong", "block", told, f"{where}: {row.title}")
