"""Rules about what is said: is there an issue at all, and is all of it true and new."""

import re
from collections import Counter
from collections.abc import Iterator

from newsletter.content.verdicts.verdict import Outcome, Standing, verdict
from newsletter.rendering.checks.finding import Finding, Rule
from newsletter.rendering.checks.letter import Letter
from newsletter.rendering.views import Card, Row

_QUOTED = re.compile("“([^”]*)”")
_PERCENTAGE = re.compile(r"\b(\d+)\s?%")


def empty_issue(letter: Letter) -> Iterator[Finding]:
    """An issue without a match-up is not worth a letter."""
    if not letter.view.match_ups:
        yield Finding("empty-issue", "block", "There is no match-up in it.", "issue")


def item_twice(letter: Letter) -> Iterator[Finding]:
    """The same pair of slugs stands in the issue once."""
    for key, times in Counter(row.key for row in letter.view.match_ups).items():
        if times > 1:
            yield Finding("item-twice", "block", f"It stands in the issue {times} times.", key)


def same_tool_twice(letter: Letter) -> Iterator[Finding]:
    """A tool that comes back was pinned by an editor: selection itself never repeats one."""
    rows = {row.key: row for row in letter.view.match_ups}.values()
    names = Counter(tool.name for row in rows for _, tool in row.tools)
    for name, times in names.items():
        if times > 1:
            yield Finding("same-tool-twice", "note", f"It is in {times} match-ups.", name)


def quote_not_in_source(letter: Letter) -> Iterator[Finding]:
    """A quote is an exact piece of the review it is said to be from."""
    for card in letter.view.cards:
        for quote in (*card.case_quotes, *card.quotes):
            if not quote.text or quote.text not in quote.source:
                told = (
                    f"Reviewer {quote.reviewer} on {quote.tool} did not write {quote.text[:60]!r}."
                )
                yield Finding("quote-not-in-source", "block", told, card.title)


def case_not_quoted(letter: Letter) -> Iterator[Finding]:
    """What stands in quotation marks in the second sentence is quoted from a review."""
    for card in letter.view.cards:
        sources = [quote.source for quote in card.case_quotes]
        for piece in _QUOTED.findall(card.case or ""):
            if not any(piece in source for source in sources):
                told = f"The verdict quotes {piece[:60]!r}, which no reviewer wrote."
                yield Finding("case-not-quoted", "block", told, card.title)


def verdict_contradicts_numbers(letter: Letter) -> Iterator[Finding]:
    """Leader, gap and each panel's verdict follow from the percentages beside them."""
    for row in letter.view.match_ups:
        if row.outcome != _outcome(row) or any(
            tool.verdict != verdict(tool.panel_percent) for _, tool in row.tools
        ):
            told = (
                "Leader or verdict does not follow from the panel percentages; rebuild the issue."
            )
            yield Finding("verdict-contradicts-numbers", "block", told, row.title)


def foreign_number(letter: Letter) -> Iterator[Finding]:
    """A percentage in the first sentence is one of the four in the table."""
    for card in letter.view.cards:
        strange = _said(card) - _known(card)
        if strange:
            told = f"The verdict says {min(strange)} %, which is not in the table."
            yield Finding("foreign-number", "block", told, card.title)


RULES: tuple[Rule, ...] = (
    empty_issue,
    item_twice,
    same_tool_twice,
    quote_not_in_source,
    case_not_quoted,
    verdict_contradicts_numbers,
    foreign_number,
)


def _outcome(row: Row) -> Outcome:
    a, b = row.tool_a.panel_percent, row.tool_b.panel_percent
    if a is None or b is None:
        return Outcome(Standing.UNKNOWN)
    if a == b:
        return Outcome(Standing.TIE, gap=0)
    return Outcome(Standing.LEADS, leader="a" if a > b else "b", gap=abs(a - b))


def _said(card: Card) -> set[int]:
    without_names = card.numbers.replace(card.tool_a.name, "").replace(card.tool_b.name, "")
    return {int(number) for number in _PERCENTAGE.findall(without_names)}


def _known(card: Card) -> set[int | None]:
    shares = [(tool.panel_percent, tool.community_percent) for _, tool in card.tools]
    return {share for pair in shares for share in pair}
