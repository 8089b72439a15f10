"""What templates are handed: plain frozen values that also survive as JSON in a frozen issue.

Everything textual in here is ``plain`` already. ``None`` means "the source did not say"; which
words stand for that is the template's business.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from pydantic import TypeAdapter

from newsletter.content.comparison import Side
from newsletter.content.verdicts.verdict import Outcome, Stance, Verdict


@dataclass(frozen=True, slots=True)
class Brand:
    """Whose letter it is.

    Attributes:
        name: name of the newsletter, as in the header and the footer.
        base_url: address of this service, without a slash at the end.
        postal_address: where the publisher can be reached by post; lines separated by newlines.
        sender: the From header, ``Name <address>``.
        site_url: address of the site with the comparisons, without a slash at the end; None when
            there is none, then match-ups link to the archive.
        leaves_host: whether letters go to other machines, where an address of this one is none.
    """

    name: str
    base_url: str
    postal_address: str
    sender: str
    site_url: str | None = None
    leaves_host: bool = False


@dataclass(frozen=True, slots=True)
class ToolView:
    """One side of a match-up.

    Attributes:
        name: display name.
        brief: the name for a second mention, without a long subtitle; None in older issues.
        category: as on the page.
        tagline: one line.
        panel_percent: share of the panel that would ship it, 0 to 100.
        verdict: Ship, Mixed or Skip; None exactly when there is no panel percentage.
        community_percent: share of the community vote, 0 to 100.
        entry: the entry word as on the page.
        reviews: how many reviews of it the page shows.
    """

    name: str
    brief: str | None = None
    category: str | None = None
    tagline: str | None = None
    panel_percent: int | None = None
    verdict: Verdict | None = None
    community_percent: int | None = None
    entry: str | None = None
    reviews: int = 0

    @property
    def shares(self) -> tuple[int, ...]:
        """The percentages that the page gives: the panel's, then the community's."""
        return tuple(
            share for share in (self.panel_percent, self.community_percent) if share is not None
        )


@dataclass(frozen=True, slots=True)
class QuoteView:
    """A verbatim piece of one review.

    Attributes:
        side: the tool it is about.
        tool: that tool's name.
        stance: "for" and "against" are labels; "neutral" is shown under neither.
        reviewer: 1-based number of the reviewer on that side.
        reviewers: how many reviews that side has.
        text: the words, without quotation marks.
        cut: the sentence went on; shown with " …".
        source: the whole review it was taken from; never shown, kept as the proof.
        by: whose words they are; an editor's are shown without quotation marks, and have neither
            a reviewer nor a source.
    """

    side: Side
    tool: str
    stance: Stance
    reviewer: int
    reviewers: int
    text: str
    cut: bool
    source: str
    by: Literal["reviewer", "editor"] = "reviewer"


@dataclass(frozen=True, slots=True)
class Row:
    """A match-up in one line.

    Attributes:
        key: identity of the comparison: both slugs, sorted, joined by a blank.
        entry_id: its row in the catalogue, which outlives a change of slugs.
        anchor: its place on the issue's archive page, without "#".
        url: where to read all of it: its page on the site, else its place in the archive.
        on_site: whether ``url`` is its page on the site.
        tool_a: the left tool, in the order of the page.
        tool_b: the right tool.
        outcome: who leads by the panel.
    """

    key: str
    entry_id: int
    anchor: str
    url: str
    on_site: bool
    tool_a: ToolView
    tool_b: ToolView
    outcome: Outcome

    @property
    def title(self) -> str:
        """The match-up by its names."""
        return f"{self.tool_a.name} vs {self.tool_b.name}"

    @property
    def tools(self) -> tuple[tuple[Side, ToolView], tuple[Side, ToolView]]:
        """Both tools with their sides, left first."""
        return ("a", self.tool_a), ("b", self.tool_b)

    def tool(self, side: Side) -> ToolView:
        """Give the tool on that side."""
        return self.tool_a if side == "a" else self.tool_b

    @property
    def leader(self) -> ToolView | None:
        """The tool that is ahead, if one is."""
        return self.tool(self.outcome.leader) if self.outcome.leader else None

    @property
    def trailer(self) -> ToolView | None:
        """The tool that is behind, if one is."""
        if self.outcome.leader is None:
            return None
        return self.tool("b" if self.outcome.leader == "a" else "a")

    @property
    def reviews(self) -> int:
        """How many reviews the page shows of both tools together."""
        return self.tool_a.reviews + self.tool_b.reviews

    def briefly(self) -> "Row":
        """Give the same match-up by the names of a second mention, for where the full ones burst."""
        a, b = (replace(tool, name=tool.brief or tool.name) for _, tool in self.tools)
        return replace(self, tool_a=a, tool_b=b)

    def leads(self, side: Side) -> bool:
        """Say whether the tool on that side is ahead."""
        return self.outcome.leader == side


@dataclass(frozen=True, slots=True)
class Share:
    """What the readers of an issue would ship of one match-up, when enough have voted.

    Attributes:
        a: whole percent of those who chose one of the two; with ``b`` it makes 100.
        b: as ``a``, for the right tool.
        votes: how many chose one of the two.
        neither: how many would ship neither; not in the percentages.
    """

    a: int
    b: int
    votes: int
    neither: int = 0

    def of(self, side: Side) -> int:
        """Give the percentage of the tool on that side."""
        return self.a if side == "a" else self.b


@dataclass(frozen=True, slots=True)
class Card(Row):
    """A match-up in full.

    Attributes:
        numbers: sentence one of the verdict, counted from fields.
        case: sentence two, quoted clauses; None when nothing cleared the bar.
        quotes: at most one For and one Against for each tool, left before right.
        case_quotes: the clauses quoted in ``case``; not shown again, kept as its proof.
        reworded: the parts that an editor wrote, as named in ``issues.rewording.CardPart``.
        is_open: whether it can be voted on from this letter.
        place: its place in the issue, from 1, by which votes name it; None where that is its place
            in this letter, as in a whole issue.
        share: how readers voted on it, once that is known.
    """

    numbers: str
    case: str | None = None
    quotes: tuple[QuoteView, ...] = ()
    case_quotes: tuple[QuoteView, ...] = ()
    reworded: tuple[str, ...] = ()
    is_open: bool = True
    place: int | None = None
    share: Share | None = None

    def as_row(self) -> Row:
        """Give the one line that is left when there is no room for the card."""
        return Row(
            self.key, self.entry_id, self.anchor, self.url, self.on_site,
            self.tool_a, self.tool_b, self.outcome,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class VoteResult:
    """How the readers of an earlier issue voted on one of its match-ups, as told in this one.

    Attributes:
        issue: number of the issue in which it was voted on.
        counted_on: the day as of which it was counted, where the newsletter is at home.
        title: the match-up by its names.
        url: its place in the archive.
        tool_a: name of the left tool.
        tool_b: name of the right tool.
        panel_a: the panel's percentage for the left tool; None when unknown.
        panel_b: as ``panel_a``, for the right tool.
        share: the votes.
    """

    issue: int
    counted_on: date
    title: str
    url: str
    tool_a: str
    tool_b: str
    panel_a: int | None
    panel_b: int | None
    share: Share


@dataclass(frozen=True, slots=True)
class CorrectionView:
    """What an issue said that is wrong, and what is right.

    Attributes:
        day: on which that was last said.
        first_day: when it was said first, in other words; None when it was never amended.
        part: where the line stands, one of ``corrections.lines.Part``.
        tool: the name of the tool that the line is about; empty for both, and for none.
        title: of the match-up that it is about; empty for a line about the whole issue.
        anchor: of that match-up; empty likewise.
        said: the line, or the piece of it that is wrong.
        right: what is right; why, when it is withdrawn.
        is_withdrawn: whether the correction was taken back, so that what was said stands.
    """

    day: date
    first_day: date | None
    part: str
    tool: str
    title: str
    anchor: str
    said: str
    right: str
    is_withdrawn: bool = False


Kind = Literal["issue", "topics", "monthly", "followed", "catch-up"]
"""What a letter holds: the whole issue, or one reader's part of it and of issues before it.

