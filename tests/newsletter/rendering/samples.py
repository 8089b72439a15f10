"""Sample match-ups, invented for these tests: a realistic week, and hostile words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from newsletter.content.comparison import CatalogueEntry, Comparison, Quote, Side, Tool
from newsletter.content.verdicts.verdict import PullQuote, Stance, Summary, outcome
from newsletter.rendering.issue_view import edition_view, issue_view
from newsletter.rendering.views import Brand, IssueView, Kind, Share, VoteResult

Item = tuple[CatalogueEntry, Summary]

NONCE = "k3x9q7"
MARKS = {
    "unsubscribe": "s-7Hq2LmPz9TtKx4",
    "preferences": "p-3Vb8NcRw5YyDf6",
    "vote": "v-9Gk4JhSx2QqWe1",
    "email": "reader@example.org",
    "date": "Monday 23 November 2026",
    "language": "en",
}
BRAND = Brand(
    name="The Weekly Verdict",
    base_url="https://letters.example.org",
    postal_address="Example Verdicts Ltd\n12 Harbour Street, Dublin D02 X285, Ireland",
    sender="The Weekly Verdict <verdicts@letters.example.org>",
    site_url="https://verdicts.example.org",
)


@dataclass(frozen=True, slots=True)
class Said:
    """One review and the piece of it that is shown, from ``start`` to its end."""

    side: Side
    stance: Stance
    reviewer: int
    text: str
    before: str = "I ran it on two projects for a week. "
    cut: bool = False
    in_case: bool = False


def tool(slug: str, name: str, panel: int | None = 75, **more: Any) -> Tool:
    usual = {"category": "Developer Tools", "tagline": f"What {name} does, in one line"}
    return Tool(slug=slug, name=name, panel_percent=panel, **{"entry": "Free", **usual, **more})


def item(a: Tool, b: Tool, numbers: str = "The panel has spoken.", *said: Said) -> Item:
    """One match-up with four reviews a side, the shown pieces among them."""
    shown = {(one.side, one.reviewer): one for one in said}
    sides: tuple[Side, Side] = ("a", "b")
    quotes = tuple(
        Quote(side, place, _review(shown.get((side, place))))
        for place in range(1, 5)
        for side in sides
    )
    comparison = Comparison(a, b, quotes)
    seen = datetime(2026, 11, 18, 7, 30, tzinfo=UTC)
    number = sum(map(ord, comparison.key))
    entry = CatalogueEntry(number, comparison, seen, seen.date(), "first_seen")
    return entry, _summary(comparison, numbers, said)


def _summary(comparison: Comparison, numbers: str, said: Sequence[Said]) -> Summary:
    case = [one for one in said if one.in_case]
    clauses = [
        f"the {'case for' if one.stance == 'for' else 'caution on'} "
        f"{comparison.tool(one.side).name}: “{one.text}” (reviewer {one.reviewer})"
        for one in case
    ]
    return Summary(
        outcome(comparison),
        numbers,
        f"T{'; '.join(clauses)[1:]}." if clauses else None,
        quotes=tuple(_pulled(one) for one in said if not one.in_case),
        case_quotes=tuple(_pulled(one) for one in case),
    )


def _pulled(said: Said) -> PullQuote:
    return PullQuote(said.side, said.stance, said.reviewer, 4, said.text, said.cut)


def _review(said: Said | None) -> str:
    if said is None:
        return "It does what it says and nothing besides, which is rarer than it sounds."
    return f"{said.before}{said.text}{', and the rest of the story is long.' if said.cut else ''}"


def week() -> list[Item]:
    """Six match-ups: four decided, one tie, one not judged yet."""
    return [_editors(), _voices(), _minutes(), _notebooks(), _models(), _search()]


def view(items: Sequence[Item] | None = None, **brand: Any) -> IssueView:
    return issue_view(
        number=12,
        date=date(2026, 11, 23),
        items=week() if items is None else items,
        brand=replace(BRAND, **brand),
    )


def voted(issue: IssueView) -> IssueView:
    """The same issue, telling how readers voted on the one before: a lead, and a tie."""
    friday, archive = date(2026, 11, 20), f"{issue.brand.base_url}/archive/{issue.number - 1}"
    return replace(
        issue,
        results=(
            VoteResult(
                issue.number - 1, friday, "Alder vs Birch: Trees", f"{archive}#c-alder-vs-birch",
                "Alder", "Birch: Trees", 75, 100, Share(61, 39, 374, 38),
            ),
            VoteResult(
                issue.number - 1, friday, "Cedar vs Dogwood", f"{archive}#c-cedar-vs-dogwood",
                "Cedar", "Dogwood", None, 50, Share(50, 50, 40),
            ),
        ),
    )  # fmt: skip


def counted(issue: IssueView) -> IssueView:
    """The same issue with its own poll closed: shares beside no community's and beside one."""
    first, second, third, *others = issue.cards
    told = (
        replace(first, is_open=False, share=Share(61, 39, 374, 38)),
        replace(second, is_open=False, share=Share(0, 100, 25)),
        replace(third, is_open=False),
    )
    return replace(issue, cards=(*told, *others))


