"""Where the lines and bars of a small chart stand; a template draws them as SVG. Pure.

Two libraries were looked at first. Pygal writes a style sheet and scripts into each picture, which
our content policy forbids; leather writes colours of its own palette into each shape, which no theme
of the reader's changes. What is drawn here is some forty rectangles: a scale, rounded steps and
places are all it takes, and the classes of our own style sheet give light and dark.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 320, 190
"""Units of the drawing: about as many pixels on a phone."""

LEFT, RIGHT, TOP, BOTTOM = 44, 314, 10, 164
"""The edges of the field; steps are written to its left and times below it."""

_STEPS, _LABELS = 4, 4
_IN_THOUSANDS = 10_000


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a column.

    Attributes:
        kind: which of the legend's.
        value: how much; below zero it hangs down.
    """

    kind: str
    value: float


@dataclass(frozen=True, slots=True)
class Column:
    """What is shown of one time: pieces on top of each other, and below zero beneath each other.

    Attributes:
        label: the time, in a few letters.
        words: all of it in one sentence.
        parts: its pieces, from the middle outwards.
    """

    label: str
    words: str
    parts: Sequence[Part]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, in units of the drawing."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Label:
    """Words at a place: of a step its height, of a time where its column stands."""

    at: float
    words: str


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn.

    Attributes:
        steps: lines across, with what they stand for.
        times: some of the times below.
        boxes: the pieces of columns.
        line: the points of a line, as SVG writes them; "" for none.
        dots: where the times of a line are, as boxes of no size.
        zero: the height of nothing, where it is in the field.
    """

    steps: Sequence[Label]
    times: Sequence[Label]
    boxes: Sequence[Box] = ()
    line: str = ""
    dots: Sequence[Box] = ()
    zero: float | None = None


def columns(shown: Sequence[Column]) -> Chart:
    """Lay out columns; zero is always in the field, for their lengths are what is compared."""
    up = max((_sum(column, 1) for column in shown), default=0)
    down = min((_sum(column, -1) for column in shown), default=0)
    scale = _Scale.around(min(down, 0), max(up, 0))
    boxes = [box for place, column in enumerate(shown) for box in _boxes(place, shown, scale)]
    return Chart(scale.labels(), _times([one.label for one in shown]), boxes, zero=scale.y(0))


def line(points: Sequence[tuple[str, float, str]]) -> Chart:
    """Lay out a line; its scale shows the change, and need not begin at zero.

    Args:
        points: label, value and words of each time.
    """
    values = [value for _, value, _ in points]
    scale = _Scale.around(min(values, default=0), max(values, default=0))
    dots = [
        Box(_middle(place, len(points)), scale.y(value), 0, 0, "line", words)
        for place, (_, value, words) in enumerate(points)
    ]
    path = " ".join(f"{dot.x:.1f},{dot.y:.1f}" for dot in dots)
    return Chart(scale.labels(), _times([label for label, _, _ in points]), line=path, dots=dots)


@dataclass(frozen=True, slots=True)
class _Scale:
    """Values to heights, between two rounded steps."""

    least: float
    most: float
    step: float

    @classmethod
    def around(cls, least: float, most: float) -> "_Scale":
        step = _rounded(max(most - least, 1) / _STEPS)
        low, high = math.floor(least / step) * step, math.ceil(most / step) * step
        return cls(low, high if high > low else low + step, step)

    def y(self, value: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * (value - self.least) / (self.most - self.least)

    def labels(self) -> list[Label]:
        count = round((self.most - self.least) / self.step)
        values = [self.least + number * self.step for number in range(count + 1)]
        return [Label(self.y(value), _brief(abs(value))) for value in values]


def _brief(value: float) -> str:
    """Write a step so that it has room: thousands as k, from ten of them on."""
    thousands = f"{value / 1000:,.1f}".removesuffix(".0")
    return f"{thousands}k" if value >= _IN_THOUSANDS else f"{value:,.0f}"


def _rounded(step: float) -> float:
    """Give the next larger one, twice one or five times one, in whichever power of ten."""
    power: float = 10 ** math.floor(math.log10(step))
    return max(1, next(power * size for size in (1, 2, 5, 10) if power * size >= step * 0.999))


def _sum(column: Column, sign: int) -> float:
    return sum(part.value for part in column.parts if part.value * sign > 0)


def _boxes(place: int, shown: Sequence[Column], scale: _Scale) -> list[Box]:
    column, middle = shown[place], _middle(place, len(shown))
    width = 0.7 * (RIGHT - LEFT) / len(shown)
    ends, found = {True: 0.0, False: 0.0}, []
    for part in column.parts:
        if not part.value:
            continue
        begin, end = ends[part.value > 0], ends[part.value > 0] + part.value
        ends[part.value > 0] = end
        top, bottom = sorted((scale.y(begin), scale.y(end)))
        found.append(Box(middle - width / 2, top, width, bottom - top, part.kind, column.words))
    return found


def _middle(place: int, count: int) -> float:
    return LEFT + (RIGHT - LEFT) * (place + 0.5) / count


def _times(labels: Sequence[str]) -> list[Label]:
    """Write every so-manieth time, the last one always."""
    every = max(math.ceil(len(labels) / _LABELS), 1)
    last = len(labels) - 1
    return [
        Label(_middle(place, len(labels)), label)
        for place, label in enumerate(labels)
        if (last - place) % every == 0
    ]
