"""What a sentence counts: shares of a panel, points between two tools, and ties. Pure."""

import re
from collections.abc import Iterator, Sequence

from newsletter.content.comparison import Side
from newsletter.rendering.checks.naming import SIDES, TOOL, clauses
from newsletter.rendering.views import Row

_WORDS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
NUMBER = rf"(?:\d+|{'|'.join(_WORDS)}|no)"
"""A count as a pattern: digits, or a word up to nine."""

_SHARE = r"(?<![\d.])(?P<share>\d+) ?(?:%|percent|per cent|pct)"
_OF = rf"\b(?P<part>{NUMBER}) (?:out of|of) (?:the |all )?(?P<whole>{NUMBER})"
_JUDGES = r"(?: (?:reviewers|panell?ists|judges))?"
_ALL = rf"\b(?P<every>all|every|each)(?: of)?(?: the)?(?: {NUMBER})? (?:reviewers?|panell?ists?|judges?)"
_BACK = r"(?:would ship|would pick|would choose|backs?|favou?rs?|prefers?|for)"
_BESIDE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_SHARE} (?:for|of the panel would ship|would ship) (?P<tool>{TOOL})",
        rf"(?P<tool>{TOOL}) (?:(?:is |stands )?at|with|has|gets|got|scores?) {_SHARE}",
        rf"(?P<tool>{TOOL}) {_SHARE}",
        rf"{_OF}{_JUDGES} {_BACK} (?P<tool>{TOOL})",
        rf"(?P<tool>{TOOL}) (?:has|gets|got|scores?) {_OF}",
        rf"{_ALL} {_BACK} (?P<tool>{TOOL})",
    )
)
_PANEL = tuple(
    re.compile(rf"{counted} {_BACK}\b", re.IGNORECASE) for counted in (_OF + _JUDGES, _ALL)
)
_DOUBT = re.compile(
    r"\b(?:if|unless|not|never|nobody|once|community|last)\b|n['’]t\b", re.IGNORECASE
)
_POINTS = re.compile(
    rf"\b(?:by|(?:gap|lead|margin) (?:is|of)) (?P<before>{NUMBER}) (?:percentage )?points?\b"
    rf"|\b(?P<after>{NUMBER}) (?:percentage )?points? (?:ahead|behind|clear|apart)\b",
    re.IGNORECASE,
)
_TIE = re.compile(
    r"\b(?:(?:it|this|that)(?:['’]s| is| was)|ends?(?: in)?|ended(?: in)?|(?:calls?|called) it"
    r"|the result is|panel is|panel was) (?:a |an )?(?:dead |perfect |clear )?"
    r"(?:tie|tied|draw|dead heat)\b"
    r"|\b(?:tie|ties|tied|draw) at \d",
    re.IGNORECASE,
)
_NO_TIE = re.compile(
    r"\b(?:not|no|never|nearly|almost|if|community|votes?|readers?|price)\b|n['’]t\b", re.IGNORECASE
)


def number(word: str) -> int:
    """Read a count; ``NUMBER`` tells what one looks like."""
    word = word.lower()
    if word in _WORDS:
        return _WORDS.index(word)
    return 0 if word == "no" else int(word)


def shares_beside(
    sentence: str, row: Row, others: Sequence[Row] = ()
) -> Iterator[tuple[Side, int]]:
    """Give each share in percent that a sentence puts beside one of the two tools."""
    for clause in clauses(sentence, row, others):
        for pattern in _BESIDE:
            for found in pattern.finditer(clause):
                share = _share(found)
                if share == int(share):
                    yield SIDES[found["tool"]], int(share)


def panel_shares(sentence: str, row: Row) -> set[float]:
    """Give the shares of a panel that are counted in reviewers, whoever they would ship."""
    return {
        share
        for clause in clauses(sentence, row)
        if not _DOUBT.search(clause)
        for pattern in _PANEL
        for share in map(_share, pattern.finditer(clause))
        if share >= 0
    }


def points(sentence: str, row: Row, others: Sequence[Row] = ()) -> set[int]:
    """Give the gaps in points that a sentence names."""
    return {
        number(found["before"] or found["after"])
        for clause in clauses(sentence, row, others)
        for found in _POINTS.finditer(clause)
    }


def calls_a_tie(sentence: str, row: Row) -> bool:
    """Tell whether a sentence says that nobody is ahead."""
    return any(
        _TIE.search(clause) and not _NO_TIE.search(clause) for clause in clauses(sentence, row)
    )


def _share(found: re.Match[str]) -> float:
    """Give a share in percent; -1 where the count is of nobody."""
    counted = found.groupdict()
    if counted.get("share"):
        return int(counted["share"])
    if counted.get("every"):
        return 100
    whole = number(counted["whole"] or "")
    return number(counted["part"] or "") * 100 / whole if whole else -1
