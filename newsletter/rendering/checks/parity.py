"""Rules that keep both parts saying the same: what the view says, in its order, and nothing else.

All of them block: two parts that differ mean that one of them is wrong, and nobody can tell which
subscriber reads which.
"""

import re
from collections.abc import Iterator, Sequence

from newsletter.rendering.checks.finding import Finding, Rule
from newsletter.rendering.checks.letter import Letter
from newsletter.rendering.checks.sayings import bare
from newsletter.rendering.checks.segments import Segment, segments
from newsletter.rendering.rendered import TOKENS
from newsletter.rendering.views import Card, QuoteView, Row

_NUMBER = re.compile(r"(?<![\w.,])\d+(?![\w%]|\s%)")
_PERCENTAGE = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)\s?%")
_URL = re.compile(r"https?://\S+")
_SIGNS_BETWEEN = 6
"""Dots, colons and quotation marks between a label, the reviewer and the quote."""
_LABELS = {"for": "for", "against": "against", "neutral": "on"}


def text_missing(letter: Letter) -> Iterator[Finding]:
    """There is a text part."""
    if not letter.text.strip():
        told = "The text part is empty; mend its template and build the issue again."
        yield Finding("text-missing", "block", told, "text")


def comparison_missing(letter: Letter) -> Iterator[Finding]:
    """Both parts name all match-ups of the issue, in its order."""
    titles = [bare(row.title) for row in letter.view.match_ups]
    for where, words in letter.spoken:
        if not _in_order(titles, bare(words)):
            told = "It does not name the issue's match-ups in their order; build it again."
            yield Finding("comparison-missing", "block", told, where)


def words_missing(letter: Letter) -> Iterator[Finding]:
    """Both parts say all that the view says of the issue and of each match-up, beside its name."""
    for where, words in letter.spoken:
        said = bare(words)
        for phrase in (letter.view.headline, *letter.view.intro):
            if bare(phrase) not in said:
                yield _missing(phrase, where)
        for segment in segments(letter, where, words):
            for row in segment.rows:
                lost = _lost(row, bare(segment.words), in_full=row in segment.cards)
                if lost:
                    yield _missing(lost, f"{where}: {row.title}")


def quote_mislabelled(letter: Letter) -> Iterator[Finding]:
    """Each quote stands under the label and the number of the reviewer it is from."""
    for where, words in letter.spoken:
        for segment in segments(letter, where, words):
            for card in segment.cards:
                for quote in _mislabelled(card, bare(segment.words).casefold()):
                    told = f"{quote.text[:40]!r} stands under another label; build it again."
                    yield Finding("quote-mislabelled", "block", told, f"{where}: {card.title}")


def percentage_unknown(letter: Letter) -> Iterator[Finding]:
    """A percentage that the templates print is one that the view gives for that match-up."""
    for where, segment, strange in _strange_percentages(letter):
        if not (strange == 0 and segment.lacks_a_share):
            told = f"It shows {strange:g}%, which the comparison does not have; build it again."
            yield Finding("percentage-unknown", "block", told, f"{where}: {segment.title}")


def missing_as_zero(letter: Letter) -> Iterator[Finding]:
    """A dash on the page is "no votes yet", never 0 %."""
    for where, segment, strange in _strange_percentages(letter):
        if strange == 0 and segment.lacks_a_share:
            told = "It shows a missing share as 0%; say in words that it is missing."
            yield Finding("missing-as-zero", "block", told, f"{where}: {segment.title}")


def numbers_differ(letter: Letter) -> Iterator[Finding]:
    """No part holds a number that the other lacks, but for places in the issue.

    The issue's own number and its date have a rule of their own, since a tool may be called so.
    """
    spoken = dict(letter.spoken)
    if len(spoken) == 1:
        return
    html, text = (_numbers(letter, spoken[where]) for where in ("html", "text"))
    for where, alone in (("html", html - text), ("text", text - html)):
        if alone:
            told = f"Only this part says {min(alone)}; bring both parts together."
            yield Finding("numbers-differ", "block", told, where)


