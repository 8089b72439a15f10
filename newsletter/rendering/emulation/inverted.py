"""Every colour turned over by the mail program, which asks the letter for none of its own. Pure."""

from typing import Any

import tinycss2
from selectolax.lexbor import LexborHTMLParser

from newsletter.rendering.checks.colours import Colour, colour
from newsletter.rendering.checks.sight import DARK_CANVAS
from newsletter.rendering.emulation import lab
from newsletter.rendering.emulation.sheets import rewritten

_COLOURED = ("bgcolor", "color", "text", "link")
_PAINTING = frozenset({"color", "background", "border", "outline", "shadow"})
_CANVAS = f"html{{background-color:{DARK_CANVAS};color:#f2f2f2;color-scheme:only light}}"
_LINKS = "a{color:#8ab4f8}"


def turned_over(html: str) -> str:
    """Turn every colour over that the letter names; pictures stay as they are."""
    tree = LexborHTMLParser(rewritten(html, media=_asked_nothing, declarations=_turned))
    for name in _COLOURED:
        for node in tree.css(f"[{name}]"):
            if found := colour(node.attributes.get(name) or ""):
                node.attrs[name] = str(lab.turned_over(found))
    page = tree.html or ""
    # First in the head, so that whatever the letter itself says about them counts.
    return page.replace("<head>", f"<head><style>{_CANVAS}{_LINKS}</style>", 1)


def _asked_nothing(condition: str) -> str | None:
    return None if "prefers-color-scheme" in condition.lower() else condition


def _turned(declared: list[Any]) -> list[Any]:
    return [one for one in declared if _changed(one)]


def _changed(declaration: Any) -> bool:
    """Turn the colours in one declaration over; a word about schemes is not listened to."""
    if declaration.lower_name in ("color-scheme", "supported-color-schemes"):
        return False
    if _PAINTING & set(declaration.lower_name.split("-")):
        declaration.value = [_token(one) for one in declaration.value]
    return True


def _token(token: Any) -> Any:
    if token.type not in ("hash", "ident", "function"):
        return token
    found = colour([token])
    if found is None or not found.alpha:
        return token
    return tinycss2.parse_one_component_value(_css(lab.turned_over(found)))


def _css(shade: Colour) -> str:
    if shade.alpha == 1:
        return str(shade)
    red, green, blue = (round(part * 255) for part in shade[:3])
    return f"rgba({red},{green},{blue},{shade.alpha:g})"
