"""Rules about the numbers at one glance: who is weighed against whom, who leads, and the bars.

They block: many readers look at nothing else.
"""

from collections.abc import Iterator
from itertools import chain

from selectolax.lexbor import LexborNode

from newsletter.rendering.checks.finding import Finding, Rule
from newsletter.rendering.checks.letter import Letter
from newsletter.rendering.checks.media import LIGHT
from newsletter.rendering.checks.outline import Section
from newsletter.rendering.checks.sayings import bare
from newsletter.rendering.checks.tables import cards_in_html
from newsletter.rendering.views import Row

_OPEN = "no verdict yet"
_HALF = 0.49
_NEAR = 0.06
"""Per cent of the width: as exactly as templates write them."""

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
    bars = [_widths(table) for table in section.all("table") if _is_bar(table)] if section else []
    wanted = [_mirrored(row) for row in letter.view.match_ups]
    if bars and not _alike(bars, wanted):
        told = "A bar at a glance is not as long as its share; mend the template."
        yield Finding("bar-wrong", "block", told, "html")
    for card, section in cards_in_html(letter):
        bars = [_widths(table) for table in section.all("table") if _is_bar(table)]
        shares = chain(
            (tool.panel_percent for _, tool in card.tools),
            (tool.community_percent for _, tool in card.tools),
        )
        if bars and not _alike(bars, [_plain(share) for share in shares if share is not None]):
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


def _is_bar(table: LexborNode) -> bool:
    """Tell a bar by what it is: hidden from those who listen, with parts of a width and no words."""
    return table.attributes.get("aria-hidden") == "true" and not table.text().strip()


def _widths(table: LexborNode) -> list[tuple[float, bool]]:
    """Give each part's width in per cent and whether it is filled."""
    return [
        (float((cell.attributes.get("width") or "0").rstrip("%") or 0), _is_filled(cell))
        for cell in table.css("td")
    ]


def _is_filled(cell: LexborNode) -> bool:
    painted = "background" in (cell.attributes.get("style") or "")
    return painted and "t" not in (cell.attributes.get("class") or "").split()


def _mirrored(row: Row) -> list[tuple[float, bool]]:
    left, right = row.tool_a.panel_percent, row.tool_b.panel_percent
    first = [(49.0, False)] if left is None else _plain(left, _HALF)[::-1]
    second = [(49.0, False)] if right is None else _plain(right, _HALF)
    return [*first, (2.0, False), *second]


def _plain(share: int, of: float = 1.0) -> list[tuple[float, bool]]:
    parts = [(share * of, True), ((100 - share) * of, False)]
    return [part for part in parts if part[0] > 0]


def _alike(bars: list[list[tuple[float, bool]]], wanted: list[list[tuple[float, bool]]]) -> bool:
    return [len(bar) for bar in bars] == [len(bar) for bar in wanted] and all(
        abs(width - right) < _NEAR and filled == right_filled
        for bar, other in zip(bars, wanted, strict=True)
        for (width, filled), (right, right_filled) in zip(bar, other, strict=True)
    )


def _wrong(where: str, row: Row) -> Finding:
    told = (
        "At a glance its shares and names stand otherwise than in the issue, or another is bold; "
        "mend the template."
    )
    return Finding("glance-wrong", "block", told, f"{where}: {row.title}")
