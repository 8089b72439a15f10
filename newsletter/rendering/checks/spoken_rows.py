"""What the table of a card has to say: its labels, and the words where the page says nothing. Pure.

The templates have these words too; a letter that is right shows that both agree.
"""

from newsletter.content.comparison import Side
from newsletter.rendering.views import Card


def rows(card: Card) -> tuple[tuple[str, tuple[str, str]], ...]:
    """Give each label with its value for the left tool and for the right one."""
    return tuple(
        (label, (value(card, "a"), value(card, "b")))
        for label, value in (
            ("In short", _tagline),
            ("Panel ship", _panel),
            ("Community", _community),
            ("Entry price", _entry),
        )
    )


def _tagline(card: Card, side: Side) -> str:
    return card.tool(side).tagline or "Not stated"


def _panel(card: Card, side: Side) -> str:
    tool = card.tool(side)
    if tool.panel_percent is None:
        return "No panel verdict yet"
    return f"{tool.panel_percent}% {tool.verdict}"


def _community(card: Card, side: Side) -> str:
    percent, share = card.tool(side).community_percent, card.share
    said = [] if percent is None else [f"{percent}%"]
    if share is not None:
        said.append(f"{share.of(side)}% of {share.votes} reader vote{'s' * (share.votes != 1)}")
    return " ".join(said) or "No votes yet"


def _entry(card: Card, side: Side) -> str:
    return card.tool(side).entry or "Not stated"
