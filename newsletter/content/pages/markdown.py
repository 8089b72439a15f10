"""A page that was saved as Markdown, back to the text of the page."""

import re

_HEADING = re.compile(r"^#{1,6}[ \t]+(?=\S)", re.MULTILINE)
_ITEM = re.compile(r"^[ \t]*[-*+][ \t]+(?=\S)", re.MULTILINE)
_LINK = re.compile(r"(!?)\[([^\[\]\n]*)\]\([^()\s]*(?:[ \t]+\"[^\"\n]*\")?\)")
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_QUOTE = re.compile(r"^[ \t]*>.*(?:\n[ \t]*>.*)*", re.MULTILINE)
_QUOTE_MARK = re.compile(r"^[ \t]*>[ \t]?", re.MULTILINE)
_ROW = re.compile(r"^[ \t]*\|(.*)\|[ \t]*$", re.MULTILINE)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_RULE_CELL = re.compile(r":?-{3,}:?")


def without_markdown(text: str) -> str:
    """Take the marks away, when the text has a Markdown heading; any other stays as it is."""
    if not _HEADING.search(text):
        return text
    text = _QUOTE.sub(_quoted, _HEADING.sub("", text))
    text = _ROW.sub(_cells, _ITEM.sub("", text))
    text = _LINK.sub(lambda link: "" if link[1] else link[2], text)
    return _ESCAPED.sub(r"\1", _STRONG.sub(r"\2", text))


def _quoted(block: re.Match[str]) -> str:
    """Give a block quote as one line between quotation marks; at the text's end it may be cut."""
    words = " ".join(_QUOTE_MARK.sub("", block[0]).split())
    if not words or words[0] in '“"':
        return words
    at_the_end = not block.string[block.end() :].strip()
    return f"“{words}" if at_the_end else f"“{words}”"


def _cells(row: re.Match[str]) -> str:
    cells = (cell.strip() for cell in row[1].split("|"))
    return "\n".join(cell for cell in cells if not _RULE_CELL.fullmatch(cell))
