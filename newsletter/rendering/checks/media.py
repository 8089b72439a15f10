"""Media conditions of a style sheet, and the scenes in which a letter is looked at."""

import re
from dataclasses import dataclass
from functools import lru_cache

_FEATURE = re.compile(r"\(([^()]*)\)")
_PIXELS = re.compile(r"(\d+(?:\.\d+)?)px")


@dataclass(frozen=True, slots=True)
class Scene:
    """How a reader looks at the letter.

    Attributes:
        name: as findings call it.
        dark: whether the reader prefers dark colours.
        width: of the window in pixels.
    """

    name: str
    dark: bool = False
    width: int = 640


LIGHT = Scene("in light colours")
DARK = Scene("in dark colours", dark=True)
PHONE = Scene("on a phone", width=360)
DARK_PHONE = Scene("on a phone in dark colours", dark=True, width=360)


@dataclass(frozen=True, slots=True)
class Media:
    """Conditions that must all hold; each is a list of alternatives as CSS writes it."""

    conditions: tuple[str, ...] = ()

    @classmethod
    def of(cls, condition: str) -> "Media":
        """Take one condition; an empty one always holds."""
        return cls().and_also(condition)

    def and_also(self, condition: str) -> "Media":
        """Add a condition, as a media rule inside another does."""
        wanted = condition.strip().lower()
        return Media((*self.conditions, wanted)) if wanted else self

    @property
    def asks(self) -> bool:
        """Whether anything is asked at all."""
        return bool(self.conditions)

    def holds(self, scene: Scene) -> bool:
        """Tell whether rules under these conditions apply in a scene."""
        return _hold(self.conditions, scene)


@lru_cache(maxsize=1024)
def _hold(conditions: tuple[str, ...], scene: Scene) -> bool:
    return all(
        any(_query_holds(query, scene) for query in condition.split(","))
        for condition in conditions
    )


def _query_holds(query: str, scene: Scene) -> bool:
    words = _FEATURE.sub(" ", query).split()
    if "not" in words or "print" in words or "speech" in words:
        return False
    return all(_feature_holds(feature, scene) for feature in _FEATURE.findall(query))


def _feature_holds(feature: str, scene: Scene) -> bool:
    """Tell about one feature; one that is not known does not hold, as for an old mail program."""
    name, _, value = (part.strip() for part in feature.partition(":"))
    pixels = _PIXELS.fullmatch(value)
    match name:
        case "prefers-color-scheme":
            return value == ("dark" if scene.dark else "light")
        case "max-width" | "max-device-width" if pixels:
            return scene.width <= float(pixels[1])
        case "min-width" | "min-device-width" if pixels:
            return scene.width >= float(pixels[1])
        case _:
            return False