def edition(issue: IssueView, kind: Kind = "topics") -> IssueView:
    """Some of an issue's match-ups, as who chose topics gets them, one of them of an issue before."""
    second, _, fourth, *_ = issue.cards[1:]
    cards = (
        replace(second, place=2),
        replace(fourth, place=4),
        replace(issue.cards[0], is_open=False, share=Share(61, 39, 374, 38)),
    )
    return edition_view(issue, kind, cards)


def many(count: int) -> list[Item]:
    """So many full match-ups, each with tools of its own."""
    items = []
    for place in range(count):
        entry, summary = week()[place % 2]
        a, b = entry.comparison.tool_a, entry.comparison.tool_b
        renamed = replace(
            entry.comparison,
            tool_a=replace(a, slug=f"{a.slug}-{place}", name=f"{a.name} {place}"),
            tool_b=replace(b, slug=f"{b.slug}-{place}", name=f"{b.name} {place}"),
        )
        items.append((replace(entry, id=place, comparison=renamed), summary))
    return items


def _editors() -> Item:
    return item(
        tool(
            "quillcode",
            "Quillcode",
            100,
            tagline="An editor that plans the change before it touches a file",
        ),
        tool(
            "patchwork-ide",
            "Patchwork IDE",
            50,
            tagline="Many small agents, one shared workspace",
            entry="Paid",
        ),
        "The panel favours Quillcode: all 4 reviewers would ship it, against 2 of 4 for Patchwork "
        "IDE; entry is free for Quillcode and paid for Patchwork IDE.",
        Said("a", "for", 3, "the plan is a file you can read, edit and commit", in_case=True),
        Said("b", "against", 2, "the merge at the end is left to you", in_case=True),
        Said("a", "for", 1, "It asks before it touches a file, and that alone earns the ship."),
        Said("a", "against", 2, "It crawls in a repository beyond a few hundred thousand lines."),
        Said("b", "for", 4, "When tasks are separate, five agents finish before my coffee does."),
        Said("b", "against", 3, "Two agents rewrote one function twice in a morning", cut=True),
    )


def _voices() -> Item:
    return item(
        tool(
            "larkvoice-2",
            "Larkvoice 2",
            75,
            category="Audio & Voice",
            tagline="Speech in eleven languages from a 300 MB model",
            community_percent=81,
        ),
        tool(
            "murmur",
            "Murmur",
            25,
            category="Voice & Audio",
            tagline="Clone a voice from six seconds of it",
            community_percent=44,
            entry="Paid",
        ),
        "The panel favours Larkvoice 2: 3 of 4 reviewers would ship it, against 1 of 4 for Murmur; "
        "entry is free for Larkvoice 2 and paid for Murmur.",
        Said("b", "against", 4, "nobody asked the people whose voices it learned", in_case=True),
        Said("a", "for", 2, "It reads a chapter aloud without once sounding bored, on a laptop."),
        Said("b", "against", 2, "Consent is a checkbox that nobody reads, and that is a choice."),
    )


def _minutes() -> Item:
    name = "Notary: Meeting Minutes & Follow-ups"
    return item(
        tool(
            "deskhand",
            "Deskhand",
            category="Productivity",
            tagline="Turns a shared inbox into a list of decisions",
        ),
        tool(
            "notary",
            name,
            category="Productivity",
            tagline="Minutes with a signature under each promise",
        ),
        f"The panel would ship both: 3 of 4 reviewers back Deskhand and {name} alike.",
        Said("a", "for", 3, "My Monday backlog went from ninety letters to seven questions."),
        Said("b", "neutral", 1, "Who signs when the meeting had no owner?"),
    )


def _notebooks() -> Item:
    return item(
        tool(
            "tabulary",
            "Tabulary",
            50,
            category="Research & Analysis",
            tagline="Ask a spreadsheet why, get the formula",
        ),
        tool(
            "sift-notebooks",
            "Sift Notebooks",
            0,
            category="Research & Analysis",
            tagline="Notebooks that rewrite themselves",
            entry="Paid",
        ),
        "The panel favours Tabulary: 2 of 4 reviewers would ship it, against none of 4 for Sift "
        "Notebooks.",
        Said("b", "against", 4, "Yesterday's result is gone and nothing says so."),
    )


def _models() -> Item:
    return item(
        tool(
            "granite-sparrow-7b",
            "Granite Sparrow (7B)",
            100,
            category="Open Source Models",
            tagline="A small model with a long memory",
        ),
        tool(
            "halyard-large",
            "Halyard Large",
            75,
            category="AI Models",
            tagline="One million tokens, billed by the hour",
            entry="Paid",
        ),
        "The panel leans towards Granite Sparrow (7B): all 4 reviewers would ship it, against 3 of "
        "4 for Halyard Large.",
        Said("a", "for", 2, "it fits where our data already is", in_case=True),
        Said("a", "for", 1, "No lawyer had to be asked, because nothing leaves the building."),
        Said("b", "for", 1, "Give it the whole archive and it finds the one clause that matters."),
    )


def _search() -> Item:
    local = "Local AI / Distributed Inference"
    return item(
        tool("lanternfish", "Lanternfish", category=local, tagline=None, entry=None),
        tool("driftnet", "Driftnet", None, category=local, tagline="Borrow your office's machines"),
        "No panel verdict yet for Driftnet; 3 of 4 reviewers would ship Lanternfish.",
    )
