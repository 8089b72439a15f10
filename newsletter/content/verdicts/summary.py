"""The verdict of one comparison in two sentences and its pull quotes, proven word for word."""

from collections.abc import Collection
from typing import ClassVar

from newsletter.content.comparison import Comparison, Side
from newsletter.content.verdicts.excerpts import best
from newsletter.content.verdicts.extraction import Extracts, extract, first_unfaithful
from newsletter.content.verdicts.headline import brief_names, headline
from newsletter.content.verdicts.verdict import (
    LABELS,
    Outcome,
    PullQuote,
    Stance,
    Summary,
    Verdict,
    outcome,
    verdict,
)
from newsletter.errors import NewsletterError


class UnfaithfulQuote(NewsletterError):
    """A quote is not in the review it is taken from: compare it with the source before sending."""

    code: ClassVar[str] = "unfaithful-quote"


def summarise(
    comparison: Comparison, extracts: Extracts | None = None, *, shown: Collection[str] = ()
) -> Summary:
    """Write the verdict: a pure function of the comparison and of what was shown before.

    All text is plain and unescaped.

    Args:
        comparison: the merged content.
        extracts: those of this comparison; made now when none were stored.
        shown: ``Summary.texts`` of the comparisons before it in the same issue.

    Raises:
        UnfaithfulQuote: when a piece is not in its review; it would be a fault of ours.
    """
    extracts = extract(comparison) if extracts is None else extracts
    found = outcome(comparison)
    case_quotes = _case_quotes(comparison, extracts, found, shown)
    taken = [*shown, *(quote.text for quote in case_quotes)]
    quotes: list[PullQuote] = []
    for side in ("a", "b"):
        heard = {quote.reviewer for quote in case_quotes if quote.side == side}
        quotes += pull_quotes(extracts, side, shown=taken, heard=heard)
    summary = Summary(
        outcome=found,
        numbers=headline(comparison),
        case=_case(comparison, case_quotes),
        quotes=tuple(quotes),
        case_quotes=case_quotes,
    )
    check_faithful(summary, comparison)
    return summary


def pull_quotes(
    extracts: Extracts, side: Side, *, shown: Collection[str] = (), heard: Collection[int] = ()
) -> tuple[PullQuote, ...]:
    """Choose one For and one Against for the tool on that side, where there are any.

    Where one of them is missing, the best of what argues less plainly is shown under no label.

    Args:
        extracts: what there is to choose from.
        side: the tool.
        shown: texts already shown in this issue; nothing like them is chosen again.
        heard: reviewers of this tool already quoted; others come first.
    """
    chosen: list[PullQuote] = []
    for stance in (*LABELS, "neutral"):
        if len(chosen) == len(LABELS):
            break
        fresh = [*shown, *(quote.text for quote in chosen)]
        reviewers = {*heard, *(quote.reviewer for quote in chosen)}
        found = best(extracts.excerpts_on(side, stance), fresh, reviewers)
        chosen += [found] if found else []
    return tuple(chosen)


def check_faithful(summary: Summary, comparison: Comparison) -> None:
    """Prove that each quoted piece stands, letter by letter, in the review it names.

    Raises:
        UnfaithfulQuote: naming the first piece that does not.
    """
    quote = first_unfaithful((*summary.case_quotes, *summary.quotes), comparison)
    if quote is not None:
        tool = comparison.tool(quote.side).slug
        raise UnfaithfulQuote(
            f"not in review {quote.reviewer} of {tool}: “{quote.text}”; "
            "correct the quote or mark it as the editor's own words"
        )


def _case_quotes(
    comparison: Comparison, extracts: Extracts, found: Outcome, shown: Collection[str]
) -> tuple[PullQuote, ...]:
    quotes: list[PullQuote] = []
    for side, stance in _wanted(comparison, found):
        taken = [*shown, *(quote.text for quote in quotes)]
        clause = best(extracts.clauses_on(side, stance), taken, heard=())
        quotes += [clause] if clause else []
    return tuple(quotes)


def _wanted(comparison: Comparison, found: Outcome) -> tuple[tuple[Side, Stance], ...]:
    """The case for the leader and the caution on the other; nobody is preferred in a tie."""
    if found.leader == "a":
        return ("a", "for"), ("b", "against")
    if found.leader == "b":
        return ("b", "for"), ("a", "against")
    both = (comparison.tool_a, comparison.tool_b)
    if all(verdict(tool.panel_percent) is Verdict.SKIP for tool in both):
        return ("a", "against"), ("b", "against")
    return ("a", "for"), ("b", "for")


def _case(comparison: Comparison, quotes: Collection[PullQuote]) -> str | None:
    names = dict(zip(("a", "b"), brief_names(comparison), strict=True))
    parts = [
        f"the {'case for' if quote.stance == 'for' else 'caution on'} {names[quote.side]}: "
        f"“{quote.text}” (reviewer {quote.reviewer})"
        for quote in quotes
    ]
    sentence = "; ".join(parts)
    return f"{sentence[0].upper()}{sentence[1:]}." if sentence else None
