"""What a mail program would fetch or run for one element: its attributes and its style. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import tinycss2

_FETCHED = ("src", "background", "poster", "data", "lowsrc", "dynsrc")
_LED_TO = {"a", "area"}
_MAY_FETCH = re.compile(r"\\|url|src|image|import|//", re.IGNORECASE)
_FETCHING = {"url", "src", "image", "image-set", "-webkit-image-set", "cross-fade"}
_RUNNING_TAGS = frozenset(
    ["script", "iframe", "frame", "frameset", "object", "embed", "applet", "form", "base",
     "template", "portal"]
)  # fmt: skip
_RUNNING_ATTRIBUTES = frozenset(["ping", "formaction", "action", "srcdoc", "http-equiv"])
_HARMLESS = {"content-type", "x-ua-compatible", "content-language"}

Attributes = Mapping[str, str | None]


def fetched(tag: str, attributes: Attributes, text: str) -> Iterator[str]:
    """Give the addresses that are loaded when the letter is opened.

    Args:
        tag: the element's name.
        attributes: its attributes by name, in small letters.
        text: what stands in it, where it is a style sheet.
    """
    yield from (value for name in _FETCHED if (value := attributes.get(name)))
    for candidate in (attributes.get("srcset") or "").split(","):
        yield from candidate.split()[:1]
    if tag not in _LED_TO:
        for name in ("href", "xlink:href"):
            if (address := attributes.get(name)) and not address.startswith("#"):
                yield address
    yield from in_style(text if tag == "style" else attributes.get("style") or "")


@lru_cache(maxsize=1024)
def in_style(style: str) -> tuple[str, ...]:
    """Give the addresses in CSS, however they are written: escapes are read as browsers do."""
    if not _MAY_FETCH.search(style):
        return ()
    return tuple(_in_tokens(tinycss2.parse_component_value_list(style, skip_comments=True)))


def runs(tag: str, attributes: Attributes) -> Iterator[str]:
    """Name what runs something or sends the reader elsewhere: an element, or an attribute of it."""
    if tag in _RUNNING_TAGS:
        yield f"<{tag}>"
    for name, value in attributes.items():
        risky = name.startswith("on") or name in _RUNNING_ATTRIBUTES
        if risky and not (name == "http-equiv" and (value or "").strip().lower() in _HARMLESS):
            yield f'{name}="{(value or "")[:30]}"'


def _in_tokens(tokens: Sequence[Any]) -> Iterator[str]:
    importing = False
    for token in tokens:
        if token.type == "url":
            yield token.value.strip()
        elif token.type == "function":
            if token.lower_name in _FETCHING:
                yield from (one.value.strip() for one in token.arguments if one.type == "string")
            yield from _in_tokens(token.arguments)
        elif token.type in {"{} block", "() block", "[] block"}:
            yield from _in_tokens(token.content)
        elif token.type == "string" and importing:
            yield token.value.strip()
        if token.type != "whitespace":
            importing = token.type == "at-keyword" and token.lower_value == "import"
