"""The text part read back: paragraphs, their wrapping undone."""

import re
from collections.abc import Iterator
from itertools import takewhile

from tests.newsletter.rendering.forms.told import InALine, InFull, MatchUp, Told, Voted

_GLANCE = re.compile(r" *(no verdict yet|\d+%) : (no verdict yet|\d+%) {2,}(.*)", re.DOTALL)
_FACT = re.compile(r"^ {4}(In short|Panel ship|Community|Entry price) +", re.MULTILINE)
_QUESTION = "Which one would you ship?"


def read_text(text: str) -> Told:
    letter, _ = text.split("\n-- \n")
    head, *sections = letter.split(f"\n{'-' * 72}\n")
    headline, *intro, about, _, glance = _paragraphs(head)
    number, day = re.findall(r", issue (\d+), (.*)", _unwrapped(about.partition("\nView")[0]))[0]
    blocks = [_paragraphs(section) for section in sections]
    *votes, voted = [None, *(_voted(one) for one in blocks if one[0].startswith("How you voted"))]
    bodies = [body for one in blocks[: len(blocks) - len(votes)] for body in _bodies(one)]
    return Told(
        headline=_unwrapped(headline),
        intro=_unwrapped("".join(intro)),
        number_and_date=(number, day),
        match_ups=tuple(
            MatchUp(title, line, body)
            for line, (title, body) in zip(_glance(glance), bodies, strict=True)
        ),
        voted=voted,
    )


def _voted(paragraphs: list[str]) -> Voted:
    heading, counted, *results = paragraphs
    return Voted(heading, _unwrapped(counted), tuple(_result(one) for one in results))


def _result(paragraph: str) -> tuple[str, str, str, str]:
    words, url = paragraph.rsplit("\n", 1)
    title, votes, panel = re.fullmatch(
        r"(.*) (\d+ votes: .*) (The panel: .*)", _unwrapped(words)
    ).groups()  # type: ignore[union-attr]
    return title, votes, panel, url


def _glance(block: str) -> Iterator[tuple[str, str, str]]:
    for line in re.split(r"\n(?! {17})", block):
        left, right, title = _GLANCE.fullmatch(line).groups()  # type: ignore[union-attr]
        yield _unwrapped(title), left, right


def _bodies(paragraphs: list[str]) -> list[tuple[str, InFull | InALine]]:
    if paragraphs[0].startswith("And "):
        return [_line(paragraph) for paragraph in paragraphs[1:]]
    place, verdict, a, b, *rest = paragraphs
    quotes = takewhile(lambda paragraph: not paragraph.startswith(_QUESTION), rest[:-1])
    tools = (_tool(a), _tool(b))
    words, url = rest[-1].rsplit("\n", 1)
    title, categories = _cut(
        _unwrapped(place).partition(". ")[2], f"{tools[0][0]} vs {tools[1][0]}"
    )
    body = InFull(
        categories=categories,
        verdict=_unwrapped(verdict).removeprefix("Verdict. "),
        tools=tools,
        quotes=tuple(_quote(quote) for quote in quotes),
        link=(_unwrapped(words).removesuffix(":"), url),
    )
    return [(title, body)]


def _cut(place: str, title: str) -> tuple[str, str]:
    """Part the title from the categories below it, however both were wrapped."""
    ends = [found.end() for found in re.finditer(r"\S", place)]
    at = ends[len("".join(title.split())) - 1]
    return place[:at], place[at:].strip()


def _tool(paragraph: str) -> tuple[str, ...]:
    name, *facts = _FACT.split(paragraph)
    assert facts[::2] == ["In short", "Panel ship", "Community", "Entry price"]
    return tuple(_unwrapped(part) for part in (name, *facts[1::2]))


def _quote(paragraph: str) -> tuple[str, str, str]:
    label, _, words = paragraph.partition(":\n    ")
    about, _, by = _unwrapped(label).rpartition(", ")
    return about, by[:1].upper() + by[1:], _unwrapped(words)


def _line(paragraph: str) -> tuple[str, InALine]:
    title, result, url = paragraph.split("\n")
    return title, InALine(result, url)


def _paragraphs(text: str) -> list[str]:
    return re.split(r"\n{2,}", text.strip("\n"))


def _unwrapped(text: str) -> str:
    return " ".join(text.split())
