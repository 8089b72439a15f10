"""What a reader sees, and does not: every piece of text with its colours, its size and its weight."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from newsletter.rendering.checks.cascade import Element, Weighted, strongest
from newsletter.rendering.checks.colours import BLACK, WHITE, Colour
from newsletter.rendering.checks.declarations import HIDING, Length, Property
from newsletter.rendering.checks.media import Scene

_PIXELS_OF = {"px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4}
_ROOT_SIZE = 16.0
DARK_CANVAS = Colour(0x12 / 255, 0x12 / 255, 0x12 / 255)
"""What browsers paint behind a document that says it knows the dark."""


class Look(NamedTuple):
    """How an element looks, and what its children inherit.

    Attributes:
        colour: of its text, as declared.
        ground: what is painted behind it, opaque.
        size: of its font in pixels.
        bold: whether its font is.
        hidden: whether nobody sees it.
    """

    colour: Colour
    ground: Colour
    size: float = _ROOT_SIZE
    bold: bool = False
    hidden: bool = False


class SeenText(NamedTuple):
    """A piece of text as it looks.

    Attributes:
        words: of one text node, blanks collapsed.
        look: of the element it stands in.
        within: that element.
    """

    words: str
    look: Look
    within: Element

    @property
    def is_seen(self) -> bool:
        """Whether anybody can see it, faint as it may be."""
        return not self.look.hidden and self.look.size > 0


def seen(elements: Sequence[Element], scene: Scene, *, knows_dark: bool) -> Iterator[SeenText]:
    """Give every visible piece of text in a scene; the arguments are those of ``told``."""
    return (text for text in told(elements, scene, knows_dark=knows_dark) if text.is_seen)


def told(elements: Sequence[Element], scene: Scene, *, knows_dark: bool) -> Iterator[SeenText]:
    """Give every piece of text in a scene, also those that nobody sees.

    Args:
        elements: all of the document, parents first.
        scene: how it is looked at.
        knows_dark: whether the document says that it has dark colours, so that what it leaves
            unsaid is painted dark.
    """
    dark = scene.dark and knows_dark
    canvas = Look(WHITE, DARK_CANVAS) if dark else Look(BLACK, WHITE)
    looks: list[Look] = []
    for element in elements:
        inherited = looks[element.parent] if element.parent >= 0 else canvas
        look = _look(inherited, _applied(element, scene))
        looks.append(look)
        for words in element.words:
            yield SeenText(words, look, element)


def _applied(element: Element, scene: Scene) -> Mapping[Property, Weighted]:
    if not element.under:
        return element.always
    holding = (weighted for media, weighted in element.under if media.holds(scene))
    return strongest(element.always, holding)


def _look(inherited: Look, applied: Mapping[Property, Weighted]) -> Look:
    if not applied:
        return inherited
    shade, ground, size, bold, hidden = inherited
    for name, (_, declaration) in applied.items():
        match name, declaration.value:
            case "color", Colour() as value:
                shade = value
            case "background", Colour() as value:
                ground = value.over(inherited.ground)
            case "size", Length() as value:
                size = _pixels(value, inherited.size)
            case "bold", bool() as value:
                bold = value
            case _:  # as the parent has it, or it hides
                pass
    return Look(shade, ground, size, bold, hidden or _hides(applied))


def _hides(applied: Mapping[Property, Weighted]) -> bool:
    """Tell whether one property hides the element, or two do together."""
    set_so = {name for name, (_, declaration) in applied.items() if declaration.value is True}
    return bool(set_so & HIDING) or {"no-height", "cut-off"} <= set_so


def _pixels(length: Length, of: float) -> float:
    match length.unit:
        case "em":
            return length.amount * of
        case "%":
            return length.amount / 100 * of
        case "rem":
            return length.amount * _ROOT_SIZE
        case unit:
            return length.amount * _PIXELS_OF.get(unit, 1.0)
