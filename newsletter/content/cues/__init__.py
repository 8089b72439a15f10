"""The table of cues, one file for each voice; widening the extraction means adding rows here."""

from newsletter.content.cues.adjectives import ADJECTIVES
from newsletter.content.cues.builder import BUILDER
from newsletter.content.cues.business import BUSINESS
from newsletter.content.cues.cue import Cue
from newsletter.content.cues.designer import DESIGNER
from newsletter.content.cues.futurist import FUTURIST
from newsletter.content.cues.skeptic import SKEPTIC
from newsletter.content.cues.verdict_words import VERDICT_WORDS

CUES: tuple[Cue, ...] = (
    *VERDICT_WORDS,
    *BUILDER,
    *SKEPTIC,
    *FUTURIST,
    *BUSINESS,
    *DESIGNER,
    *ADJECTIVES,
)

__all__ = ["CUES", "Cue"]
