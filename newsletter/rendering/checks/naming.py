"""A sentence without what is not its own: names, the page's own words, and quotations. Pure.

Each name becomes one sign that is no letter, so that patterns can ask which tool is meant.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from newsletter.content.comparison import Side
from newsletter.rendering.views import Card, Row, ToolView

SIGNS: Mapping[Side, str] = {"a": "\ue000", "b": "\ue001"}
SIDES: Mapping[str, Side] = {sign: side for side, sign in SIGNS.items()}
TOOL = "[\ue000\ue001]"
_SOMEBODY_ELSE, _FROM_THE_PAGE = "\ue002", "\ue003"

_QUOTED = re.compile("“[^”]*”")
_CLAUSE_ENDS = re.compile(
    r"[.;:!?](?=\s|$)|\s[–—-]\s|—|,? (?:but|though|although|while|whereas|yet)\b"
)


def without_names(text: str, row: Row, others: Sequence[Row] = ()) -> str:
    """Give the text with a sign for each tool's name, and one for what its page says of it.

    How a tool is listed may hold any number or word ("2.9%", "No free tier"); it is no claim.
    What is left is brought to plain digits and signs, however wide they were written.
    """
    rows = (row, *others)
    signs = {
        words: _FROM_THE_PAGE
        for one in rows
        for _, tool in one.tools
        for words in (tool.entry, tool.tagline)
        if words
    }
    signs |= {name: _SOMEBODY_ELSE for one in others for _, tool in one.tools
              for name in names(tool)}  # fmt: skip
    signs |= {name: SIGNS[side] for side, tool in row.tools for name in names(tool)}
    for phrase in sorted(signs, key=len, reverse=True):
        if phrase in text:
            text = re.sub(rf"(?<![\w.]){re.escape(phrase)}(?!\w)", signs[phrase], text)
    return unicodedata.normalize("NFKC", text)


def own_words(sentence: str, card: Card) -> str:
    """Give a sentence without the quotes that are proved, and then without names and other quotes.

    Proved ones go first: they may hold names, and quotation marks that match nothing.
    """
    return _QUOTED.sub(" ", without_names(without_proved(sentence, card), card))


def without_proved(sentence: str, card: Card) -> str:
    """Give a sentence without the quotes whose reviews are known."""
    for quote in card.case_quotes:
        if quote.text and quote.text in quote.source:
            sentence = sentence.replace(f"“{quote.text}” (reviewer {quote.reviewer})", " ")
    return sentence


def clauses(sentence: str, row: Row, others: Sequence[Row] = ()) -> list[str]:
    """Cut a sentence where a claim ends; names are signs, and quotations are left out."""
    said = _QUOTED.sub(" ", without_names(sentence, row, others))
    return [" ".join(clause.split()) for clause in _CLAUSE_ENDS.split(said)]


def names(tool: ToolView) -> Iterator[str]:
    """Give the name and its short form, as second mentions use it."""
    yield from filter(None, (tool.name, tool.brief))
