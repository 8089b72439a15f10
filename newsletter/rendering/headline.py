"""The count above the letter and the sentences under it: everything in them is counted."""

from collections.abc import Sequence

from newsletter.content.verdicts.verdict import Standing
from newsletter.rendering.views import Row

LONGEST_TITLE = 90
"""Two names of more characters would fill the first screen of a phone; the count says enough."""

_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def in_words(number: int) -> str:
    """Write a count: in words up to nine, then in digits."""
    return _WORDS[number] if number < len(_WORDS) else str(number)


def counted(number: int, noun: str) -> str:
    """Write a count with its noun: "one verdict", "5 verdicts"."""
    return f"one {noun}" if number == 1 else f"{number} {noun}s"


def headline(rows: Sequence[Row]) -> str:
    """Say how many match-ups there are and how many the panel decided."""
    decided = len(_standing(rows, Standing.LEADS))
    if len(rows) == 1:
        return f"One match-up, {_ALONE[rows[0].outcome.standing]}"
    share = {len(rows): "all", 1: "one", 0: "none"}.get(decided, str(decided))
    return f"{len(rows)} match-ups, {share} decided"


_ALONE = {Standing.LEADS: "decided", Standing.TIE: "a tie", Standing.UNKNOWN: "still open"}


def intro(rows: Sequence[Row]) -> tuple[str, ...]:
    """Say what there is to know before the first match-up, in one to three sentences."""
    sentences = (_standings(rows), _widest_gap(rows), _nobody_would_ship(rows))
    return tuple(sentence for sentence in sentences if sentence)


def _standings(rows: Sequence[Row]) -> str | None:
    """Count clear picks, ties and open questions; a single match-up needs no count."""
    if len(rows) == 1:
        return None
    leaders, ties, open_ones = (len(_standing(rows, standing)) for standing in Standing)
    clauses = [
        _clause(leaders, len(rows), "has a leader", "have a leader"),
        _clause(ties, len(rows), "is a tie", "are ties"),
        _clause(open_ones, len(rows), "waits for a panel verdict", "wait for a panel verdict"),
    ]
    said = [clause for clause in clauses if clause]
    if not said:
        return None
    sentence = said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"
    return f"{sentence[:1].upper()}{sentence[1:]}."


def _clause(number: int, of: int, singular: str, plural: str) -> str | None:
    if number == 0:
        return None
    if number == of:
        return f"all of them {plural}"
    return f"{in_words(number)} {singular if number == 1 else plural}"


def _widest_gap(rows: Sequence[Row]) -> str | None:
    """Name the widest gap, or how many share it."""
    gaps = [row.outcome.gap or 0 for row in rows]
    widest = max(gaps, default=0)
    if widest == 0:
        return "Neither side is ahead." if _is_one_tie(rows) else None
    first, *others = [row for row, gap in zip(rows, gaps, strict=True) if gap == widest]
    points = counted(widest, "point")
    if others and len(others) == len(rows) - 1:
        return f"The gap is {points} in all of them."
    if others:
        return f"The widest gap is {points}, in {in_words(1 + len(others))} of them."
    return _named_gap(first, points, alone=len(rows) == 1)


def _named_gap(row: Row, points: str, *, alone: bool) -> str:
    fitting = (named for named in (row, row.briefly()) if len(named.title) <= LONGEST_TITLE)
    named = next(fitting, None)
    if named is None or named.leader is None or named.trailer is None:
        return f"The {'' if alone else 'widest '}gap is {points}."
    ahead, behind = named.leader.name, named.trailer.name
    if alone:
        return f"The panel puts {ahead} ahead of {behind} by {points}."
    return f"The widest gap is {points}: {ahead} over {behind}."


def _nobody_would_ship(rows: Sequence[Row]) -> str | None:
    """Name the tools without a single vote of the panel, each once."""
    tools = [tool for row in rows for _, tool in row.tools]
    names = list(dict.fromkeys(tool.name for tool in tools if tool.panel_percent == 0))
    if len(names) > 1:
        return f"There are {in_words(len(names))} tools that nobody on the panel would ship."
    if names and len(names[0]) <= LONGEST_TITLE:
        return f"Nobody on the panel would ship {names[0]}."
    if names:
        return "There is one tool that nobody on the panel would ship."
    return None


def _is_one_tie(rows: Sequence[Row]) -> bool:
    return len(rows) == 1 and rows[0].outcome.standing is Standing.TIE


def _standing(rows: Sequence[Row], standing: Standing) -> list[Row]:
    return [row for row in rows if row.outcome.standing == standing]
