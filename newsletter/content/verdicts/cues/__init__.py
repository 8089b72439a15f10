"""The table of cues, one file for each voice; widening the extraction means adding rows here."""

from newsletter.content.verdicts.cues.adjectives import ADJECTIVES
from newsletter.content.verdicts.cues.builder import BUILDER
from newsletter.content.verdicts.cues.burdens import BURDENS
from newsletter.content.verdicts.cues.business import BUSINESS
from newsletter.content.verdicts.cues.comparisons import COMPARISONS
from newsletter.content.verdicts.cues.cue import Cue
from newsletter.content.verdicts.cues.designer import DESIGNER
from newsletter.content.verdicts.cues.failures import FAILURES
from newsletter.content.verdicts.cues.futurist import FUTURIST
from newsletter.content.verdicts.cues.keeping import KEEPING
from newsletter.content.verdicts.cues.missing import MISSING
from newsletter.content.verdicts.cues.money import MONEY
from newsletter.content.verdicts.cues.skeptic import SKEPTIC
from newsletter.content.verdicts.cues.successes import SUCCESSES
from newsletter.content.verdicts.cues.verdict_words import VERDICT_WORDS

CUES: tuple[Cue, ...] = (
    *VERDICT_WORDS,
    *BUILDER,
    *SKEPTIC,
    *FUTURIST,
    *BUSINESS,
    *DESIGNER,
    *BURDENS,
    *COMPARISONS,
    *FAILURES,
    *KEEPING,
    *MISSING,
    *MONEY,
    *SUCCESSES,
    *ADJECTIVES,
)

__all__ = ["CUES", "Cue"]
