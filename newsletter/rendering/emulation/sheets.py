"""Style sheets and style attributes of a letter, read and written again. Pure."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import tinycss2
from selectolax.lexbor import LexborHTMLParser

Declarations = Callable[[list[Any]], list[Any]]
"""Takes the declarations of one rule or attribute, and gives what is left of them."""

Kept = Callable[[str], str | None]
"""Takes a media condition; gives the one to write instead, or None when its rules are dropped."""

_CONDITIONAL = ("media", "supports")


def rewritten(html: str, *, media: Kept, declarations: Declarations | None = None) -> str:
    """Write a document again with other styles.

    Args:
        html: the document.
        media: says what becomes of rules under a media condition, also of whole style elements.
        declarations: says what becomes of what is declared; None leaves it.
    """
    tree = LexborHTMLParser(html)
    for sheet in tree.css("style"):
        condition = sheet.attributes.get("media")
        kept = media(condition) if condition else ""
        if kept is None:
            sheet.decompose()
            continue
        if kept:
            sheet.attrs["media"] = kept
        sheet.inner_html = _sheet(sheet.text(), media, declarations)
    if declarations is not None:
        known: dict[str, str] = {}  # the same few are written at hundreds of elements
        for node in tree.css("[style]"):
            style = node.attributes.get("style") or ""
            if style not in known:
                found = _declared(tinycss2.parse_blocks_contents(style))
                known[style] = written(declarations(found))
            node.attrs["style"] = known[style]
    return tree.html or ""


def written(declared: Iterable[Any]) -> str:
    """Write declarations as a style attribute holds them."""
    return ";".join(tinycss2.serialize([one]).rstrip(";") for one in declared)


def _sheet(css: str, media: Kept, declarations: Declarations | None) -> str:
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    return "\n".join(_rules(rules, media, declarations))


def _rules(rules: Iterable[Any], media: Kept, declarations: Declarations | None) -> Iterator[str]:
    for rule in rules:
        if rule.type == "qualified-rule":
            selector = tinycss2.serialize(rule.prelude).strip()
            found = _declared(tinycss2.parse_blocks_contents(rule.content))
            left = found if declarations is None else declarations(found)
            yield f"{selector} {{{written(left)}}}"
        elif rule.type == "at-rule" and rule.lower_at_keyword in _CONDITIONAL and rule.content:
            condition = tinycss2.serialize(rule.prelude).strip()
            is_media = rule.lower_at_keyword == "media"
            kept = media(condition) if is_media else condition
            if kept is not None:
                inside = tinycss2.parse_rule_list(rule.content, True, True)
                within = "\n".join(_rules(inside, media, declarations))
                yield f"@{rule.lower_at_keyword} {kept} {{{within}}}"


def _declared(parsed: Iterable[Any]) -> list[Any]:
    return [one for one in parsed if one.type == "declaration"]
