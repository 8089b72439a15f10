"""What a cue is: a phrase in a small notation, the weight it carries, and proof that it works."""

import re
from dataclasses import dataclass, field
from functools import cache

from newsletter.content.verdicts.cues.classes import CLASSES

_APOSTROPHE = "['’]"
_DENIAL = r"(?:no|not|never|hardly|barely|far|less|neither|nor)\b|\w+n['’]t\b"
_WORD_BETWEEN = rf"(?:(?!{_DENIAL})[\w'’%$.-]+\s)"
_END_OF_THOUGHT = (
    r"(?=\W*$|[^\w\s-]|\s—|\s(?:and|at|because|but|for|if|now|on|today|until|when|yet)\b)"
)
_SPECIAL = {
    "…": _WORD_BETWEEN + "{0,3}",
    "……": _WORD_BETWEEN + "{0,8}",
    "^": r"^[\"“(]?",
    "$": _END_OF_THOUGHT,
}


@dataclass(frozen=True, slots=True)
class Cue:
    """A phrase that tells what its sentence argues for.

    The notation, word by word: ``a|b`` is either, ``word?`` may be left out, ``word*`` goes on,
    ``no_one`` is two words where one is expected, ``<fails>`` is any word of a class in
    ``classes.py``, ``…`` stands for up to three words that deny nothing and ``……`` for up to
    eight, ``^`` for the start of the piece and ``$`` for the end of a thought. Where two cues
    overlap the longer one counts, so a phrase with its own negation ("not a wrapper") overrules
    the bare one ("wrapper").

    Attributes:
        phrase: what to look for, in the notation above.
        weight: above zero speaks for the tool, below against it; zero silences shorter cues.
            4 for verdict words, 2 or 3 for phrases of the trade, 1 for adjectives.
        example: a sentence with this phrase, checked by a test.
        foil: a sentence that looks alike and must get no stance, checked by a test.
        main: counts only in a main clause: "it crashes" and not "a test that crashes".
        anchors: words of which a text must hold one before the pattern is worth a search.
    """

    phrase: str
    weight: int
    example: str
    foil: str | None = None
    main: bool = False
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
    if token in _SPECIAL:
        return _SPECIAL[token]
    either = "|".join(_word(word) for word in _alternatives(token))
    return rf"(?:(?:{either})\s)?" if token.endswith("?") else rf"(?:{either})\s"


def _alternatives(token: str) -> list[str]:
    words = token.removesuffix("?").split("|")
    return [each for word in words for each in _of_class(word)]


def _of_class(word: str) -> tuple[str, ...]:
    if word.endswith(","):
        return tuple(f"{each}," for each in _of_class(word[:-1]))
    return CLASSES.get(word, (word,))


def _word(word: str) -> str:
    stem = re.escape(word.removesuffix("*")).replace("'", _APOSTROPHE).replace("_", r"\s")
    return stem + r"[\w-]*" if word.endswith("*") else stem


def _anchors(phrase: str) -> frozenset[str]:
    """Pick the token least likely to be in a text by chance: the one of the longest words."""
    fixed = [
        [word.lower() for word in _alternatives(token)]
        for token in phrase.split()
        if token not in _SPECIAL and not token.endswith("?")
    ]
    whole = [words for words in fixed if not any("*" in word for word in words)]
    rarest = max(whole, key=lambda words: min(map(len, words)) - len(words) / 10)
    return frozenset(max(word.rstrip(",").split("_"), key=len) for word in rarest)