"topics" are the match-ups on what a reader chose, "followed" those with a tool they follow,
"monthly" all since their last letter, and "catch-up" the first weekly letter after monthly ones.
"""


@dataclass(frozen=True, slots=True)
class IssueView:
    """One issue of the newsletter, or an edition of it, the same for everybody who gets it.

    Attributes:
        number: running number of the issue, from 1.
        date: the day it is dated.
        subject: at most 60 characters.
        preheader: 90 to 140 characters that say more than the subject.
        headline: the count, such as "6 match-ups, 4 decided".
        intro: one to three counted sentences.
        cards: match-ups in full, in the order of the issue.
        rows: match-ups for which there was no room, after the cards.
        results: how readers voted on the match-ups of the issue before, those with enough votes.
        kind: whether it is the whole issue or an edition.
        corrections: what of it was wrong; none in what is frozen, for they come later.
        archive_url: where anybody can read this issue.
        brand: whose letter it is.
    """

    number: int
    date: date
    subject: str
    preheader: str
    headline: str
    intro: tuple[str, ...]
    cards: tuple[Card, ...]
    archive_url: str
    brand: Brand
    rows: tuple[Row, ...] = ()
    results: tuple[VoteResult, ...] = ()
    kind: Kind = "issue"
    corrections: tuple[CorrectionView, ...] = ()

    @property
    def match_ups(self) -> tuple[Row, ...]:
        """All match-ups, cards first."""
        return self.cards + self.rows

    def place_of(self, card: Card) -> int:
        """Give the number by which a link votes on a card: its place in the poll, from 1."""
        return card.place or self.match_ups.index(card) + 1

    def corrections_of(self, row: Row) -> tuple[CorrectionView, ...]:
        """Give the corrections of one match-up."""
        return tuple(one for one in self.corrections if one.anchor == row.anchor)

    def with_cards(self, count: int) -> "IssueView":
        """Give the same issue with its first cards only; the others become lines."""
        lines = tuple(card.as_row() for card in self.cards[count:])
        return replace(self, cards=self.cards[:count], rows=lines + self.rows)

    def as_json(self) -> dict[str, Any]:
        """Give plain dicts, lists, strings and numbers, ready for a JSON column."""
        plain_values: dict[str, Any] = _ISSUE.dump_python(self, mode="json")
        return plain_values

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "IssueView":
        """Read what ``as_json`` wrote, also by an older release: unknown keys are ignored.

        Raises:
            pydantic.ValidationError: when a required field is missing or of another kind.
        """
        return _ISSUE.validate_python(stored)


_ISSUE = TypeAdapter(IssueView)
