"""The JSON form read back; what its numbers and nulls are called is written here a second time."""

from datetime import date
from typing import Any

from tests.newsletter.rendering.forms.told import InALine, InFull, MatchUp, Told, Voted

STANCES = {"for": "For", "against": "Against", "neutral": "On"}


def read_json(issue: dict[str, Any]) -> Told:
    day = date.fromisoformat(issue["date"])
    return Told(
        headline=issue["headline"],
        intro=" ".join(issue["intro"]),
        number_and_date=(str(issue["number"]), _long(day)),
        match_ups=tuple(_match_up(item, issue["archive_url"]) for item in issue["items"]),
        voted=_voted(issue["results"]) if issue["results"] else None,
    )


def _voted(results: list[dict[str, Any]]) -> Voted:
    day = date.fromisoformat(results[0]["counted_on"])
    return Voted(
        f"How you voted on issue {results[0]['issue']}",
        f"Counted on {_long(day)}; the percentages are of those who chose one of the two.",
        tuple(_result(result) for result in results),
    )


def _result(result: dict[str, Any]) -> tuple[str, str, str, str]:
    a, b, votes = result["tool_a"], result["tool_b"], result["reader_votes"]
    neither = f"; {votes['neither']} more for neither" if votes["neither"] else ""
    shares = f"{votes['share_a']}% for {a}, {votes['share_b']}% for {b}"
    panels = [
        "no verdict yet" if panel is None else f"{panel}%"
        for panel in (result["panel_a"], result["panel_b"])
    ]
    return (
        f"{a} vs {b}",
        f"{votes['votes']} votes: {shares}{neither}.",
        f"The panel: {panels[0]} for {a}, {panels[1]} for {b}.",
        result["url"],
    )


def _long(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"


def lines_of(issue: dict[str, Any], count: int) -> list[InALine]:
    """The last so many match-ups in one line each."""
    return [_line(item) for item in issue["items"][len(issue["items"]) - count :]]


def _match_up(item: dict[str, Any], archive_url: str) -> MatchUp:
    a, b = item["tool_a"], item["tool_b"]
    title = f"{a['name']} vs {b['name']}"
    body = _line(item) if item["numbers"] is None else _in_full(item, archive_url)
    return MatchUp(title, (title, _share(a), _share(b)), body)


def _in_full(item: dict[str, Any], archive_url: str) -> InFull:
    tools = {"a": item["tool_a"], "b": item["tool_b"]}
    categories = dict.fromkeys(tool["category"] for tool in tools.values() if tool["category"])
    return InFull(
        categories=" / ".join(categories),
        verdict=" ".join(filter(None, (item["numbers"], item["case"]))),
        tools=tuple(_tool(tool, side, item["reader_votes"]) for side, tool in tools.items()),
        quotes=tuple(_quote(quote, tools) for quote in item["quotes"]),
        link=(_where(item, archive_url), item["url"]),
    )


def _tool(tool: dict[str, Any], side: str, ours: dict[str, Any] | None) -> tuple[str, ...]:
    panel, community = tool["panel_percent"], tool["community_percent"]
    votes = [] if community is None else [f"{community}%"]
    if ours:
        votes.append(f"{ours[f'share_{side}']}% of {ours['votes']} reader votes")
    return (
        tool["name"],
        tool["tagline"] or "Not stated",
        "No panel verdict yet" if panel is None else f"{panel}% {tool['verdict']}",
        " ".join(votes) or "No votes yet",
        tool["entry"] or "Not stated",
    )


def _quote(quote: dict[str, Any], tools: dict[str, Any]) -> tuple[str, ...]:
    about = f"{STANCES[quote['stance']]} {tools[quote['side']]['name']}"
    if quote["by"] == "editor":
        return about, "Editor's note", quote["text"]
    by = f"Reviewer {quote['reviewer']} of {quote['reviewers']}"
    return about, by, f"“{quote['text']}{' …' if quote['cut'] else ''}”"


def _where(item: dict[str, Any], archive_url: str) -> str:
    reviews = item["tool_a"]["reviews"] + item["tool_b"]["reviews"]
    if item["url"] == f"{archive_url}#{item['anchor']}":
        return "Find it in the archive"
    return f"Read all {reviews} reviews" if reviews > 1 else "Read the comparison"


def _line(item: dict[str, Any]) -> InALine:
    outcome, tools = item["outcome"], [item["tool_a"], item["tool_b"]]
    if outcome["standing"] == "leads":
        ahead, behind = tools if outcome["leader"] == "a" else reversed(tools)
        result = f"{ahead['name']} leads, {_share(ahead)} against {_share(behind)}"
    elif outcome["standing"] == "tie":
        result = f"A tie at {_share(tools[0])}"
    else:
        unjudged, judged = sorted(tools, key=lambda tool: tool["panel_percent"] is not None)
        result = "No panel verdict yet"
        if judged["panel_percent"] is not None:
            result += f" on {unjudged['name']}; {_share(judged)} would ship {judged['name']}"
    return InALine(result, item["url"])


def _share(tool: dict[str, Any]) -> str:
    percent = tool["panel_percent"]
    return "no verdict yet" if percent is None else f"{percent}%"
