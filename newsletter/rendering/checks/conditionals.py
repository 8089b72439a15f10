"""Outlook's conditional comments: present, closed, rightly nested, and with whole tables in them.

A hidden block is one comment, ``<!--[if mso]>`` to ``<![endif]-->``, so that nothing else that ends
a comment may stand in it. A shown block, ``<!--[if !mso]><!-->`` to ``<!--<![endif]-->``, is markup
between two comments, which may hold hidden blocks. Pure.
"""

import re

_TOKEN = re.compile(
    r"(?P<shown_open><!--\[if [^\]]+\]>\s*(?:<!--+>|<!-- -->|--+>))"
    r"|(?P<hidden_open><!--\[if [^\]]+\]>)"
    r"|(?P<shown_close><!--\s*<!\[endif\]--+>)"
    r"|(?P<hidden_close><!\[endif\]--+>)"
    r"|(?P<damaged><!\[endif\]|<!\[if |<!--\[if\b)"
    r"|(?P<comment_open><!--)"
    r"|(?P<comment_close>--+>)"
)
_STEPS = {
    ("", "shown_open"): "shown",
    ("", "hidden_open"): "hidden",
    ("", "comment_open"): "comment",
    ("", "comment_close"): "",
    ("shown", "shown_close"): "",
    ("shown", "hidden_open"): "shown, hidden",
    ("shown", "comment_open"): "shown, comment",
    ("shown", "comment_close"): "shown",
    ("hidden", "hidden_close"): "",
    ("shown, hidden", "hidden_close"): "shown",
    **{
        (comment, inside): comment
        for comment in ("comment", "shown, comment")
        for inside in ("hidden_open", "comment_open", "damaged")
    },
    ("comment", "comment_close"): "",
    ("shown, comment", "comment_close"): "shown",
}
"""Where a token leads from each place; what is not here is a fault. An arrow in text is none."""

_LAYOUT_TAG = re.compile(r"<(?P<end>/?)(?P<name>table|tr|td)\b", re.IGNORECASE)


def fault(html: str) -> str | None:
    """Name the first fault of the conditional comments, None when they are as they should be."""
    place, start = "", 0
    hidden: list[str] = []
    for token in _TOKEN.finditer(html):
        kind = token.lastgroup or ""
        if (place, kind) not in _STEPS:
            return f"{token[0]!r} is out of place after {html[: token.start()][-30:]!r}"
        place = _STEPS[place, kind]
        if kind == "hidden_open":
            start = token.end()
        elif kind == "hidden_close":
            hidden.append(html[start : token.start()])
    if place:
        return "one is never closed"
    return _layout_fault(hidden) if hidden else "there are none"


def _layout_fault(hidden: list[str]) -> str | None:
    """Tell whether the tables that only Outlook sees close in the order they open."""
    opened: list[str] = []
    for tag in _LAYOUT_TAG.finditer(" ".join(hidden)):
        name = tag["name"].lower()
        if not tag["end"]:
            opened.append(name)
        elif not opened or opened.pop() != name:
            return f"their </{name}> closes nothing"
    return f"their <{opened[-1]}> is never closed" if opened else None
