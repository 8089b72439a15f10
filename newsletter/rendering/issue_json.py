"""An issue as JSON for everybody, by ``docs/issue-json.md``: what the letter says, nothing besides."""

from typing import Literal

from typing_extensions import TypedDict  # pydantic reads no other before Python 3.12

from newsletter.content.comparison import Side
from newsletter.content.verdicts.verdict import Stance
from newsletter.rendering.views import (
    Card,
    CorrectionView,
    IssueView,
    QuoteView,
    Row,
    Share,
    ToolView,
    VoteResult,
)


class PublicTool(TypedDict):
    """One side of a match-up."""

    name: str
    category: str | None
    tagline: str | None
    panel_percent: int | None
    verdict: str | None
    community_percent: int | None
    entry: str | None
    reviews: int


class PublicOutcome(TypedDict):
    """Who is ahead by the panel."""

    standing: str
    leader: Side | None
    gap: int | None


class PublicQuote(TypedDict):
    """Words about one side; a reviewer's verbatim, or an editor's own."""

    side: Side
    stance: Stance
    by: Literal["reviewer", "editor"]
    reviewer: int | None
    reviewers: int | None
    text: str
    cut: bool


class PublicVotes(TypedDict):
    """How the readers of an issue voted on one of its match-ups."""

    share_a: int
    share_b: int
    votes: int
    neither: int


class PublicResult(TypedDict):
    """How readers voted on a match-up of an earlier issue, as it is told in this one."""

    issue: int
    counted_on: str
    url: str
    tool_a: str
    tool_b: str
    panel_a: int | None
    panel_b: int | None
    reader_votes: PublicVotes


class PublicItem(TypedDict):
    """One match-up."""

    anchor: str
    url: str
    tool_a: PublicTool
    tool_b: PublicTool
    outcome: PublicOutcome
    numbers: str | None
    case: str | None
    quotes: list[PublicQuote]
    reader_votes: PublicVotes | None


class PublicCorrection(TypedDict):
    """What the issue said that is wrong, and what is right."""

    date: str
    item: str | None
    part: str
    tool: str | None
    said: str
    right: str
    withdrawn: bool


class PublicIssue(TypedDict):
    """One issue."""

    number: int
    date: str
    newsletter: str
    subject: str
    preheader: str
    headline: str
    intro: list[str]
    archive_url: str
    items: list[PublicItem]
    results: list[PublicResult]
    corrections: list[PublicCorrection]


def public_issue(view: IssueView) -> PublicIssue:
    """Give the issue as everybody may read it: no sources, no settings, no reader."""
    return PublicIssue(
        number=view.number,
        date=view.date.isoformat(),
        newsletter=view.brand.name,
        subject=view.subject,
        preheader=view.preheader,
        headline=view.headline,
        intro=list(view.intro),
        archive_url=view.archive_url,
        items=[_item(row) for row in view.match_ups],
        results=[_result(result) for result in view.results],
        corrections=[_correction(one) for one in view.corrections],
    )


def _correction(one: CorrectionView) -> PublicCorrection:
    return PublicCorrection(
        date=one.day.isoformat(),
        item=one.anchor or None,
        part=one.part,
        tool=one.tool or None,
        said=one.said,
        right=one.right,
        withdrawn=one.is_withdrawn,
    )


def _result(result: VoteResult) -> PublicResult:
    return PublicResult(
        issue=result.issue,
        counted_on=result.counted_on.isoformat(),
        url=result.url,
        tool_a=result.tool_a,
        tool_b=result.tool_b,
        panel_a=result.panel_a,
        panel_b=result.panel_b,
        reader_votes=_votes(result.share),
    )


def _votes(share: Share) -> PublicVotes:
    return PublicVotes(share_a=share.a, share_b=share.b, votes=share.votes, neither=share.neither)


def _item(row: Row) -> PublicItem:
    in_full = row if isinstance(row, Card) else None
    return PublicItem(
        anchor=row.anchor,
        url=row.url,
        tool_a=_tool(row.tool_a),
        tool_b=_tool(row.tool_b),
        outcome=PublicOutcome(
            standing=row.outcome.standing.value, leader=row.outcome.leader, gap=row.outcome.gap
        ),
        numbers=in_full.numbers if in_full else None,
        case=in_full.case if in_full else None,
        quotes=[_quote(quote) for quote in in_full.quotes] if in_full else [],
        reader_votes=_votes(in_full.share) if in_full and in_full.share else None,
    )


def _tool(tool: ToolView) -> PublicTool:
    return PublicTool(
        name=tool.name,
        category=tool.category,
        tagline=tool.tagline,
        panel_percent=tool.panel_percent,
        verdict=tool.verdict.value if tool.verdict else None,
        community_percent=tool.community_percent,
        entry=tool.entry,
        reviews=tool.reviews,
    )


def _quote(quote: QuoteView) -> PublicQuote:
    reviewed = quote.by == "reviewer"
    return PublicQuote(
        side=quote.side,
        stance=quote.stance,
        by=quote.by,
        reviewer=quote.reviewer if reviewed else None,
        reviewers=quote.reviewers if reviewed else None,
        text=quote.text,
        cut=quote.cut,
    )
