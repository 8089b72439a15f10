"""What differs between two letters, card by card, over their text parts. Pure."""

import difflib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["same", "came", "went"]
State = Literal["new", "gone", "changed", "same"]

_RULE = "-" * 72
_END = "-- "
_NUMBERED = re.compile(r"\d+\. ")
_VOTE = re.compile(r"(\[vote\]\?[ab])=\d+")
_AROUND = 1
"""Unchanged lines shown beside a change."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as it is compared.

    Attributes:
        subject: of it.
        preheader: of it.
        text: the text part, as ``rendering.rendered.without_marks`` gives it.
    """

    subject: str
    preheader: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line, and what became of it; None stands for lines that are the same and left out."""

    kind: Kind
    words: str | None


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the letter.

    Attributes:
        name: of a card its match-up.
        state: what became of it.
        lines: what changed, with a little around it; all of them where it came or went.
    """

    name: str
    state: State
    lines: tuple[Line, ...]


def difference(before: Letter, after: Letter, titles: Collection[str]) -> list[Section]:
    """Compare two letters part by part, in the order of the later one; what went comes last.

    Args:
        before: the earlier one.
        after: the later one.
        titles: of the match-ups in either, by which cards are known.
    """
    was, now = _parts(before, titles), _parts(after, titles)
    names = [*now, *(name for name in was if name not in now)]
    return [_section(name, was.get(name), now.get(name)) for name in names]


def _parts(letter: Letter, titles: Collection[str]) -> Mapping[str, list[str]]:
    parts = {"Subject": [letter.subject], "Preheader": [letter.preheader]}
    body, _, end = letter.text.partition(f"\n{_END}\n")
    opening, *others = body.split(f"\n{_RULE}\n")
    parts["Opening"] = _lines(opening)
    for other in others:
        parts[_name(other, titles)] = _lines(_NUMBERED.sub("", other.lstrip("\n"), count=1))
    parts["End"] = _lines(end)
    return parts


def _lines(text: str) -> list[str]:
    """Give the lines; at which place a card stands is seen in the opening, and not in its votes."""
    return _VOTE.sub(r"\1", text.strip("\n")).splitlines()


def _name(part: str, titles: Collection[str]) -> str:
    """Name a part: a card by its match-up, whatever its number; any other by its first line."""
    heading = part.strip("\n").split("\n\n", 1)[0]
    if not (number := _NUMBERED.match(heading)):
        return re.sub(r"\d+ ", "", heading.partition("\n")[0]) or "More"
    said = " ".join(heading[number.end() :].split())
    fitting = [title for title in titles if said.startswith(" ".join(title.split()))]
    return max(fitting, key=len, default=heading[number.end() :].partition("\n")[0])


def _section(name: str, was: Sequence[str] | None, now: Sequence[str] | None) -> Section:
    if was is None:
        return Section(name, "new", tuple(Line("came", line) for line in now or ()))
    if now is None:
        return Section(name, "gone", tuple(Line("went", line) for line in was))
    if list(was) == list(now):
        return Section(name, "same", ())
    return Section(name, "changed", tuple(_changes(was, now)))


def _changes(was: Sequence[str], now: Sequence[str]) -> Iterator[Line]:
    matcher = difflib.SequenceMatcher(None, was, now, autojunk=False)
    for place, group in enumerate(matcher.get_grouped_opcodes(_AROUND)):
        if place:
            yield Line("same", None)
        for what, from_was, to_was, from_now, to_now in group:
            if what == "equal":
                yield from (Line("same", line) for line in was[from_was:to_was])
                continue
            yield from (Line("went", line) for line in was[from_was:to_was])
            yield from (Line("came", line) for line in now[from_now:to_now])
