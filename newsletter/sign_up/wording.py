"""The words people say yes to, under a version: kept in full with every yes."""

from dataclasses import dataclass

VERSION = "2026-11-21"
"""Whoever changes the words below changes this too; it says which words a form showed."""

ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Wording:
    """What was shown beside the button.

    Attributes:
        text: in full.
        version: VERSION, or ELSEWHERE for a form whose words did not come with it.
    """

    text: str
    version: str


def present(name: str) -> Wording:
    """Give the words of our own pages.

    Args:
        name: of the newsletter.
    """
    return Wording(
        f"Send me {name} by e-mail once a week. I can leave at any time with one click.", VERSION
    )


def shown(version: str, name: str, source: str) -> Wording:
    """Give the words that a form showed, as far as it says which.

    The page that the confirmation letter leads to shows ours, so a yes always has its words.

    Args:
        version: as the form brought it; empty for a form that was made for another service.
        name: of the newsletter.
        source: where the form stands.
    """
    if version == VERSION:
        return present(name)
    return Wording(f"The words of a form of somebody else's making: {source}", ELSEWHERE)
