"""What the table of a card has to say: its labels, and the words where the page says nothing. Pure.

The templates have these words too; a letter that is right shows that both agree.
"""

from newsletter.rendering.views import Card, ToolView


def rows(card: Card) -> tuple[tuple[str, tuple[str, str]], ...]:
    """Give each label with its value for the left tool and for the right one."""
    return tuple(
        (label, (value(card.tool_a), value(card.tool_b)))
        for label, value in (
            ("In short", _tagline),
            ("Panel ship", _panel),
            ("Community", _community),
            ("Entry price", _entry),
        )
    )


def _tagline(tool: ToolView) -> str:
    return tool.tagline or "Not stated"


def _panel(tool: ToolView) -> str:
    if tool.panel_percent is None:
        return "No panel verdict yet"
    return f"{tool.panel_percent}% {tool.verdict}"


def _community(tool: ToolView) -> str:
    return "No votes yet" if tool.community_percent is None else f"{tool.community_percent}%"


def _entry(tool: ToolView) -> str:
    return tool.entry or "Not stated"
