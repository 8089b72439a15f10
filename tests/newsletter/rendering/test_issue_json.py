"""The public JSON and its document; ``python -m tests.newsletter.rendering.test_issue_json`` renews the example."""

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from newsletter.rendering.issue_json import (
    PublicCorrection,
    PublicIssue,
    PublicItem,
    PublicOutcome,
    PublicQuote,
    PublicResult,
    PublicTool,
    PublicVotes,
    public_issue,
)
from newsletter.rendering.views import CorrectionView, IssueView, Share
from tests.newsletter.rendering.samples import view, voted, week

DOCUMENT = Path(__file__).parents[3] / "docs" / "issue-json.md"
TABLES = {
    "issue": PublicIssue,
    "match-up": PublicItem,
    "tool": PublicTool,
    "outcome": PublicOutcome,
    "quote": PublicQuote,
    "result": PublicResult,
    "vote": PublicVotes,
    "correction": PublicCorrection,
}


def example() -> IssueView:
    """One match-up with a quote of either kind and its votes, and a result of the issue before."""
    issue = view(week()[3:4])
    (card,) = issue.cards
    note = replace(
        card.quotes[0],
        side="a", tool="Tabulary", stance="for", by="editor", reviewer=0, reviewers=0,
        text="We use it ourselves.", source="",
    )  # fmt: skip
    card = replace(card, quotes=(note, *card.quotes), share=Share(31, 69, 204, 17))
    shown = voted(issue)
    wrong = CorrectionView(
        day=date(2026, 11, 24), first_day=None, part="entry", tool="Sift Notebooks",
        title=card.title, anchor=card.anchor, said="Paid", right="Free for one person",
    )  # fmt: skip
    return replace(shown, cards=(card,), results=shown.results[:1], corrections=(wrong,))


def block() -> str:
    return f"```json\n{json.dumps(public_issue(example()), indent=2, ensure_ascii=False)}\n```"


def test_the_document_shows_a_real_issue() -> None:
    assert block() in DOCUMENT.read_text()


@pytest.mark.parametrize("table", TABLES)
def test_the_document_names_every_field_and_no_other(table: str) -> None:
    lines = DOCUMENT.read_text().partition(f"| field of an {table} ")[2]
    lines = lines or DOCUMENT.read_text().partition(f"| field of a {table} ")[2]
    rows = lines.partition("\n\n")[0].splitlines()[2:]

    named = [name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])]

    assert sorted(named) == sorted(TABLES[table].__annotations__)


def test_what_only_we_need_stays_here() -> None:
    issue = view()
    told = json.dumps(public_issue(issue), ensure_ascii=False)

    sources = [quote.source for card in issue.cards for quote in card.quotes]
    assert [source for source in sources if source in told] == []
    assert issue.brand.sender not in told
    assert "entry_id" not in told
    assert "postal" not in told


def test_a_match_up_in_one_line_has_no_sentences() -> None:
    (*_, last) = public_issue(view().with_cards(5))["items"]

    assert (last["numbers"], last["case"], last["quotes"]) == (None, None, [])


if __name__ == "__main__":
    before, _, rest = DOCUMENT.read_text().partition("```json")
    DOCUMENT.write_text(f"{before}{block()}{rest.partition('```')[2]}")
