"""What mail programs do to a letter, as pure functions over its HTML, and what breaks by it.

Approximations, of the kind that is usual: they show the rule a program goes by, not its every whim.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from newsletter.rendering.checks.finding import Finding
from newsletter.rendering.checks.media import LIGHT, PHONE
from newsletter.rendering.emulation import breaks, inverted, stripped, word
from newsletter.rendering.emulation.breaks import FORCED


@dataclass(frozen=True, slots=True)
class Emulation:
    """What one kind of program does.

    Attributes:
        words: what it is called.
        told: what is done to the letter, and by whom, in one sentence.
        change: does it to the HTML.
        broken: finds what breaks, from the HTML before and after.
    """

    words: str
    told: str
    change: Callable[[str], str]
    broken: Callable[[str, str], list[Finding]]


def _stripped(before: str, after: str) -> list[Finding]:
    return [*breaks.between(before, after, (LIGHT, PHONE)), *breaks.too_wide(after)]


def _inverted(before: str, after: str) -> list[Finding]:
    return [*breaks.between(before, after, (FORCED,)), *breaks.painted(after)]


def _word(before: str, after: str) -> list[Finding]:
    return [*breaks.between(before, after, (LIGHT,)), *word.losses(before)]


EMULATIONS: Mapping[str, Emulation] = {
    "stripped": Emulation(
        "Style sheets stripped",
        "As in the Gmail app with an account of another provider: every style element is gone, "
        "what stands at the elements themselves stays.",
        stripped.without_sheets,
        _stripped,
    ),
    "inverted": Emulation(
        "Forced dark",
        "As where a program turns every colour over by itself: light becomes dark and dark light, "
        "and the letter's own dark colours are not asked.",
        inverted.turned_over,
        _inverted,
    ),
    "word": Emulation(
        "Like Word",
        "As in Outlook on Windows, which lays letters out as Word does: what is meant for it alone "
        "is shown; media queries, rounded corners and the largest widths are not known.",
        word.as_word,
        _word,
    ),
}


def broken(name: str, before: str, after: str) -> list[Finding]:
    """Give what breaks by what a program did to a letter, each thing once.

    Args:
        name: of ``EMULATIONS``.
        before: the HTML as it leaves, with its marks filled.
        after: what the program made of it.
    """
    return list(dict.fromkeys(EMULATIONS[name].broken(before, after)))
