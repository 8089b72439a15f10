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
        "is_not|are_not|was_not|isn't|aren't|wasn't|is_hardly|is_barely very|really|particularly|especially? good|great|reliable|accurate|usable|fast|convincing|stable|finished|pleasant|readable|precise|polished",
        -2,
        "The export is not very reliable.",
        foil="It is not that the export is good.",
    ),
    Cue(
        "<praised> and|but|yet <praised>",
        +2,
        "The motion is quick and quiet.",
        foil="No index is both quick and quiet.",
    ),
    Cue(
        "<blamed> and|yet <blamed>",
        -2,
        "The motion is slow and noisy.",
        foil="It was never slow and noisy.",
    ),
    Cue(
        "brilliant|brilliantly|outstanding|stunning|magnificent", +2, "The new index is brilliant."
    ),
    Cue(
        "fantastic|amazing|awesome|terrific|splendid|marvellous|wonderful",
        +1,
        "The index is terrific.",
    ),
    Cue("delightful|delightfully|charming|endearing", +1, "The empty page is charming."),
    Cue("ingenious|inventive|inspired", +1, "The undo is ingenious."),
    Cue("trustworthy|dignified|humane", +1, "The notice is trustworthy."),
    Cue("flawless|flawlessly|impeccable|immaculate", +2, "The masks are flawless."),
    Cue("graceful|gracefully", +1, "The errors are graceful."),
    Cue("meticulous|meticulously|painstaking", +2, "The log is meticulous."),
    Cue("generous|affordable", +1, "The free tier is generous."),
    Cue(
        "terrible|awful|dreadful|horrible|atrocious|abysmal|dismal|appalling",
        -2,
        "The search is awful.",
        foil="I gave it a terrible logo on purpose.",
    ),
    Cue("a|an|my|our|with|in|of terrible|awful|dreadful|horrible", 0, "I gave it a terrible logo."),
    Cue("ridiculous|absurd|laughable|silly|farcical", -1, "The limit is absurd."),
    Cue("embarrassing|shameful|disgraceful|insulting", -2, "The sample is embarrassing."),
    Cue("infuriating|maddening|exasperating|exhausting|tiresome", -2, "The timer is infuriating."),
    Cue("disappointment|letdown|let-down|dud|flop|failure", -1, "The sequel is a letdown."),
    Cue("dishonest|deceptive|manipulative|predatory|sneaky", -2, "The upgrade page is deceptive."),
    Cue("reckless|negligent|irresponsible|careless", -2, "The default is reckless."),
    Cue("redundant|superfluous|unnecessary|needless|needlessly", -1, "The tour is superfluous."),
    Cue(
        "creepy|invasive|spooky", -2, "The reminder is creepy.", foil="Nothing about it is creepy."
    ),
    Cue(
        "baffling|bewildering|incomprehensible|impenetrable|inscrutable",
        -2,
        "The index is baffling.",
    ),
    Cue("half-hearted|perfunctory|lazy|sloppy|slapdash", -2, "The port is half-hearted."),
    Cue(
        "ill-conceived|misguided|wrongheaded|wrong-headed|short-sighted|shortsighted",
        -2,
        "The plan is misguided.",
    ),
    Cue("hollow|soulless|lifeless|sterile|bland", -1, "Its prose is soulless."),
    Cue(
        "overkill|overbuilt|overengineered|over-engineered|overcomplicated",
        -2,
        "For two people it is overkill.",
    ),
)
