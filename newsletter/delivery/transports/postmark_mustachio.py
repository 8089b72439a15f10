"""Content made safe for Postmark's template language, with our marks as its placeholders. Pure.

Postmark's engine (Mustachio, open source) takes ``{{…}}`` and ``{{{…}}}`` without inner braces for
its own, and it knows no escape for a literal brace. So a brace that could open or touch a
placeholder is itself written as a placeholder, whose value is a brace.
"""

import re
from collections.abc import Mapping

from newsletter.rendering.personal import Marked

BRACES = {"open_brace": "{", "close_brace": "}"}
"""The placeholders of literal braces, and their values."""

LEAVING = "pm_unsubscribe"
LEAVING_LINK = "{{{ pm:unsubscribe }}}"
"""A mark that no message has a value for, and Postmark's own placeholder, which it becomes."""

HTML_BRACE = "&#123;"
TEXT_BRACE = "{\u2060"
"""A brace as the reader sees it, but not followed by another one for Postmark to see."""

_TOUCHING = re.compile(r"\{(?=\{)|\{\Z|\A\}+")
_SYSTEM = re.compile(r"\{(?=\{\s*pm:)")


def placeholder(path: str) -> str:
    """Write the placeholder that Postmark fills without escaping.

    Our values come escaped, so that a reader gets the same bytes by every handover.
    """
    return "{{{" + path + "}}}"


def as_template(marked: Marked, paths: Mapping[str, str]) -> str:
    """Write a marked part as a Postmark template.

    Args:
        marked: the part.
        paths: where in a template model the value of each mark is.
    """
    neutral = tuple(_TOUCHING.sub(_as_placeholders, part) for part in marked.parts)
    places = {name: placeholder(paths[name]) for name in marked.names if name != LEAVING}
    return Marked(neutral, marked.names).fill(places | {LEAVING: LEAVING_LINK})


def needed_braces(*templates: str) -> dict[str, str]:
    """Give the literal braces that a template model must hold for these templates."""
    return {
        name: brace
        for name, brace in BRACES.items()
        if any(placeholder(name) in template for template in templates)
    }


def without_system_placeholders(marked: Marked, brace: str) -> Marked:
    """Break ``{{{ pm:… }}}``, which Postmark fills even in a body that is no template.

    Args:
        marked: a part of the mailing.
        brace: HTML_BRACE or TEXT_BRACE.
    """
    return Marked(tuple(_SYSTEM.sub(brace, part) for part in marked.parts), marked.names)


def _as_placeholders(braces: re.Match[str]) -> str:
    name = "open_brace" if braces.group().startswith("{") else "close_brace"
    return placeholder(name) * len(braces.group())
