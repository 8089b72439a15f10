"""What a check says, and the shape of a rule."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from newsletter.rendering.checks.letter import Letter

Level = Literal["block", "hold", "note"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong or odd.

    Attributes:
        code: stable name of the rule.
        level: "block" never leaves; "hold" waits for an editor; "note" is only told.
        message: what is wrong and what to do, in one sentence.
        where: the part or the match-up it was found in.
    """

    code: str
    level: Level
    message: str
    where: str


Rule = Callable[[Letter], Iterator[Finding]]


def code_of(rule: Rule) -> str:
    """Give the one code of a rule: its name, written with hyphens."""
    return rule.__name__.replace("_", "-")
