"""What can be told of a piece of text by its words alone: can it stand alone, is it a repeat."""

import re
from functools import lru_cache

_DANGLING = re.compile(
    r"(?:this(?! (?:tool|product|app|release|model|library|editor|service)\b)|that|these|those|it"
    r"|its|they|their|them|he|she|his|her|which|who|and|but|or|so|nor|still|yet|also|however"
    r"|instead|because|then|therefore|meanwhile|once they|when they|by then|until then|everyone else|everything else|otherwise|neither|both|either|same|such|here"
    r"|there|is|are|was|were|has|had|will|would|can|means|meaning)(?:['’]\w+)?\b",
    re.IGNORECASE,
)
_POINTS_OUT = re.compile(
    r"\b(?:they|them|their|those|these|(?:at|by|for|from|in|of|on|to|with) that)\b", re.IGNORECASE
)
_HEDGE = re.compile(
    r"\b(?:if|unless|until|might|may|could|(?<!I )would|should|perhaps|maybe|probably|presumably|assuming"
    r"|depend\w*|as long as|whether|seems?|appears?|potentially|arguably|hopefully)\b",
    re.IGNORECASE,
)
_REPORTED = re.compile(
    r"\b(?:claim\w*|says?|said|argu\w+|promis\w+|pitch\w*|touts?|told|tells|announc\w+|allegedly"
    r"|supposedly|according to|insists?|believes?|markets? (?:it|them)sel\w+)\b",
    re.IGNORECASE,
)
_TURN = re.compile(r"(?:but|however|still|yet|except|though|although|that said)\b", re.IGNORECASE)
_LIMITS = re.compile(r"(?:or|only|not|when|while|as long|provided|assuming|yet)\b", re.IGNORECASE)
_REVERSAL = re.compile(
    r"\b(?:but|unless|if|except|though|although|until|however|still|fine)\b", re.IGNORECASE
)
_SUBORDINATOR = re.compile(
    r"\b(?:that|which|who|whom|whose|what|where|when|if|because)\b", re.IGNORECASE
)
_VERB = re.compile(
    r"\b(?:(?:will|won['’]t|would|can|cannot|could|must|may|might|should|does|do|did|doesn['’]t"
    r"|don['’]t|didn['’]t|can['’]t)(?: not)? \w+"  # a helper and its verb are one
    r"|is|are|was|were|has|have|had|isn['’]t|aren['’]t|wasn['’]t|hasn['’]t|haven['’]t|gets?|gives?"
    r"|goes|makes?|takes?|keeps?|means?|stays?|remains?|becomes?|comes?|earns?|earned|deserves?"
    r"|kills?|sinks?|breaks|fails?|falls|holds?|held|survives?|survived|solves?|ships|works?|needs?"
    r"|wants?|knows?|feels?|looks?|sounds?|reads?|shows?|sits|sets|puts|turns|lets|leaves?|loses?"
    r"|pays?|sells?|buys|costs?|creates?|removes?|deletes?|eliminates?|unlocks?|enables?|changes"
    r"|shifts|moves|respects?|covers|handles|delivers|drops|swallows|hides|leaks|scales|compounds"
    r"|beats|wins|says|tells|treats|teaches|chose|wrote|took|gave|got|went|replaced|caught|saved"
    r"|refuses|refused|forgets|remembers|crashes|crashed|recovers|lacks|depends|assumes|explains"
    r"|overwrites|ignores|invents)\b"
    r"|\b(?:it|that|there|what|he|she|who|here|this)['’]s\b|['’](?:re|ve|ll|m)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+")
_PAIRS = (("(", ")"), ("[", "]"), ("“", "”"))

REPEAT_FROM = 0.5


def dangles(text: str) -> bool:
    """Tell whether the text opens with a word that points at something before it."""
    return bool(_DANGLING.match(text))


def points_out(text: str) -> bool:
    """Tell whether a word inside the text points at something before it: "on that curve"."""
    return bool(_POINTS_OUT.search(text))


def hedges(text: str) -> bool:
    """Tell whether anything is said under a condition or with a doubt."""
    return bool(_HEDGE.search(text))


def reports(text: str) -> bool:
    """Tell whether somebody else's words may be reported."""
    return bool(_REPORTED.search(text))


def turns(text: str) -> bool:
    """Tell whether the text opens by turning against what was said before it."""
    return bool(_TURN.match(text))


def reverses(text: str) -> bool:
    """Tell whether a remainder takes back or limits what it follows."""
    return bool(_LIMITS.match(text) or _REVERSAL.search(text))


def has_main_verb(text: str) -> bool:
    """Tell whether a verb comes before any subordinate clause, or is left after all of them.

    "The decision that earns the ship" has a verb, but it belongs to "that": nothing is said yet.
    """
    subordinators = list(_SUBORDINATOR.finditer(text))
    before = subordinators[0].start() if subordinators else len(text)
    return bool(_VERB.search(text, 0, before)) or len(_VERB.findall(text)) > len(subordinators)


def balanced(text: str) -> bool:
    """Tell whether back-ticks, straight double quotes and brackets all close again."""
    paired = all(text.count(opening) == text.count(closing) for opening, closing in _PAIRS)
    return paired and text.count("`") % 2 == 0 and text.count('"') % 2 == 0


def repeats(text: str, shown: str) -> bool:
    """Tell whether a reader would take the text for one already shown.

    Either holds the other, or more than half of all their words are common to both.
    """
    one, other = _words(text), _words(shown)
    common = len(one & other)
    return text in shown or shown in text or common > REPEAT_FROM * len(one | other)


def names(text: str, name: str) -> bool:
    """Tell whether the text speaks of the tool of that name."""
    return bool(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE))


@lru_cache(maxsize=1024)
def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold()))
