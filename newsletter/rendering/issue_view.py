"""The chosen comparisons become one view: cleaned, linked, counted, and ready to be frozen."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from urllib.parse import quote

from newsletter.content.comparison import CatalogueEntry, Comparison, Side
from newsletter.content.verdicts.headline import brief_names, display_names
from newsletter.content.verdicts.verdict import PullQuote, Summary, verdict
from newsletter.rendering.headline import headline, intro
from newsletter.rendering.plain import plain, plain_or_none
from newsletter.rendering.subject import preheader, subject
from newsletter.rendering.views import Brand, Card, IssueView, Kind, QuoteView, Row, ToolView


def issue_view(
    *, number: int, date: date, items: Sequence[tuple[CatalogueEntry, Summary]], brand: Brand
) -> IssueView:
    """Compose an issue from its comparisons, all of them as cards, in the order given.

    Args:
        number: running number of the issue, from 1.
        date: the day it is dated.
        items: each comparison with its summary.
        brand: whose letter it is.
    """
    brand = _without_slashes(brand)
    archive_url = f"{brand.base_url}/archive/{number}"
    cards = tuple(_card(entry, summary, brand, archive_url) for entry, summary in items)
    return IssueView(
        number=number,
        date=date,
        subject=subject(number, cards),
        preheader=preheader(cards),
        headline=headline(cards),
        intro=intro(cards),
        cards=cards,
        archive_url=archive_url,
        brand=brand,
    )


def edition_view(issue: IssueView, kind: Kind, match_ups: Sequence[Row]) -> IssueView:
    """Compose an edition of an issue from match-ups that are frozen already.

    What stands above them is counted anew: an editor's subject, headline and intro are words about
    the whole issue.

    Args:
        issue: whose number, date, brand and results it has.
        kind: why it holds what it holds.
        match_ups: in the order of the letter; those that are no cards stay lines, after the cards.
    """
    return replace(
        issue,
        kind=kind,
        subject=subject(issue.number, match_ups),
        preheader=preheader(match_ups),
        headline=headline(match_ups),
        intro=intro(match_ups),
        cards=tuple(row for row in match_ups if isinstance(row, Card)),
        rows=tuple(row for row in match_ups if not isinstance(row, Card)),
    )


def _without_slashes(brand: Brand) -> Brand:
    """Take the slash off the addresses, however the settings were typed."""
    site_url = brand.site_url.rstrip("/") if brand.site_url else None
    return replace(brand, base_url=brand.base_url.rstrip("/"), site_url=site_url)


def _card(entry: CatalogueEntry, summary: Summary, brand: Brand, archive_url: str) -> Card:
    comparison = entry.comparison
    pair = quote(comparison.key.replace(" ", "-vs-"), safe="")
    anchor = f"c-{re.sub(r'[^a-zA-Z0-9]+', '-', pair)}"
    page = _page_on_site(comparison, pair, brand)
    return Card(
        key=comparison.key,
        entry_id=entry.id,
        anchor=anchor,
        url=page or f"{archive_url}#{anchor}",
        on_site=page is not None,
        tool_a=_tool(comparison, "a"),
        tool_b=_tool(comparison, "b"),
        outcome=summary.outcome,
        numbers=plain(summary.numbers),
        case=plain_or_none(summary.case),
        quotes=tuple(_quote(comparison, pulled) for pulled in summary.quotes),
        case_quotes=tuple(_quote(comparison, pulled) for pulled in summary.case_quotes),
    )


def _page_on_site(comparison: Comparison, pair: str, brand: Brand) -> str | None:
    """Give the address of the comparison's page; a slug made from a name has none."""
    made_up = comparison.tool_a.provisional or comparison.tool_b.provisional
    if brand.site_url is None or made_up:
        return None
    return f"{brand.site_url}/compare/{pair}"


def _tool(comparison: Comparison, side: Side) -> ToolView:
    tool = comparison.tool(side)
    return ToolView(
        name=_name(comparison, side),
        brief=plain(brief_names(comparison)[0 if side == "a" else 1]),
        category=plain_or_none(tool.category),
        tagline=plain_or_none(tool.tagline),
        panel_percent=tool.panel_percent,
        verdict=verdict(tool.panel_percent),
        community_percent=tool.community_percent,
        entry=plain_or_none(tool.entry),
        reviews=len(comparison.quotes_on(side)),
    )


def _name(comparison: Comparison, side: Side) -> str:
    """Give the name as the verdict says it: two tools of one name are told apart by slug."""
    a, b = display_names(comparison)
    return plain(a if side == "a" else b)


def _quote(comparison: Comparison, pulled: PullQuote) -> QuoteView:
    reviews = comparison.quotes_on(pulled.side)
    source = next((review.text for review in reviews if review.position == pulled.reviewer), "")
    return QuoteView(
        side=pulled.side,
        tool=_name(comparison, pulled.side),
        stance=pulled.stance,
        reviewer=pulled.reviewer,
        reviewers=pulled.reviewers,
        text=plain(pulled.text),
        cut=pulled.cut,
        source=plain(source),
    )
