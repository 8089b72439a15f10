"""Review text, cleaned without changing a word, and split into sentences with their places."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass

_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f"  # controls other than tab and line ends
    "\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u3164\uffa0"  # soft hyphens and fillers
    "\u200b\u200e\u200f\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb"  # they hide inside words
    "\u202a-\u202e\u2066-\u2069"  # bidi overrides: they can disguise text
    "\U000e0000-\U000e007f"  # tags, readable for machines only
    "\ud800-\udfff\ufffe\uffff]"  # no characters at all; the mail compiler dies of them
)
_BLANKS = re.compile(r"\s{2,}|[\t\n\r\x85\u2028\u2029]")

_ABBREVIATIONS = frozenset(
    [
        "approx",
        "ca",
        "cf",
        "dept",
        "dr",
        "e.g",
        "eg",
        "est",
        "fig",
        "i.e",
        "ie",
        "jr",
        "mr",
        "mrs",
        "ms",
        "mt",
        "prof",
        "sr",
        "st",
        "ver",
        "viz",
        "vol",
        "vs",
    ]
)
# These may close a sentence too; then only a word that can hardly follow them inside one decides.
_DOUBTFUL = frozenset(
    ["a.m", "al", "co", "corp", "etc", "inc", "ltd", "no", "p.m", "ph.d", "u.k", "u.s"]
)
_STARTER = re.compile(
    r"(?:A|An|And|As|At|But|Every|For|He|How|I|If|In|It|Its|My|No|Not|Nothing|On|One|Our|She|So"
    r"|Still|That|The|Their|There|These|They|This|Those|Until|We|What|When|Where|Which|While|Who"
    r"|Why|With|You|Your)\b"
)
_STOP = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s+(?P<next>\S+))")
_OPENS_SENTENCE = re.compile(r"[\"'“‘(\[`]*[^\W_a-z]|[\"“‘(\[`]")
_HELD_TOGETHER = re.compile(r"`[^`]*`|\([^()]*\)|\[[^\[\]]*\]|“[^“”]*”|\"[^\"]{,300}\"")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a text: ``text == source[start:end]``."""

    text: str
    start: int

    @property
    def end(self) -> int:
        """The offset just behind the last character."""
        return self.start + len(self.text)


def clean(text: str) -> str:
    """Give the text as it may be shown: NFC, nothing unseen, single blanks.

    Ordinary text comes back equal, so that a quote stays an exact substring of its source.
    """
    seen = unicodedata.normalize("NFC", _UNSEEN.sub("", text))
    return _BLANKS.sub(" ", seen).strip()


def split(text: str, *, names: Collection[str] = ()) -> tuple[Sentence, ...]:
    """Split cleaned text into sentences; only the blanks between them are lost.

    Args:
        text: what to split.
        names: names that may open a sentence although they begin with a small letter.
    """
    sentences = []
    start = 0
    for end in [*_boundaries(text, tuple(names)), len(text)]:
        piece = text[start:end].strip()
        if piece:
            sentences.append(Sentence(piece, text.index(piece, start)))
        start = end
    return tuple(sentences)


def _boundaries(text: str, names: tuple[str, ...]) -> Iterator[int]:
    together = [match.span() for match in _HELD_TOGETHER.finditer(text)]
    for stop in _STOP.finditer(text):
        inside = any(start < stop.end() < end for start, end in together)
        opens = _OPENS_SENTENCE.match(stop["next"]) or stop["next"].startswith(names)
        if opens and not inside and _ends_sentence(text, stop):
            yield stop.end()


def _ends_sentence(text: str, stop: re.Match[str]) -> bool:
    following = stop["next"]
    if stop.group().rstrip("\"'”’)]") != ".":
        return True
    word = text[: stop.start()].rpartition(" ")[2].lstrip("\"'“‘([`")
    if word.lower() in _ABBREVIATIONS:
        return False
    if word == "No":
        return not following[0].isdigit()
    if word.lower() in _DOUBTFUL or _is_initial(word):
        return bool(_STARTER.match(following))
    return True


def _is_initial(word: str) -> bool:
    return len(word.rpartition(".")[2]) == 1 and word.replace(".", "").isalpha() and word != "I"
