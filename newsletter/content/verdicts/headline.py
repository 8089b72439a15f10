"""Sentence one of a verdict: counted from fields, and silent about what they do not say."""

import re
import unicodedata

from newsletter.content.comparison import Comparison, Side
from newsletter.content.verdicts.sentences import clean
from newsletter.content.verdicts.verdict import Standing, Verdict, backers, outcome, verdict

LONG_NAME = 30
LEANS_UP_TO = 25
FAVOURS_UP_TO = 50
# The panels met so far have four reviewers; fewer quotes may be the beginning of a cut page.
SMALLEST_PANEL = 4
# "0%" reads like a measured vote, or like a missing one.
NONE = "none"
_NO_DOTS = "\u2800"  # the pattern of Braille without a dot is a symbol that shows nothing


def headline(comparison: Comparison) -> str:
    """Say in one sentence who leads by the panel, with the numbers it rests on."""
    clauses = [_panel(comparison), _entry(comparison), _community(comparison)]
    return "; ".join(clause for clause in clauses if clause) + "."


def display_names(comparison: Comparison) -> tuple[str, str]:
    """Give both names as a sentence can use them: equal ones are told apart by their slugs.

    A name of which nothing can be seen is replaced by its slug.
    """
    a, b = comparison.tool_a, comparison.tool_b
    name_a, name_b = (clean(tool.name) if _is_seen(tool.name) else tool.slug for tool in (a, b))
    if name_a.casefold() == name_b.casefold():
        return f"{name_a} ({a.slug})", f"{name_b} ({b.slug})"
    return name_a, name_b


def brief_names(comparison: Comparison) -> tuple[str, str]:
    """Give both names for a second mention: a long subtitle or bracket is left out, once named."""
    full = display_names(comparison)
    brief_a, brief_b = (_brief(name) for name in full)
    return full if brief_a.casefold() == brief_b.casefold() else (brief_a, brief_b)


def _is_seen(name: str) -> bool:
    """Say whether a name has a letter, number, sign or symbol that leaves ink on paper."""
    return any(unicodedata.category(one)[0] in "LNPS" for one in clean(name) if one != _NO_DOTS)


def _brief(name: str) -> str:
    if len(name) <= LONG_NAME:
        return name
    return re.split(r": | \(", name, maxsplit=1)[0]


def _panel(comparison: Comparison) -> str:
    found = outcome(comparison)
    if found.leader is not None:
        return _lead(comparison, found.leader, found.gap or 0)
    if found.standing is Standing.TIE:
        return _tie(comparison)
    return _unknown(comparison)


def _lead(comparison: Comparison, leader: Side, gap: int) -> str:
    trailer: Side = "b" if leader == "a" else "a"
    first, second = _name(comparison, leader), _name(comparison, trailer)
    ahead, behind = _share(comparison, leader), _short(comparison, trailer)
    numbers = f"{ahead} would ship it, against {behind} for {second}"
    if verdict(comparison.tool(leader).panel_percent) is Verdict.SKIP:
        return f"Neither wins the panel over, though {first} comes closer: {numbers}"
    return f"The panel {_preference(gap)} {first}: {numbers}"


def _preference(gap: int) -> str:
    if gap <= LEANS_UP_TO:
        return "leans towards"
    return "favours" if gap <= FAVOURS_UP_TO else "clearly favours"


def _tie(comparison: Comparison) -> str:
    opening = {
        Verdict.SHIP: "The panel would ship both",
        Verdict.MIXED: "The panel calls it a tie",
        Verdict.SKIP: "The panel would ship neither",
    }
    called = verdict(comparison.tool_a.panel_percent) or Verdict.MIXED
    name_a, name_b = display_names(comparison)
    first, second = _share(comparison, "a"), _short(comparison, "b")
    return f"{opening[called]}: {first} would ship {name_a}, and {second} would ship {name_b}"


def _unknown(comparison: Comparison) -> str:
    name_a, name_b = display_names(comparison)
    if comparison.tool_a.panel_percent is comparison.tool_b.panel_percent is None:
        return f"There is no panel verdict yet on {name_a} or {name_b}"
    known: Side = "b" if comparison.tool_a.panel_percent is None else "a"
    name, other = (name_a, name_b) if known == "a" else (name_b, name_a)
    share = _share(comparison, known)
    return f"There is no panel verdict yet on {other}; {share} would ship {name}"


def _share(comparison: Comparison, side: Side) -> str:
    """Name a known panel share in full: "3 of 4 reviewers", or "75% of the panel"."""
    short = _short(comparison, side)
    counted = not short.endswith("%") and short != NONE
    return f"{short} reviewers" if counted else f"{short} of the panel"


def _short(comparison: Comparison, side: Side) -> str:
    """Count a known panel share in reviewers when their number is certain, else in percent."""
    percent = comparison.tool(side).panel_percent or 0
    quotes = comparison.quotes_on(side)
    certain = len(quotes) >= SMALLEST_PANEL and all(quote.complete for quote in quotes)
    backing = backers(percent, len(quotes)) if certain else None
    if backing is None:
        return f"{percent}%" if percent else NONE
    if backing == len(quotes):
        return f"all {backing}"
    return f"{backing or NONE} of {len(quotes)}"


def _entry(comparison: Comparison) -> str | None:
    """Name the entry words when they differ; "Paid" is how a tool is listed, not what you pay."""
    entry_a, entry_b = (_listed(tool.entry) for tool in (comparison.tool_a, comparison.tool_b))
    if not entry_a or not entry_b or entry_a.casefold() == entry_b.casefold():
        return None
    name_a, name_b = brief_names(comparison)
    return f"entry is listed as {entry_a} for {name_a} and {entry_b} for {name_b}"


def _listed(entry: str | None) -> str:
    word = clean(entry or "")
    return word.lower() if word in ("Free", "Paid") else word


def _community(comparison: Comparison) -> str | None:
    """Compare the community votes when there are two; one alone is left to the card."""
    vote_a, vote_b = (t.community_percent for t in (comparison.tool_a, comparison.tool_b))
    if vote_a is None or vote_b is None:
        return None
    name_a, name_b = brief_names(comparison)
    return f"the community vote stands at {vote_a}% for {name_a} and {vote_b}% for {name_b}"


def _name(comparison: Comparison, side: Side) -> str:
    name_a, name_b = display_names(comparison)
    return name_a if side == "a" else name_b
