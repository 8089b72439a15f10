"""What an inbox shows before the letter is opened: the subject and the preheader."""

from collections.abc import Iterator, Sequence

from newsletter.content.verdicts.verdict import Standing
from newsletter.rendering.headline import counted, headline
from newsletter.rendering.views import Row

SUBJECT_MOST = 60
PREHEADER_LEAST = 90
PREHEADER_MOST = 140

_TAILS = (
    "Panel scores, community votes and the entry price, side by side.",
    "The case for and against in the reviewers' own words.",
    "With quotes for and against.",
)


def subject(number: int, rows: Sequence[Row]) -> str:
    """Name the sharpest match-up and how much more there is, in at most 60 characters.

    A name is never cut: where the sharpest pair has no room, a shorter form, its brief names or
    the next pair takes its place, and at last the count alone.
    """
    others = len(rows) - 1
    forms = (
        form
        for row in sharpest_first(rows)
        for named in (row, row.briefly())
        for form in _forms(named, others)
    )
    alone = f"Issue {number}: {headline(rows)}"
    return next((form for form in forms if len(form) <= SUBJECT_MOST), alone)


def sharpest_first(rows: Sequence[Row]) -> list[Row]:
    """Order by the gap, widest first; equal gaps, ties and open ones keep their order."""
    return sorted(rows, key=_sharpness)


def preheader(rows: Sequence[Row]) -> str:
    """Say in 90 to 140 characters what the numbers are and who else is in."""
    ordered = sharpest_first(rows)
    results = [_result(named) for row in ordered[:1] for named in (row, row.briefly())]
    said = next((result for result in results if len(result) <= PREHEADER_MOST), "")
    return _lengthened(_with_others(said, [row.title for row in ordered[1:]]))


def _sharpness(row: Row) -> int:
    order = {Standing.LEADS: -(row.outcome.gap or 0), Standing.TIE: 1, Standing.UNKNOWN: 2}
    return order[row.outcome.standing]


def _forms(row: Row, others: int) -> Iterator[str]:
    if others:
        yield f"{row.title} + {counted(others, 'more verdict')}"
        yield f"{row.title} + {'one' if others == 1 else others} more"
    else:
        yield f"{row.title}: the verdict"
    yield row.title


def _result(row: Row) -> str:
    a, b = row.tool_a, row.tool_b
    match row.outcome.standing:
        case Standing.LEADS if row.leader and row.trailer:
            first, second = row.leader, row.trailer
            return (
                f"{first.name} {first.panel_percent}% ship, {second.name} {second.panel_percent}%."
            )
        case Standing.TIE:
            return f"{a.name} and {b.name} tie at {a.panel_percent}%."
        case _:
            return f"{row.title} is still open."


def _with_others(said: str, titles: Sequence[str]) -> str:
    """Name as many of the other match-ups as there is room for, whole names only."""
    named: list[str] = []
    for title in titles:
        if len(f"{said} Also {', '.join([*named, title])}.") <= PREHEADER_MOST:
            named.append(title)
    return f"{said} Also {', '.join(named)}.".strip() if named else said


def _lengthened(said: str) -> str:
    """Reach the least length with the longest true tail that fits."""
    for tail in _TAILS:
        if len(said) >= PREHEADER_LEAST:
            break
        if len(said) + len(tail) < PREHEADER_MOST:
            said = f"{said} {tail}".strip()
    return said
