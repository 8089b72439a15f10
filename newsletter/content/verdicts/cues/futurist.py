"""Cues of the futurist, who names the thesis, the dependency and the trend."""

from newsletter.content.verdicts.cues.cue import Cue

FUTURIST = (
    Cue("plausible|credible|smart|coherent|compelling bet|thesis", +2, "That is a plausible bet."),
    Cue("thesis is … sound|right|strong|credible|plausible", +2, "The thesis is right on timing."),
    Cue(
        "thesis is … weak|wrong|vague|thin|shaky|fragile|unfalsifiable",
        -3,
        "The thesis is vague enough to survive any outcome.",
    ),
    Cue(
        "positioned|sits|placed precisely|squarely|exactly|right on",
        +3,
        "It sits squarely on that curve.",
    ),
    Cue(
        "right|good side of the|that|this|a trend|curve|shift|line",
        +3,
        "It is on the right side of the shift.",
    ),
    Cue(
        "wrong side of the|that|this|a trend|curve|shift|line",
        -3,
        "Per-seat is on the wrong side of the curve.",
    ),
    Cue("ahead of the|its curve|trend|market", +2, "Its permission model is ahead of the market."),
    Cue("behind the|its curve|trend|market", -2, "Its pricing is behind the curve."),
    Cue(
        "too|years late|early",
        -2,
        "The product is two years late.",
        foil="One can never be too early.",
    ),
    Cue("not|never|isn't too late|early", 0, "It is not too late for a standard."),
    Cue("dependency to watch", -2, "The dependency to watch is the price of memory."),
    Cue(
        "this|the bet|thesis only works|holds|pays if",
        -3,
        "The bet only pays if phones gain memory.",
    ),
    Cue("stays|remains a niche|curiosity|toy|demo", -2, "It remains a toy."),
    Cue("dead end", -3, "Training on screenshots is a dead end."),
    Cue(
        "bridge|transitional|interim|stopgap technology|product|step|solution",
        -3,
        "It is a transitional product.",
    ),
    Cue("obsolete", -2, "The next browser release makes it obsolete."),
    Cue(
        "gets|be|being absorbed|swallowed|commoditized|commoditised",
        -3,
        "The feature gets absorbed by the platform.",
    ),
    Cue(
        "wedge|window|advantage|edge disappears|closes|vanishes|evaporates|narrows",
        -2,
        "Once phones do this, the wedge disappears.",
    ),
    Cue("window is real|open", +2, "The window is real and it is open now."),
    Cue(
        "compounds|compounding advantage|with|every", +2, "The advantage compounds with every scan."
    ),
    Cue("not|isn't|doesn't|don't|nothing … compound*", -3, "Nothing about this compounds."),
    Cue("right feature|thing|moment|time to", +2, "It is the right moment to own the log."),
    Cue("wrong feature|thing|moment|time to|for", -2, "It is the wrong moment to add seats."),
    Cue("unlocks|enables|makes … possible|practical", +1, "Local search makes this practical."),
    Cue("this|that changes what|how|who", +2, "This changes who can file a patent."),
    Cue(
        "shifts|moves … power|control|leverage to|toward|towards|back",
        +2,
        "It moves control back to the author.",
    ),
    Cue("structural advantage|shift|edge", +2, "Owning the sensor is a structural advantage."),
    Cue(
        "becomes|become|is the infrastructure|default|standard",
        +1,
        "The format becomes the default.",
    ),
    Cue("right trend|curve|shift|side", +2, "It rides the right trend."),
    Cue("trend|shift|curve|line here? is … real|undeniable|irreversible", +2, "The trend is real."),
    Cue(
        "against|fighting the trend|curve|current",
        -3,
        "Per-seat pricing swims against the current.",
    ),
    Cue("point solution", -2, "For now it is a point solution."),
    Cue("platform risk", -2, "Every feature rests on one API, and that is platform risk."),
    Cue(
        "becomes|become|is irrelevant|redundant|unnecessary|pointless",
        -3,
        "The editor learns to do it and the plug-in becomes redundant.",
    ),
)
