"""Which tool a sentence says the panel prefers, told from its words alone. Pure.

It is shy on purpose: a clause with a doubt, a negation, the community or a condition in it says
nothing here, and "wins on price" is no verdict. What is left are plain claims.
"""

import re
from collections.abc import Iterator, Sequence

from newsletter.content.comparison import Side
from newsletter.rendering.checks.naming import SIDES, TOOL, clauses
from newsletter.rendering.views import Row

_SAYS_NOTHING = re.compile(
    r"\b(?:not|never|neither|nor|no|nobody|none|hardly|barely|almost|nearly|if|unless|whether|could"
    r"|might|may|should|would|will|both|alike|equally|community|votes?|readers?|crowd|price)\b"
    r"|n['’]t\b",
    re.IGNORECASE,
)
_HOW = r"(?:(?:clearly|narrowly|easily|comfortably|still|just|simply|again|slightly|far|well) )*"
_ELSEWHERE = r"(?! (?:on|in|at|for|when|where|with|the) (?!panel|the panel|the reviewers|score|week|match-up|comparison|race|table))"
_PREFERRED = (
    re.compile(
        r"\b(?:favou?r(?:s|ed)?|prefer(?:s|red)?|lean(?:s|ed|t)? "
        rf"{_HOW}(?:towards?|to)|pick(?:s|ed)?"
        r"|choos(?:es|e)|chose|side[sd]? with|back(?:s|ed)?|(?:go(?:es)?|went) (?:for|to|with)"
        r"|(?:the|our|this week['’]s) (?:winner|champion) (?:is|was):?"
        rf"|recommend(?:s|ed)?|crown(?:s|ed)?) ({TOOL})(?! (?:and|or|&) {TOOL})",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?<!and )(?<!or )({TOOL}) {_HOW}(?:leads?|led|wins?|won|beats?|outscores?|outranks?|tops"
        r"|outshines?|dominates?|crush(?:es|ed)?"
        r"|edges? (?:out|past)|(?:pulls?|stays?|remains?|is|was) "
        rf"{_HOW}(?:ahead|in front|in the lead|favou?red|preferred|better|stronger)"
        rf"|(?:is|was) (?:the )?{_HOW}(?:clear |obvious )?(?:winner|leader|favou?rite|pick|choice"
        r"|one to (?:buy|pick|ship|beat))"
        r"|comes? (?:out )?(?:ahead|on top|first|closer)|takes? (?:the lead|this one|the week)"
        rf"|has the (?:edge|lead|advantage|upper hand))\b{_ELSEWHERE}",
        re.IGNORECASE,
    ),
    re.compile(rf"\bputs? ({TOOL}) {_HOW}(?:ahead|first|in front)\b", re.IGNORECASE),
    re.compile(rf"({TOOL}) (?:over|{_HOW}ahead of) {TOOL}", re.IGNORECASE),
)
_TRAILING = re.compile(
    rf"(?<!and )(?<!or )({TOOL}) {_HOW}(?:trails?|trailed|loses|lost|lags?|(?:is|was) "
    rf"{_HOW}(?:behind|beaten|weaker|worse|the loser|the weaker)|falls? (?:short|behind)"
    rf"|comes? (?:in )?second)\b{_ELSEWHERE}",
    re.IGNORECASE,
)


def preferred(sentence: str, row: Row, others: Sequence[Row] = ()) -> frozenset[Side]:
    """Give the sides that a sentence says are ahead; what it quotes is not its own claim.

    Args:
        sentence: one or several, as shown.
        row: the match-up whose tools are meant.
        others: match-ups whose tools may be named too, and are somebody else.
    """
    return frozenset(
        side
        for clause in clauses(sentence, row, others)
        if not _SAYS_NOTHING.search(clause)
        for side in _claims(clause)
    )


def _claims(clause: str) -> Iterator[Side]:
    for pattern in _PREFERRED:
        yield from (SIDES[found[1]] for found in pattern.finditer(clause))
    for found in _TRAILING.finditer(clause):
        yield "b" if SIDES[found[1]] == "a" else "a"
