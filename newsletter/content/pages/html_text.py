"""What a reader sees of an HTML page, as lines of text."""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

_UNSEEN = frozenset(
    {
        "head", "script", "style", "template", "noscript", "svg", "iframe", "object",
        "audio", "video", "canvas", "select", "textarea", "dialog",
    }
)  # fmt: skip
_BLOCKS = frozenset(
    {
        "address", "article", "aside", "body", "br", "button", "dd", "details", "div",
        "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4",
        "h5", "h6", "header", "hr", "html", "li", "main", "nav", "ol", "p", "pre", "section",
        "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
    }
)  # fmt: skip
_BOXES = frozenset({"article", "div", "footer", "header", "li", "main", "nav", "section", "td"})
_MARKS = {"q": ("“", "\ue002"), "blockquote": ("\n\ue000", "\ue001\n")}
_BLOCK_QUOTE = re.compile("\ue000\\s*([^\ue000\ue001]*?)\\s*\ue001")
_QUOTED = re.compile(r"“.*”|\".*\"", re.DOTALL)


def visible_text(page: LexborHTMLParser) -> str:
    """Give the text of a parsed page, one line for each block; entities are decoded.

    Inline elements that stand next to text belong to its sentence. Those that stand only beside
    other elements in a box are separate values, such as a number and its label, and make lines.
    """
    pieces = "".join(_pieces(page.root)) if page.root is not None else ""
    # At the very end the parser closes what a cut left open, so no closing mark is made there.
    pieces = _BLOCK_QUOTE.sub(_quoted, pieces).rstrip(" \n\ue002").replace("\ue002", "”")
    lines = (" ".join(line.split()) for line in pieces.split("\n"))
    return "\n".join(line for line in lines if line)


def _quoted(block: re.Match[str]) -> str:
    """Give a block quote the marks that its looks stand for, unless it brings its own."""
    words = block[1]
    if not words or _QUOTED.fullmatch(words):
        return words
    return f"“{words}”" if block.string[block.end() :].strip() else f"“{words}"


def _pieces(root: LexborNode) -> Iterator[str]:
    """Walk the tree without recursion: a hostile page may nest deeper than Python's stack."""
    waiting: list[LexborNode | str] = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            yield node
        elif node.is_text_node:
            yield _folded(node)
        elif node.is_element_node and not _is_unseen(node):
            before, after = _edges(node)
            yield before
            waiting.append(after)
            waiting.extend(reversed(_children(node)))


def _children(node: LexborNode) -> list[LexborNode | str]:
    """Give what is inside, with a line break between elements that stand without any text."""
    inside = list(node.iter(include_text=True))
    has_words = any(child.is_text_node and _folded(child).strip() for child in inside)
    if has_words or node.tag not in _BOXES:
        return list(inside)
    return [piece for child in inside for piece in (child, "\n")]


def _folded(node: LexborNode) -> str:
    words = node.text_content or ""
    if node.parent is not None and node.parent.tag == "pre":
        return words
    edges = (words[:1].isspace(), words[-1:].isspace())
    middle = " ".join(words.split())
    return f"{' ' * edges[0]}{middle}{' ' * edges[1]}" if middle else " " * edges[0]


def _edges(node: LexborNode) -> tuple[str, str]:
    return ("\n", "\n") if node.tag in _BLOCKS else _MARKS.get(node.tag or "", ("", ""))


def _is_unseen(node: LexborNode) -> bool:
    if node.tag in _UNSEEN or "hidden" in node.attributes:
        return True
    style = (node.attributes.get("style") or "").replace(" ", "").casefold()
    return "display:none" in style or "visibility:hidden" in style
