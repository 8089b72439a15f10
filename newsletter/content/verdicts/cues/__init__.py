"""The table of cues: one file for each voice, then one for each kind of praise and complaint.

Widening the extraction means adding rows here, each with its example and, where there is one, the
sentence that looks alike and must stay silent.
"""

from newsletter.content.verdicts.cues.adjectives import ADJECTIVES
from newsletter.content.verdicts.cues.blame import BLAME
from newsletter.content.verdicts.cues.builder import BUILDER
from newsletter.content.verdicts.cues.burdens import BURDENS
from newsletter.content.verdicts.cues.business import BUSINESS
from newsletter.content.verdicts.cues.comparisons import COMPARISONS
from newsletter.content.verdicts.cues.contrasts import CONTRASTS
from newsletter.content.verdicts.cues.cue import Cue
from newsletter.content.verdicts.cues.designer import DESIGNER
from newsletter.content.verdicts.cues.failures import FAILURES
from newsletter.content.verdicts.cues.futurist import FUTURIST
from newsletter.content.verdicts.cues.grievances import GRIEVANCES
from newsletter.content.verdicts.cues.keeping import KEEPING
from newsletter.content.verdicts.cues.missing import MISSING
from newsletter.content.verdicts.cues.money import MONEY
from newsletter.content.verdicts.cues.praise import PRAISE
from newsletter.content.verdicts.cues.proofs import PROOFS
from newsletter.content.verdicts.cues.returns import RETURNS
from newsletter.content.verdicts.cues.rewards import REWARDS
from newsletter.content.verdicts.cues.shortfalls import SHORTFALLS
from newsletter.content.verdicts.cues.skeptic import SKEPTIC
from newsletter.content.verdicts.cues.standing import STANDING
from newsletter.content.verdicts.cues.successes import SUCCESSES
from newsletter.content.verdicts.cues.verdict_words import VERDICT_WORDS

CUES: tuple[Cue, ...] = (
    *VERDICT_WORDS,
    *BUILDER,
    *SKEPTIC,
    *FUTURIST,
    *BUSINESS,
    *DESIGNER,
    *MISSING,
    *FAILURES,
    *SHORTFALLS,
    *BURDENS,
    *SUCCESSES,
    *PROOFS,
    *RETURNS,
    *KEEPING,
    *COMPARISONS,
    *STANDING,
    *CONTRASTS,
    *MONEY,
    *PRAISE,
    *REWARDS,
    *BLAME,
    *GRIEVANCES,
    *ADJECTIVES,
)

__all__ = ["CUES", "Cue"]
