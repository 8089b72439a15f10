"""Rule about sentences that only one part has: what the templates say by themselves, compared."""

import re
from collections.abc import Iterator

from newsletter.rendering.checks.finding import Finding, Rule
from newsletter.rendering.checks.letter import Letter
from newsletter.rendering.checks.parity import by_templates

_WORD = re.compile(r"\b[^\W\d_]{4,20}\b")
_FEW = 4
"""So many words of its own make a sentence; fewer are another turn of phrase."""


def wording_differs(letter: Letter) -> Iterator[Finding]:
    """No part says a sentence of its own; it holds, since a template may word one part otherwise."""
    spoken = {where: _words(letter, words) for where, words in letter.spoken}
    if len(spoken) == 1:
        return
    for where, other in (("html", "text"), ("text", "html")):
        alone = spoken[where] - spoken[other]
        if len(alone) >= _FEW:
            told = f"Only this part says {', '.join(sorted(alone)[:5])}; say it in both or in none."
            yield Finding("wording-differs", "hold", told, where)


RULES: tuple[Rule, ...] = (wording_differs,)


def _words(letter: Letter, words: str) -> set[str]:
    return set(_WORD.findall(by_templates(letter, words).casefold()))
