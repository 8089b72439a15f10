"""A part cut into the stretches that belong to each match-up, along its verdicts."""

from dataclasses import dataclass

from newsletter.rendering.checks.letter import Letter
from newsletter.rendering.environment import inert_text
from newsletter.rendering.views import Card, Row


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
    """
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


def _segment(words: str, rows: tuple[Row, ...], cards: tuple[Card, ...], title: str) -> Segment:
    shares = frozenset(share for row in rows for _, tool in row.tools for share in tool.shares)
    return Segment(words, rows, cards, shares, title)


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