def links_differ(letter: Letter) -> Iterator[Finding]:
    """Both parts lead to the same places, to each match-up's page and to the archive."""
    if not letter.text.strip():
        return
    wanted = {row.url for row in letter.view.match_ups} | {letter.view.archive_url}
    wanted |= {result.url for result in letter.view.results}
    html = {url for url in letter.page.urls if _URL.match(url)}
    lost = {
        "html": {*letter.text_links, *wanted} - html,
        "text": {*html, *wanted} - set(letter.text.split()),
    }
    for where, urls in lost.items():
        for url in sorted(url for url in urls if not _is_personal(letter, url))[:1]:
            told = f"The link to {url[:80]!r} is missing; bring both parts together."
            yield Finding("links-differ", "block", told, where)


RULES: tuple[Rule, ...] = (
    text_missing,
    comparison_missing,
    words_missing,
    quote_mislabelled,
    percentage_unknown,
    missing_as_zero,
    numbers_differ,
    links_differ,
)


def _missing(phrase: str, where: str) -> Finding:
    told = f"It does not say {phrase[:60]!r}, as the issue does; build it again."
    return Finding("words-missing", "block", told, where)


def _lost(row: Row, said: str, *, in_full: bool) -> str | None:
    """Name the first thing that is not said of a match-up, or not in the order of its sides."""
    shares = [f"{tool.panel_percent}%" for _, tool in row.tools if tool.panel_percent is not None]
    if not in_full or not isinstance(row, Card):
        return next((share for share in shares if share not in said), None)
    told: list[Sequence[str | None]] = [
        [tool.name for _, tool in row.tools],
        [tool.tagline for _, tool in row.tools],
        [tool.entry for _, tool in row.tools],
        [
            f"{tool.panel_percent}%{tool.verdict}"
            for _, tool in row.tools
            if tool.panel_percent is not None
        ],
        [
            f"{tool.community_percent}%"
            for _, tool in row.tools
            if tool.community_percent is not None
        ],
        [row.numbers, row.case],
        *([quote.text] for quote in row.quotes),
    ]
    for phrases in told:
        given = [phrase for phrase in phrases if phrase]
        if not _in_order([bare(phrase) for phrase in given], said):
            return " … ".join(given)
    return None


def _mislabelled(card: Card, said: str) -> Iterator[QuoteView]:
    """Give the quotes that stand nowhere right behind their own label and reviewer."""
    for quote in card.quotes:
        text = bare(quote.text).casefold()
        label = bare(f"{_LABELS[quote.stance]} {quote.tool}").casefold()
        by = "editor'snote" if quote.by == "editor" else _reviewer(quote)
        heads = [
            said[max(0, at - len(label + by) - _SIGNS_BETWEEN) : at] for at in _all(text, said)
        ]
        if heads and not any(label in head and head.rfind(by) > head.find(label) for head in heads):
            yield quote


def _reviewer(quote: QuoteView) -> str:
    return f"reviewer{quote.reviewer}of{quote.reviewers}"


def _all(phrase: str, said: str) -> Iterator[int]:
    place = said.find(phrase)
    while place >= 0:
        yield place
        place = said.find(phrase, place + 1)


def _strange_percentages(letter: Letter) -> Iterator[tuple[str, Segment, float]]:
    for where, words in letter.spoken:
        for segment in segments(letter, where, words):
            own = by_templates(letter, segment.words)
            shown = {float(share) for share in _PERCENTAGE.findall(own)}
            for strange in sorted(shown - segment.shares):
                yield where, segment, strange


def by_templates(letter: Letter, words: str) -> str:
    """Give what the templates say by themselves, without the links they write out."""
    links = set(letter.text_links)
    unlinked = " ".join(word for word in words.split(" ") if word not in links)
    return letter.sayings.taken_out_of(unlinked)


def _numbers(letter: Letter, words: str) -> set[int]:
    own = by_templates(letter, words)
    places = len(letter.view.match_ups)
    known = {letter.view.number, letter.view.date.day, letter.view.date.year}
    return {number for number in map(int, _NUMBER.findall(own)) if number > places} - known


def _is_personal(letter: Letter, url: str) -> bool:
    return any(letter.marks.get(name) and letter.marks[name] in url for name in TOKENS)


def _in_order(phrases: Sequence[str], said: str) -> bool:
    start = 0
    for phrase in phrases:
        found = said.find(phrase, start)
        if found < 0:
            return False
        start = found + len(phrase)
    return True
