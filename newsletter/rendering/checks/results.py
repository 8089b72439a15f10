"""Rules about readers' votes: shares that can be, and told as they were counted, in both parts.

All of them block: what is said of so many readers is said to all of them.
"""

from collections.abc import Iterator
from itertools import chain

from selectolax.lexbor import LexborNode

from newsletter.rendering.checks.bars import alike, drawn, is_bar, split
from newsletter.rendering.checks.finding import Finding, Rule
from newsletter.rendering.checks.html_part import links_in
from newsletter.rendering.checks.letter import Letter
from newsletter.rendering.checks.sayings import bare
from newsletter.rendering.checks.spoken_results import HEADED, counted, heading, told
from newsletter.rendering.views import IssueView, Share

PLACE = "votes"
"""The place of the block in the HTML part."""

_SIGNATURE = "-- "
_WHOLE = 100


def share_impossible(letter: Letter) -> Iterator[Finding]:
    """Two shares make a hundred, of some votes; and the votes are on an issue before this one."""
    for where, share in _shares(letter.view):
        if share.a + share.b != _WHOLE or min(share.a, share.b, share.neither, share.votes - 1) < 0:
            said = "Its shares of the votes do not make 100% of any votes; build the issue again."
            yield Finding("share-impossible", "block", said, where)
    numbers = {result.issue for result in letter.view.results}
    if len(numbers) > 1 or any(number >= letter.view.number for number in numbers):
        said = "The votes that it tells of are not those of one earlier issue; build it again."
        yield Finding("share-impossible", "block", said, "votes")


def results_wrong(letter: Letter) -> Iterator[Finding]:
    """Both parts tell of each result what the view says, in its order, and nothing else."""
    parts = {"html": _block_in_html, "text": _block_in_text}
    for where, words in letter.spoken:
        said = parts[where](letter) or _elsewhere(letter, words)
        if said != _wanted(letter, where):
            message = "What it tells of readers' votes is not what was counted; mend the template."
            yield Finding("results-wrong", "block", message, where)
    place = _place(letter)
    bars = [drawn(table) for table in (place.css("table") if place else ()) if is_bar(table)]
    if bars and not alike(bars, [split(one.share.a, one.share.b) for one in letter.view.results]):
        message = "A bar of readers' votes is not as long as its share; mend the template."
        yield Finding("results-wrong", "block", message, "html: votes")


RULES: tuple[Rule, ...] = (share_impossible, results_wrong)


def _shares(view: IssueView) -> Iterator[tuple[str, Share]]:
    yield from ((result.title, result.share) for result in view.results)
    yield from ((card.title, card.share) for card in view.cards if card.share)


def _wanted(letter: Letter, where: str) -> tuple[str, ...]:
    """Give the words of the block, bare, then where it leads to."""
    results = letter.view.results
    if not results:
        return ()
    pieces = [(one.title, told(one), one.url if where == "text" else "") for one in results]
    words = bare("".join((heading(results), counted(results), *chain.from_iterable(pieces))))
    return (words, *(one.url for one in results))


def _place(letter: Letter) -> LexborNode | None:
    """Give what the block stands in, heading and all, where there is one."""
    found = letter.page.tree.css_first(f"h2#{PLACE}")
    return found.parent if found else None


def _block_in_html(letter: Letter) -> tuple[str, ...]:
    place = _place(letter)
    if place is None:
        return ()
    return (bare(place.text()), *(link.url for link in links_in(place.css("a"))))


def _block_in_text(letter: Letter) -> tuple[str, ...]:
    lines = letter.text.splitlines()
    starts = [at for at, line in enumerate(lines) if line.startswith(HEADED)]
    if not (starts and letter.view.results):
        return ()  # the words of a reviewer may begin a line so
    block = lines[starts[-1] :]
    if _SIGNATURE in block:
        block = block[: block.index(_SIGNATURE)]
    return (bare("".join(block)), *(line for line in block if line in letter.text_links))


def _elsewhere(letter: Letter, words: str) -> tuple[str, ...]:
    """Give what templates say of votes where there is no block; nothing, as it should be."""
    return (HEADED,) if HEADED in letter.sayings.taken_out_of(words) else ()
