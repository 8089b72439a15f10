"""Rules about what sentences claim: numbers from the table, and no preference it does not show.

A machine's sentence that contradicts the table blocks, since then the extraction is broken. An
editor's may be meant otherwise than it reads, so that words of theirs only hold the issue; numbers
and quotes block whoever wrote them.
"""

import re
from collections.abc import Iterator

from newsletter.content.verdicts.verdict import Outcome, outcome_of, verdict
from newsletter.rendering.checks.finding import Finding, Level, Rule
from newsletter.rendering.checks.letter import Letter
from newsletter.rendering.checks.naming import own_words, without_names, without_proved
from newsletter.rendering.checks.preference import preferred
from newsletter.rendering.checks.tallies import calls_a_tie, panel_shares, points, shares_beside
from newsletter.rendering.views import Card, IssueView, Row

_PERCENTAGE = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)\s?(?:%|percent\b|per cent\b|pct\b)")
_MUST_PAY = re.compile(
    r"\b(?:must|have to|has to|need to|needs to|forced to|required to) "
    r"(?:pay\b(?! attention| heed)|buy\b|purchase\b)"
    r"|\b(?:no|without a|lacks a) free (?:tier|plan|version|trial|option)\b"
    r"|\b(?:not|never|isn['’]t) free\b",
    re.IGNORECASE,
)


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


def verdict_contradicts_words(letter: Letter) -> Iterator[Finding]:
    """No sentence puts the tool behind ahead, or either where none is, or calls a lead a tie."""
    for card in letter.view.cards:
        for part, sentence in _sentences(card):
            level: Level = "hold" if part in card.reworded else "block"
            for side in sorted(preferred(sentence, card) - {_outcome(card).leader}):
                told = f"The {part} puts {card.tool(side).name} ahead, which the panel does not."
                yield Finding("verdict-contradicts-words", level, told, card.title)
            if _outcome(card).leader and calls_a_tie(sentence, card):
                told = f"The {part} calls it a tie, and one of the two is ahead."
                yield Finding("verdict-contradicts-words", level, told, card.title)
    for where, sentence in of_the_issue(letter.view):
        for name in sorted(_wrongly_ahead(sentence, letter.view)):
            told = f"It puts {name} ahead, which no panel does; say it otherwise."
            yield Finding("verdict-contradicts-words", "hold", told, where)


def foreign_number(letter: Letter) -> Iterator[Finding]:
    """A percentage, a count of reviewers and a gap are those of the tools they are said of."""
    for card in letter.view.cards:
        if fault := _false_share(card) or _false_count(card):
            level, told = fault
            yield Finding("foreign-number", level, told, card.title)
    for where, sentence in of_the_issue(letter.view):
        if wrong := _false_in_issue(sentence, letter.view):
            yield Finding("foreign-number", "hold", wrong, where)


def paid_overstated(letter: Letter) -> Iterator[Finding]:
    """That a reader must pay is nowhere said; "Paid" is how a tool is listed.

    In the templates' own words and in a machine's sentence it blocks, in an editor's it holds.
    """
    for where, words in letter.spoken:
        if _MUST_PAY.search(letter.sayings.taken_out_of(words)):
            yield _overstated("block", where)
    for card in letter.view.cards:
        for part, sentence in _sentences(card):
            if _MUST_PAY.search(own_words(sentence, card)):
                yield _overstated("hold" if part in card.reworded else "block", card.title)
    for where, sentence in of_the_issue(letter.view):
        if _MUST_PAY.search(_without_any_name(sentence, letter.view)):
            yield _overstated("hold", where)


RULES: tuple[Rule, ...] = (
    verdict_contradicts_numbers,
    verdict_contradicts_words,
    foreign_number,
    paid_overstated,
)


def _sentences(card: Card) -> tuple[tuple[str, str], ...]:
    """Give both sentences by the part that an editor may have reworded, proved quotes left out."""
    return ("verdict", card.numbers), ("case", without_proved(card.case or "", card))


def _outcome(row: Row) -> Outcome:
    return outcome_of(row.tool_a.panel_percent, row.tool_b.panel_percent)


def _wrongly_ahead(sentence: str, view: IssueView) -> set[str]:
    """Name the tools that a sentence puts ahead and that lead in none of their match-ups."""
    rows = view.match_ups
    ahead: set[str] = set()
    for row in rows:
        others = [other for other in rows if other is not row]
        ahead |= {row.tool(side).name for side in preferred(sentence, row, others)}
    leaders = {row.tool(leader).name for row in rows if (leader := _outcome(row).leader)}
    return ahead - leaders


def of_the_issue(view: IssueView) -> tuple[tuple[str, str], ...]:
    """Give the sentences of no single match-up; the view does not say who wrote them."""
    return (
        ("subject", view.subject),
        ("preheader", view.preheader),
        ("headline", view.headline),
        ("intro", " ".join(view.intro)),
    )


def _without_any_name(sentence: str, view: IssueView) -> str:
    return without_names(sentence, view.match_ups[0], view.match_ups[1:]) if view.match_ups else ""


def _false_share(card: Card) -> tuple[Level, str] | None:
    """Name a percentage that is not in the table, or not of the tool that it stands beside."""
    sentences = " ".join(sentence for _, sentence in _sentences(card))
    strange = _percentages(own_words(sentences, card)) - _known(card)
    if strange:
        return "block", f"The verdict says {min(strange):g} %, which is not in the table."
    for side, share in shares_beside(sentences, card):
        tool = card.tool(side)
        if share not in tool.shares:
            return "block", f"The verdict says {share} % of {tool.name}, which has another share."
    return None


def _false_count(card: Card) -> tuple[Level, str] | None:
    """Name a count of reviewers that is no share of the card, or a gap that is not between them."""
    for part, sentence in _sentences(card):
        level: Level = "hold" if part in card.reworded else "block"
        for share in panel_shares(sentence, card):
            if not any(abs(share - known) < 1 for known in _known(card)):
                return level, f"The {part} counts {share:.0f} % of a panel, which neither has."
        for gap in points(sentence, card):
            if gap != _outcome(card).gap:
                return level, f"The {part} says {gap} points, which is not the gap."
    return None


def _false_in_issue(sentence: str, view: IssueView) -> str | None:
    """Name a number of an editor's that no match-up has."""
    rows = view.match_ups
    known = {share for row in rows for share in _known(row)}
    strange = _percentages(_without_any_name(sentence, view)) - known
    if strange:
        return f"It says {min(strange):g} %, which no tool of the issue has; correct it."
    for row in rows:
        others = [other for other in rows if other is not row]
        for side, share in shares_beside(sentence, row, others):
            name = row.tool(side).name
            if not any(share in tool.shares for one in rows for _, tool in one.tools
                       if tool.name == name):  # fmt: skip
                return f"It says {share} % of {name}, which has another share; correct it."
    gaps = {row.outcome.gap for row in rows}
    for gap in points(sentence, rows[0], rows[1:]) if rows else ():
        if gap not in gaps:
            return f"It says {gap} points, which is no gap of the issue; correct it."
    return None


def _percentages(said: str) -> set[float]:
    return {float(number) for number in _PERCENTAGE.findall(said)}


def _known(card: Row) -> set[float]:
    return {share for _, tool in card.tools for share in tool.shares}


def _overstated(level: Level, where: str) -> Finding:
    told = 'It says that a reader must pay, where the page only lists "Paid"; say how it is listed.'
    return Finding("paid-overstated", level, told, where)
