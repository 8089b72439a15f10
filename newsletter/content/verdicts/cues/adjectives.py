"""The weakest cues: single words of praise and blame; one alone never makes a quote."""

from newsletter.content.verdicts.cues.cue import Cue

ADJECTIVES = (
    Cue("elegant|elegantly", +1, "The schema is elegant."),
    Cue("polished", +1, "The installer is polished."),
    Cue("thoughtful|thoughtfully", +1, "The defaults are thoughtful."),
    Cue("useful", +1, "The trace view is useful."),
    Cue(
        "genuinely|really|actually|surprisingly useful|good|clever|well",
        +2,
        "It is genuinely useful.",
    ),
    Cue("impressive|remarkable", +1, "The recall is impressive."),
    Cue("reliable|dependable", +1, "The sync is reliable."),
    Cue("credible", +1, "The roadmap is credible."),
    Cue("excellent|superb", +1, "The editor is superb."),
    Cue("tidy|clean", +1, "The API is tidy."),
    Cue("brittle|fragile|flaky", -1, "The selectors are brittle."),
    Cue("opaque|murky", -1, "The scoring is opaque."),
    Cue("bloated|clumsy|messy", -1, "The bundle is bloated."),
    Cue("vague|unclear", -1, "The retention rule is vague."),
    Cue("expensive|overpriced", -1, "The top tier is expensive."),
    Cue("immature|shaky", -1, "The Windows port is shaky."),
    Cue("disappointing|frustrating|annoying", -1, "Search is frustrating."),
    Cue("<is> both|so|also|still|all? <praised>", +1, "The search is fast."),
    Cue("<is> both|so|also|still|all? <blamed>", -1, "The search is slow."),
    Cue("<very> <praised>", +2, "The type is unusually clear.", foil="It is not very clear."),
    Cue(
        "<very> <blamed>", -2, "The search is painfully slow.", foil="It was never painfully slow."
    ),
    Cue(
        "not|isn't|aren't|wasn't|hardly|barely very|really|particularly|especially? good|great|reliable|accurate|usable|fast|convincing|stable|finished|pleasant|readable|precise|polished",
        -2,
        "The export is not very reliable.",
        foil="It is not that the export is good.",
    ),
)
