"""The table of cues, one file for each voice; widening the extraction means adding rows here."""

from newsletter.content.verdicts.cues.adjectives import ADJECTIVES
from newsletter.content.verdicts.cues.builder import BUILDER
from newsletter.content.verdicts.cues.business import BUSINESS
from newsletter.content.verdicts.cues.cue import Cue
from newsletter.content.verdicts.cues.designer import DESIGNER
from newsletter.content.verdicts.cues.futurist import FUTURIST
from newsletter.content.verdicts.cues.skeptic import SKEPTIC
from newsletter.content.verdicts.cues.verdict_words import VERDICT_WORDS

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
