"""Rule about what an editor counts: match-ups, verdicts, ties, and how many more there are.

It holds, since only an editor's words can bring one, and they may be meant otherwise.
"""

import re
from collections.abc import Callable, Iterator

from newsletter.content.verdicts.verdict import Standing, outcome_of
from newsletter.rendering.checks.claims import of_the_issue
from newsletter.rendering.checks.finding import Finding, Rule
from newsletter.rendering.checks.letter import Letter
from newsletter.rendering.checks.naming import without_names
from newsletter.rendering.checks.tallies import NUMBER, number
from newsletter.rendering.views import IssueView, Row

_COUNT = rf"\b(?P<count>{NUMBER}|all)"
_EVERY = r"\b(?P<count>all|every|each)\b(?: \w+){0,4} "


class _Counted:
    """How many match-ups of each standing an issue has."""

    def __init__(self, view: IssueView) -> None:
        standings = [_standing(row) for row in view.match_ups]
        self.all = len(standings)
        self.decided = standings.count(Standing.LEADS)
        self.ties = standings.count(Standing.TIE)
        self.open = standings.count(Standing.UNKNOWN)

    @property
    def any(self) -> set[int]:
        """Every count that may be said of match-ups without saying which."""
        return {self.all, self.all - 1, self.decided, self.ties, self.open, 1}


_CLAIMS: tuple[tuple[str, Callable[[_Counted], set[int]]], ...] = (
    (rf"{_COUNT} (?:match-ups?|verdicts?|comparisons?|duels?)\b", lambda has: has.any),
    (rf"\+ {_COUNT} (?:more|others?)\b", lambda has: {has.all - 1}),
    (rf"{_COUNT} (?:more|other) (?:match-ups?|verdicts?|comparisons?)\b",
     lambda has: {has.all - 1}),
    (rf"{_COUNT} (?:are |is |were |was )?decided\b", lambda has: {has.decided}),
    (rf"{_COUNT} (?:has a leader|have a leader)\b", lambda has: {has.decided}),
    (rf"{_COUNT} (?:are |is |were |was )?(?:a tie|ties?|tied|draws?)\b", lambda has: {has.ties}),
    (rf"{_COUNT} (?:are |is |were |was )?(?:still )?open\b", lambda has: {has.open}),
    (rf"{_EVERY}(?:a tie|ties|tied|draws?|a draw)\b", lambda has: {has.ties}),
)  # fmt: skip
_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE), right) for pattern, right in _CLAIMS)


def count_wrong(letter: Letter) -> Iterator[Finding]:
    """What is counted in subject, preheader, headline and intro is what the issue holds."""
    rows = letter.view.match_ups
    has = _Counted(letter.view)
    for where, sentence in of_the_issue(letter.view) if rows else ():
        said = without_names(sentence, rows[0], rows[1:])
        if wrong := next(_wrong(said, has), None):
            told = f"It says {wrong!r}, which the issue does not hold; correct the count."
            yield Finding("count-wrong", "hold", told, where)


RULES: tuple[Rule, ...] = (count_wrong,)


def _wrong(said: str, has: _Counted) -> Iterator[str]:
    for pattern, right in _PATTERNS:
        for found in pattern.finditer(said):
            if _count(found["count"], has) not in right(has):
                yield found[0].strip()


def _count(word: str, has: _Counted) -> int:
    return has.all if word.lower() in {"all", "every", "each"} else number(word)


def _standing(row: Row) -> Standing:
    return outcome_of(row.tool_a.panel_percent, row.tool_b.panel_percent).standing
