"""What a cue is: a phrase in a small notation, the weight it carries, and proof that it works."""

import re
from dataclasses import dataclass, field
from functools import cache

_APOSTROPHE = "['’]"
_DENIAL = r"(?:no|not|never|hardly|barely|far|less|neither|nor)\b|\w+n['’]t\b"
_WORDS_BETWEEN = rf"(?:(?!{_DENIAL})[\w'’%$.-]+\s){{0,3}}"
_END_OF_THOUGHT = (
    r"(?=\W*$|[^\w\s-]|\s—|\s(?:and|at|because|but|for|if|now|on|today|until|when|yet)\b)"
)


@dataclass(frozen=True, slots=True)
class Cue:
    """A phrase that tells what its sentence argues for.

    The notation, word by word: ``a|b`` is either, ``word?`` may be left out, ``word*`` goes on,
    ``no_one`` is two words where one is expected, ``…`` stands for up to three words that deny
    nothing, ``^`` for the start of the piece and ``$`` for the end of a thought. Where two cues
    overlap the longer one counts, so a phrase with its own negation ("not a wrapper") overrules
    the bare one ("wrapper").

    Attributes:
        phrase: what to look for, in the notation above.
        weight: above zero speaks for the tool, below against it; zero silences shorter cues.
            4 for verdict words, 2 or 3 for phrases of the trade, 1 for adjectives.
        example: a sentence with this phrase, checked by a test.
        foil: a sentence that looks alike and must get no stance, checked by a test.
        anchors: words of which a text must hold one before the pattern is worth a search.
    """

    phrase: str
    weight: int
    example: str
    foil: str | None = None
    anchors: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "anchors", _anchors(self.phrase))

    @property
    def pattern(self) -> re.Pattern[str]:
        """The phrase as a pattern, compiled when it is first wanted and then kept."""
        return _compile(self.phrase)


@cache
def _compile(phrase: str) -> re.Pattern[str]:
    pattern = "".join(_token(token) for token in phrase.split())
    pattern = pattern.removesuffix(r"\s").replace(r"\s" + _END_OF_THOUGHT, _END_OF_THOUGHT)
    return re.compile(rf"(?<![\w-]){pattern}(?![\w-])", re.IGNORECASE)


def _token(token: str) -> str:
    special = {"…": _WORDS_BETWEEN, "^": r"^[\"“(]?", "$": _END_OF_THOUGHT}
    if token in special:
        return special[token]
    either = "|".join(_word(word) for word in token.removesuffix("?").split("|"))
    return rf"(?:(?:{either})\s)?" if token.endswith("?") else rf"(?:{either})\s"


def _word(word: str) -> str:
    stem = re.escape(word.removesuffix("*")).replace("'", _APOSTROPHE).replace("_", r"\s")
    return stem + r"[\w-]*" if word.endswith("*") else stem


def _anchors(phrase: str) -> frozenset[str]:
    """Pick the token least likely to be in a text by chance: the one of the longest words."""
    fixed = [
        token.lower().split("|")
        for token in phrase.split()
        if token not in ("…", "^", "$") and not token.endswith("?") and "*" not in token
    ]
    rarest = max(fixed, key=lambda words: min(map(len, words)))
    return frozenset(max(word.rstrip(",").split("_"), key=len) for word in rarest)
