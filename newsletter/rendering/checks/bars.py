"""Bars as they are drawn, and as they have to be: the width of each part, and whether it is filled. Pure."""

from collections.abc import Sequence

from selectolax.lexbor import LexborNode

Bar = list[tuple[float, bool]]
"""From left to right each part's width in per cent, and whether it is filled."""

_HALF = 0.49
_NEAR = 0.06
"""Per cent of the width: as exactly as templates write them."""


def is_bar(table: LexborNode) -> bool:
    """Tell a bar by what it is: hidden from those who listen, with parts of a width and no words."""
    return table.attributes.get("aria-hidden") == "true" and not table.text().strip()


def drawn(table: LexborNode) -> Bar:
    """Give a bar as it is drawn."""
    return [
        (float((cell.attributes.get("width") or "0").rstrip("%") or 0), _is_filled(cell))
        for cell in table.css("td")
    ]


def single(share: int, of: float = 1.0) -> Bar:
    """Give the bar of one share."""
    parts = [(share * of, True), ((100 - share) * of, False)]
    return [part for part in parts if part[0] > 0]


def mirrored(left: int | None, right: int | None) -> Bar:
    """Give the bar of two independent shares against one axis; of a missing one there is none."""
    first = [(49.0, False)] if left is None else single(left, _HALF)[::-1]
    second = [(49.0, False)] if right is None else single(right, _HALF)
    return [*first, (2.0, False), *second]


def split(left: int, right: int) -> Bar:
    """Give the bar of two shares that make the whole."""
    return [(float(share), True) for share in (left, right) if share > 0]


def alike(bars: Sequence[Bar], wanted: Sequence[Bar]) -> bool:
    """Tell whether the bars are those that have to be there, in their order."""
    return [len(bar) for bar in bars] == [len(bar) for bar in wanted] and all(
        abs(width - right) < _NEAR and filled == right_filled
        for bar, other in zip(bars, wanted, strict=True)
        for (width, filled), (right, right_filled) in zip(bar, other, strict=True)
    )


def _is_filled(cell: LexborNode) -> bool:
    painted = "background" in (cell.attributes.get("style") or "")
    return painted and "t" not in (cell.attributes.get("class") or "").split()
