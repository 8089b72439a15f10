"""A part cut into the stretches that belong to each match-up, along its verdicts."""

from collections.abc import Sequence
from dataclasses import dataclass

from newsletter.rendering.checks.letter import Letter
from newsletter.rendering.checks.spoken_results import heading
from newsletter.rendering.environment import inert_text
from newsletter.rendering.views import Card, Row, VoteResult


@dataclass(frozen=True, slots=True)
class Segment:
    """One stretch of a part.

    Attributes:
        words: what is said in it, blanks collapsed.
        rows: the match-ups that it has to tell of.
        cards: those of them that are shown in full.
        shares: the percentages that may stand in it outside of prose.
        title: what findings call it.
    """

    words: str
    rows: tuple[Row, ...]
    cards: tuple[Card, ...]
    shares: frozenset[int]
    title: str

    @property
    def lacks_a_share(self) -> bool:
        """Whether a share is missing that could be shown as zero."""
        tools = [tool for row in self.rows for _, tool in row.tools]
        return any(None in (tool.panel_percent, tool.community_percent) for tool in tools)


def segments(letter: Letter, where: str, words: str) -> list[Segment]:
    """Cut a part at the first sentence of each card that is shown in full.

    The stretch before the first tells of all match-ups, the last one also of those without a card.
    Where the sentences cannot be told apart, as when one is missing, the whole part is one stretch.
    What is told of an earlier issue's votes, and all behind it, is a stretch of its own.
    """
    words, votes = _apart(letter.view.results, words)
    return [*_of_match_ups(letter, where, words), *votes]


def _of_match_ups(letter: Letter, where: str, words: str) -> list[Segment]:
    cards = letter.cards_in_full
    starts = _starts([_as_said(card, where) for card in cards], words)
    everything = letter.view.match_ups
    if starts is None:
        return [_segment(words, everything, cards, where)]
    short = tuple(row for row in everything if row not in cards)
    found = [_segment(words[: starts[0] if starts else None], everything, (), where)]
    for at, card in enumerate(cards):
        end = starts[at + 1] if at + 1 < len(starts) else None
        rows = (card,) if end is not None else (card, *short)
        found.append(_segment(words[starts[at] : end], rows, (card,), card.title))
    return found


def _apart(results: Sequence[VoteResult], words: str) -> tuple[str, list[Segment]]:
    """Part the words where the block of results begins, if there is one."""
    at = words.rfind(heading(results)) if results else -1
    if at < 0:
        return words, []
    panels = (panel for one in results for panel in (one.panel_a, one.panel_b))
    votes = {share for one in results for share in (one.share.a, one.share.b)}
    shares = frozenset(votes | {panel for panel in panels if panel is not None})
    return words[:at], [Segment(words[at:], (), (), shares, "votes")]


def _segment(words: str, rows: tuple[Row, ...], cards: tuple[Card, ...], title: str) -> Segment:
    shares = {share for row in rows for _, tool in row.tools for share in tool.shares}
    shares |= {share for card in cards if card.share for share in (card.share.a, card.share.b)}
    return Segment(words, rows, cards, frozenset(shares), title)


def _as_said(card: Card, where: str) -> str:
    return " ".join((inert_text(card.numbers) if where == "text" else card.numbers).split())


def _starts(sentences: list[str], words: str) -> list[int] | None:
    """Find where each sentence begins; None when one is missing or stands there too often."""
    starts, place = [], 0
    for sentence in sentences:
        place = words.find(sentence, place)
        if not sentence or place < 0 or words.count(sentence) != sentences.count(sentence):
            return None
        starts.append(place)
        place += len(sentence)
    return starts
