"""What in an editor's words looks like somebody else's: quotation marks and reviewers' numbers. Pure."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from newsletter.content.verdicts.sentences import split
from newsletter.rendering.checks.quotes import QUOTED

# A single mark may be an apostrophe, so it counts only as a pair around two or more words.
_SINGLES = r"(?<!\w)[‘‚‛']((?:[^\s‘‚‛'’]|(?<=\w)['’](?=\w))+\s[^\n]*?)(?<=\S)['’‘](?!\w)"
_IN_MARKS = re.compile(
    r"“([^”]*)”|[„‟]([^“”„‟\"]*)[“”\"]|«([^»]*)»|»([^«»]*)«|‹([^›]*)›|›([^‹›]*)‹|"
    r"”([^”]*)”|»([^»]*)»|[❝〝]([^❞〞〟]*)[❞〞〟]|「([^」]*)」|『([^』]*)』|"
    r"(?<!\d)\"([^\"]*)\"|" + _SINGLES
)
_DOUBLES = re.compile(r"[“”„‟«»‹›❝❞〝〞〟「」『』]|(?<!\d)\"")
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_REVIEWER = re.compile(
    rf"\breviewer\W{{0,3}}(?:(?:no|number|nr)\b\W{{0,2}})?(\d+|{'|'.join(_NUMBERS)})\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Said:
    """A piece in quotation marks.

    Attributes:
        text: between the marks.
        reviewers: the numbers of those it may be of; empty when nobody is named.
    """

    text: str
    reviewers: frozenset[str] = frozenset()


def in_our_marks(text: str) -> str:
    """Give the text with “these” for quotation marks of every other kind."""
    return _IN_MARKS.sub(lambda found: f"“{next(filter(None, found.groups()), '')}”", text)


def looks_quoted(text: str) -> bool:
    """Say whether there is any quotation mark, or a pair of single ones around several words."""
    shown = unicodedata.normalize("NFKC", text)
    return bool(_DOUBLES.search(shown) or _IN_MARKS.search(shown))


def names_a_reviewer(text: str) -> bool:
    """Say whether a reviewer is named by number, in digits or in words."""
    shown = unicodedata.normalize("NFKC", text).casefold()
    return bool(_REVIEWER.search(shown.replace("reviewers", "reviewer")))


def has_a_lone_mark(text: str) -> bool:
    """Say whether a quotation mark is left without its partner; ``text`` is in our marks."""
    return bool(_DOUBLES.search(QUOTED.sub("", text)))


def quoted(text: str) -> Iterator[Said]:
    """Give what stands in quotation marks, each piece with the reviewers it is laid upon.

    A number in brackets behind a piece is that piece's. The others in a sentence are dealt out in
    order when there are as many as pieces; otherwise each piece may be of any of them.

    Args:
        text: in our marks.
    """
    for sentence in split(text):
        pieces: list[tuple[str, str]] = QUOTED.findall(sentence.text)
        others = _named(QUOTED.sub("", sentence.text))
        loose = [piece for piece, number in pieces if not number]
        for piece, number in pieces:
            if number:
                yield Said(piece, frozenset({number}))
            elif len(loose) == len(others):
                yield Said(piece, frozenset({others[loose.index(piece)]}))
            else:
                yield Said(piece, frozenset(others))


def _named(text: str) -> list[str]:
    found = (number.casefold() for number in _REVIEWER.findall(text))
    return [str(_NUMBERS.index(one) + 1) if one in _NUMBERS else str(int(one)) for one in found]
