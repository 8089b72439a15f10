"""Which tool a sentence says the panel prefers, told from its words alone. Pure.

It is shy on purpose: a clause with a doubt, a negation, the community or a condition in it says
nothing here, and "wins on price" is no verdict. What is left are plain claims.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from newsletter.content.comparison import Side
from newsletter.rendering.views import Card, Row, ToolView

_SIGNS: Mapping[Side, str] = {"a": "\ue000", "b": "\ue001"}
_SIDES: Mapping[str, Side] = {sign: side for side, sign in _SIGNS.items()}
_SOMEBODY_ELSE = "\ue002"

_QUOTED = re.compile("“[^”]*”")
_CLAUSE_ENDS = re.compile(
    r"[.;:!?](?=\s|$)|\s[–—-]\s|—|,? (?:but|though|although|while|whereas|yet)\b"
)
_SAYS_NOTHING = re.compile(
    r"\b(?:not|never|neither|nor|no|nobody|none|hardly|barely|almost|nearly|if|unless|whether|could"
    r"|might|may|should|would|will|both|alike|equally|community|votes?|readers?|crowd|price)\b"
    r"|n['’]t\b",
    re.IGNORECASE,
)
_TOOL = "[\ue000\ue001]"
_HOW = r"(?:(?:clearly|narrowly|easily|comfortably|still|just|simply|again|slightly|far|well) )*"
_ELSEWHERE = r"(?! (?:on|in|at|for|when|where|with|the) (?!panel|the panel|the reviewers|score|week|match-up|comparison|race|table))"
_PREFERRED = (
    re.compile(
        r"\b(?:favou?r(?:s|ed)?|prefer(?:s|red)?|lean(?:s|ed|t)? "
        rf"{_HOW}(?:towards?|to)|pick(?:s|ed)?"
        r"|choos(?:es|e)|chose|side[sd]? with|back(?:s|ed)?|(?:goes|went) (?:for|to|with)"
        rf"|recommend(?:s|ed)?|crown(?:s|ed)?) ({_TOOL})(?! (?:and|or|&) {_TOOL})",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?<!and )(?<!or )({_TOOL}) {_HOW}(?:leads?|led|wins?|won|beats?|outscores?|outranks?|tops"
        r"|edges? (?:out|past)|(?:pulls?|stays?|remains?|is|was) "
        rf"{_HOW}(?:ahead|in front|in the lead|favou?red|preferred|better|stronger)"
        rf"|(?:is|was) (?:the )?{_HOW}(?:clear |obvious )?(?:winner|leader|favou?rite|pick|choice)"
        r"|comes? (?:out )?(?:ahead|on top|first|closer)|takes? (?:the lead|this one|the week)"
        rf"|has the (?:edge|lead|advantage|upper hand))\b{_ELSEWHERE}",
        re.IGNORECASE,
    ),
    re.compile(rf"\bputs? ({_TOOL}) {_HOW}(?:ahead|first|in front)\b", re.IGNORECASE),
    re.compile(rf"({_TOOL}) (?:over|{_HOW}ahead of) {_TOOL}", re.IGNORECASE),
)
_TRAILING = re.compile(
    rf"(?<!and )(?<!or )({_TOOL}) {_HOW}(?:trails?|trailed|loses|lost|lags?|(?:is|was) "
    rf"{_HOW}(?:behind|beaten|weaker|worse|the loser|the weaker)|falls? (?:short|behind)"
    rf"|comes? (?:in )?second)\b{_ELSEWHERE}",
    re.IGNORECASE,
)
_BESIDE = (
    re.compile(rf"(?P<share>\d+) ?% (?:for|of the panel would ship|would ship) (?P<tool>{_TOOL})"),
    re.compile(
        rf"(?P<tool>{_TOOL}) (?:(?:is |stands )?at|with|has|gets|got|scores?) (?P<share>\d+) ?%"
    ),
    re.compile(rf"(?P<tool>{_TOOL}) (?P<share>\d+) ?%"),
    re.compile(
        r"(?P<part>\d+|none) of (?:the )?(?P<whole>\d+) "
        rf"(?:reviewers )?(?:for|would ship|backs?) (?P<tool>{_TOOL})"
    ),
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
        for clause in _clauses(sentence, row, others)
        if not _SAYS_NOTHING.search(clause)
        for side in _claims(clause)
    )


def shares_beside(sentence: str, row: Row) -> Iterator[tuple[Side, int]]:
    """Give each share in percent that a sentence puts beside one of the two tools."""
    for clause in _clauses(sentence, row, ()):
        for pattern in _BESIDE:
            for found in pattern.finditer(clause):
                share = _share(found.groupdict())
                if share is not None:
                    yield _SIDES[found["tool"]], share


def without_names(text: str, row: Row, others: Sequence[Row] = ()) -> str:
    """Give the text with every tool's name replaced by one sign that is no letter."""
    signs = {name: _SOMEBODY_ELSE for other in others for _, tool in other.tools
             for name in _names(tool)}  # fmt: skip
    signs |= {name: _SIGNS[side] for side, tool in row.tools for name in _names(tool)}
    for name in sorted(signs, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", signs[name], text)
    return text


def own_words(sentence: str, card: Card) -> str:
    """Give a sentence without the quotes that are proved, and then without names and other quotes.

    Proved ones go first: they may hold names, and quotation marks that match nothing.
    """
    return _QUOTED.sub(" ", without_names(without_proved(sentence, card), card))


def without_proved(sentence: str, card: Card) -> str:
    """Give a sentence without the quotes whose reviews are known."""
    for quote in card.case_quotes:
        if quote.text and quote.text in quote.source:
            sentence = sentence.replace(f"“{quote.text}” (reviewer {quote.reviewer})", " ")
    return sentence


def _clauses(sentence: str, row: Row, others: Sequence[Row]) -> list[str]:
    said = _QUOTED.sub(" ", without_names(sentence, row, others))
    return [" ".join(clause.split()) for clause in _CLAUSE_ENDS.split(said)]


def _claims(clause: str) -> Iterator[Side]:
    for pattern in _PREFERRED:
        yield from (_SIDES[found[1]] for found in pattern.finditer(clause))
    for found in _TRAILING.finditer(clause):
        yield "b" if _SIDES[found[1]] == "a" else "a"


def _names(tool: ToolView) -> Iterator[str]:
    """Give the name and its short form, as second mentions use it."""
    if tool.name:
        yield tool.name
    if tool.brief:
        yield tool.brief


def _share(found: Mapping[str, str | None]) -> int | None:
    """Give a share in percent; "1 of 3" is none that a page would show."""
    if found.get("share"):
        return int(found["share"] or 0)
    part, whole = found.get("part") or "0", int(found.get("whole") or 0)
    counted = 0 if part == "none" else int(part)
    return counted * 100 // whole if whole and counted * 100 % whole == 0 else None
