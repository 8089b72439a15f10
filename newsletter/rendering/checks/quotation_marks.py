"""Rules about quotation marks in finished parts, and addresses in words that others wrote."""

import re
from collections.abc import Iterator

from newsletter.rendering.checks.finding import Finding, Rule
from newsletter.rendering.checks.letter import Letter
from newsletter.rendering.checks.naming import without_names, without_proved
from newsletter.rendering.checks.sayings import GAP, bare
from newsletter.rendering.views import Card

MARKED = re.compile('“([^”]*)”|„([^“”]*)[“”]|«([^»]*)»|"([^"]*)"|‘([^’]*)’')
"""A stretch in quotation marks of any kind."""

_ATTRIBUTED = re.compile(r"\breviewer \d+ of \d+\b", re.IGNORECASE)
_NAMED = re.compile(r"\breviewer (?:no\. ?|number )?#?\d+\b", re.IGNORECASE)
_SINGLE = re.compile("['‘][^'’]{4,}['’]")
_ADDRESS = re.compile(r"https?://|\bwww\.", re.IGNORECASE)


def quote_unknown(letter: Letter) -> Iterator[Finding]:
    """What the templates put into quotation marks, or under a reviewer, is one of the quotes."""
    shown = [quote for card in letter.cards_in_full for quote in card.quotes]
    reviewers = sum(quote.by == "reviewer" for quote in shown)
    for where, words in letter.spoken:
        own = letter.sayings.taken_out_of(words)
        strange = next((said for said in _marked(own) if bare(said).strip(f"{GAP}…")), None)
        if strange is not None or len(_ATTRIBUTED.findall(own)) > reviewers:
            told = f"It quotes {(strange or '')[:40]!r}, which the issue does not; take it out."
            yield Finding("quote-unknown", "block", told, where)


def editor_words_attributed(letter: Letter) -> Iterator[Finding]:
    """An editor's sentence quotes nobody by other marks, and names no reviewer without a quote.

    It holds: an editor may mean a title or an inch, and looks again.
    """
    for card in letter.view.cards:
        for part, words in _of_editors(card):
            if _attributes(words):
                told = (
                    f"The {part} seems to quote a reviewer; quote exactly in “ ” or say it plainly."
                )
                yield Finding("editor-words-attributed", "hold", told, card.title)


def address_in_words(letter: Letter) -> Iterator[Finding]:
    """A page's own words hold an address; mail programs make a link of it that nobody checked."""
    for row in letter.view.match_ups:
        said = [words for _, tool in row.tools for words in (tool.tagline, tool.entry)]
        if isinstance(row, Card):
            said += [row.case, *(quote.text for quote in row.quotes)]
        if any(_ADDRESS.search(words) for words in said if words):
            told = "Words from its page hold an address; look where it leads, or quote otherwise."
            yield Finding("address-in-words", "note", told, row.title)


RULES: tuple[Rule, ...] = (quote_unknown, editor_words_attributed, address_in_words)


def _marked(words: str) -> Iterator[str]:
    for found in MARKED.finditer(words):
        yield next(group for group in found.groups() if group is not None)


def _of_editors(card: Card) -> Iterator[tuple[str, str]]:
    """Give what an editor wrote of a card: sentences without proved quotes, and notes."""
    if "verdict" in card.reworded:
        yield "verdict", _own(card.numbers, card)
    if "case" in card.reworded:
        yield "case", _own(card.case or "", card)
    yield from (("note", quote.text) for quote in card.quotes if quote.by == "editor")


def _own(sentence: str, card: Card) -> str:
    """Leave out the quotes in “ ”, which have a rule of their own, with the reviewer they name."""
    plain = without_names(without_proved(sentence, card), card)
    return re.sub(r"“[^”]*”(?:\s*\([Rr]eviewer \d+\))?", " ", plain)


def _attributes(words: str) -> bool:
    if _NAMED.search(words):
        return True
    return bool(MARKED.search(words) or ("reviewer" in words.lower() and _SINGLE.search(words)))
