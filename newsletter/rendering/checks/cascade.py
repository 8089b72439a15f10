"""Which declarations reach which element: style sheets, attributes and what browsers do by default.

Only what decides whether words can be read is followed; selectors are matched by the HTML parser,
style sheets are read by tinycss2.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import tinycss2
from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from newsletter.rendering.checks.colours import colour
from newsletter.rendering.checks.declarations import Declaration, Property, declarations, inline
from newsletter.rendering.checks.media import Media

Weight = tuple[int, int, int]
Weighted = tuple[Weight, Declaration]

_INLINE = 1_000_000
_HINT = -1
_BY_DEFAULT: Mapping[str, str] = {
    "h1": "font-size:2em;font-weight:bold",
    "h2": "font-size:1.5em;font-weight:bold",
    "h3": "font-size:1.17em;font-weight:bold",
    "b": "font-weight:bold",
    "strong": "font-weight:bold",
    "th": "font-weight:bold",
    "small": "font-size:smaller",
    "sub": "font-size:smaller",
    "sup": "font-size:smaller",
    "a": "color:#0000ee",
    **dict.fromkeys(("head", "style", "script", "title", "template", "noscript"), "display:none"),
}


@dataclass(frozen=True, slots=True)
class Element:
    """One element with everything that may apply to it.

    Attributes:
        node: by which the parser knows it.
        tag: its name.
        parent: place of its parent in the document's list; -1 for the first.
        always: the strongest declaration of each property that applies in every scene.
        under: declarations that apply under a media condition, and may be stronger.
        words: its own text, piece by piece, blanks collapsed.
    """

    node: int
    tag: str
    parent: int
    always: Mapping[Property, Weighted]
    under: tuple[tuple[Media, Weighted], ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _StyleRule:
    selector: str
    media: Media
    weight: Weight
    declared: tuple[Declaration, ...]


def elements(tree: LexborHTMLParser) -> tuple[Element, ...]:
    """Give all elements in document order, each with its declarations."""
    if tree.root is None:
        return ()
    matched = _matched(tree)
    places: dict[int, int] = {}
    found: list[Element] = []
    for node in tree.root.traverse():
        places[node.mem_id] = len(found)
        parent = places.get(node.parent.mem_id, -1) if node.parent else -1
        rules = matched.get(node.mem_id, ())
        everywhere = [rule for rule in rules if not rule.media.asks]
        given = ((rule.weight, one) for rule in everywhere for one in rule.declared)
        always = strongest({}, (*_own(node), *given))
        under = tuple(
            (rule.media, (rule.weight, one))
            for rule in rules
            if rule.media.asks
            for one in rule.declared
        )
        found.append(Element(node.mem_id, node.tag or "", parent, always, under, _words(node)))
    return tuple(found)


def strongest(
    so_far: Mapping[Property, Weighted], more: Iterable[Weighted]
) -> Mapping[Property, Weighted]:
    """Give for each property the declaration that wins: the important, the heavier, the later."""
    winners = dict(so_far)
    for weighted in more:
        winner = winners.get(weighted[1].name)
        if winner is None or _strength(weighted) >= _strength(winner):
            winners[weighted[1].name] = weighted
    return winners


def _strength(weighted: Weighted) -> tuple[bool, Weight]:
    weight, declaration = weighted
    return declaration.important, weight


def _words(node: LexborNode) -> tuple[str, ...]:
    pieces = (
        " ".join((child.text_content or "").split())
        for child in node.iter(include_text=True)
        if child.is_text_node
    )
    return tuple(piece for piece in pieces if piece)


def _own(node: LexborNode) -> Iterator[Weighted]:
    """Give what the element brings itself: defaults, old attributes, and its style."""
    attributes = node.attributes
    for one in inline(_BY_DEFAULT.get(node.tag or "", "")):
        yield (_HINT, 0, 0), one
    for name, stands_for in (
        ("bgcolor", "background-color"),
        ("color", "color"),
        ("text", "color"),
    ):
        if (value := attributes.get(name)) and colour(value):
            for one in inline(f"{stands_for}:{value}"):
                yield (_HINT, 0, 1), one
    if "hidden" in attributes:
        yield (_HINT, 0, 1), Declaration("display", value=True)
    for place, one in enumerate(inline(attributes.get("style") or "")):
        yield (_INLINE, 0, place), one


def _matched(tree: LexborHTMLParser) -> dict[int, list[_StyleRule]]:
    matched: dict[int, list[_StyleRule]] = {}
    for rule in _style_rules(tree):
        try:
            nodes = tree.css(rule.selector)
        except SelectolaxError:  # a selector for states and parts that a letter at rest has not
            continue
        for node in nodes:
            matched.setdefault(node.mem_id, []).append(rule)
    return matched


def _style_rules(tree: LexborHTMLParser) -> Iterator[_StyleRule]:
    order = 0
    for sheet in tree.css("style"):
        media = Media.of(sheet.attributes.get("media") or "")
        parsed = tinycss2.parse_stylesheet(sheet.text(), skip_comments=True, skip_whitespace=True)
        for within, rule in _flattened(parsed, media):
            declared = declarations(tinycss2.parse_blocks_contents(rule.content))
            for prelude in _split(rule.prelude) if declared else ():
                order += 1
                selector = tinycss2.serialize(prelude).strip()
                yield _StyleRule(selector, within, (0, _specificity(prelude), order), declared)


def _flattened(rules: Sequence[Any], media: Media) -> Iterator[tuple[Media, Any]]:
    for rule in rules:
        if rule.type == "qualified-rule":
            yield media, rule
        elif rule.type == "at-rule" and rule.lower_at_keyword == "media" and rule.content:
            inside = tinycss2.parse_rule_list(
                rule.content, skip_comments=True, skip_whitespace=True
            )
            yield from _flattened(inside, media.and_also(tinycss2.serialize(rule.prelude)))


def _split(prelude: Sequence[Any]) -> list[list[Any]]:
    selectors: list[list[Any]] = [[]]
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            selectors.append([])
        else:
            selectors[-1].append(token)
    return selectors


def _specificity(selector: Sequence[Any]) -> int:
    """Count ids, then classes, attributes and states, then element names, in one number."""
    total, before = 0, ""
    for token in selector:
        if token.type == "hash":
            total += 10_000
        elif token.type == "[] block" or (token.type == "ident" and before in {".", ":"}):
            total += 100
        elif token.type == "ident":
            total += 1
        before = token.value if token.type == "literal" else ""
    return total
