"""Cues of the business reviewer, who asks who pays, why they stay and what it costs to serve."""

from newsletter.content.verdicts.cues.cue import Cue

BUSINESS = (
    Cue(
        "moat is … real|deep|durable|genuine|wide|strong",
        +3,
        "The moat is real: ten years of maps.",
    ),
    Cue("moat|wedge is real but … narrow|thin|shallow|small", 0, "The moat is real but narrow."),
    Cue(
        "moat|wedge is … narrow|thin|shallow|weak|missing|nonexistent|unclear",
        -3,
        "The moat is thin.",
    ),
    Cue(
        "real|genuine|durable|defensible|structural moat",
        +3,
        "Certified readings are a durable moat.",
    ),
    Cue("no|little|zero|without a? real|durable|technical? moat", -3, "There is no moat."),
    Cue(
        "not|isn't|never a|an|the real|durable|defensible? moat", -3, "A head start is not a moat."
    ),
    Cue("moat isn't|is not? the|in", 0, "The moat isn't the model."),
    Cue("defensible", +2, "Regulated archives are a defensible niche."),
    Cue("not|isn't|hardly|barely defensible", -3, "A prompt is not defensible."),
    Cue("real wedge|budget|buyer|segment|pain|demand", +2, "Clinics are a real segment."),
    Cue(
        "no|without a|any|clear|obvious|real? buyer|budget|customer", -3, "There is no clear buyer."
    ),
    Cue(
        "buyer is … clear|obvious|specific|real", +2, "The buyer is clear: whoever signs the audit."
    ),
    Cue("buyer is … unclear|vague|missing|nobody|imaginary", -3, "The buyer is unclear."),
    Cue(
        "pays|paying|pay|paid for itself|themselves",
        +3,
        "It pays for itself after one avoided outage.",
    ),
    Cue("unit economics work|hold|make", +3, "The unit economics work at ten seats."),
    Cue("unit economics don't|break|collapse|fail", -3, "The unit economics break on long calls."),
    Cue(
        "margin|margins is|are … gone|thin|disappear*|negative|squeezed",
        -3,
        "The margins are thin.",
    ),
    Cue("scales with … success|usage|value|outcomes", +2, "The price scales with customer value."),
    Cue(
        "pricing is … honest|fair|simple|transparent|sane|clear",
        +2,
        "The pricing is refreshingly fair.",
    ),
    Cue(
        "pricing is … opaque|confusing|wrong|hostile|missing|unclear", -3, "The pricing is opaque."
    ),
    Cue("pricing … makes sense", +2, "For once the pricing makes sense."),
    Cue(
        "real|genuine|high|creates|create switching costs|cost",
        +2,
        "Ten years of labels create switching costs.",
    ),
    Cue(
        "doesn't|don't|no|zero|without|low … switching costs|cost",
        -3,
        "A plain export means no switching costs.",
    ),
    Cue("business risk here? is", -3, "The business risk is one supplier."),
    Cue("not|isn't building? a business", -3, "They have a launch, not a business."),
    Cue("not|isn't|aren't building a", -2, "They are not building a habit, they are renting one."),
    Cue(
        "isn't|not a viable|standalone|real business|product|company",
        -3,
        "This is not a viable business.",
    ),
    Cue(
        "makes|make this|it viable|work|defensible|fundable",
        +3,
        "The annual contract makes it viable.",
    ),
    Cue(
        "what|that would|could make|makes? this|it viable|work|defensible",
        0,
        "What would make it viable is trust.",
    ),
    Cue("distribution advantage|moat", +2, "Being preinstalled is a distribution advantage."),
    Cue(
        "clear|obvious|natural expansion|upgrade path|story",
        +2,
        "Seats give it a natural upgrade path.",
    ),
    Cue(
        "no|without|any clear|obvious|natural? expansion|upgrade path|story",
        -3,
        "There is no upgrade path.",
    ),
    Cue("churn risk|problem", -3, "Summer is a churn problem."),
    Cue(
        "one|a single? price cut|drop|change away|by|and|from",
        -3,
        "They are one price cut away from zero.",
    ),
    Cue("dropping|cutting prices", -1, "The hosts keep dropping prices."),
    Cue(
        "aligns|align|aligned … with|incentives|customer",
        +2,
        "Paying per closed case aligns both sides with the outcome.",
    ),
    Cue("extremely|very|too thin", -2, "The margin of safety is extremely thin."),
    Cue("nobody|no_one … pays|pay|buys|renews", -3, "Nobody renews a novelty."),
    Cue("a real|genuine|viable|durable business", +3, "Certified archives are a real business."),
    Cue("network effect|effects", +2, "Shared glossaries have network effects."),
    Cue("data flywheel", +2, "Corrections feed a data flywheel."),
    Cue("sticky", +1, "Approval chains are sticky."),
    Cue("only works|work|pays if|while|when", -2, "The economics only work while chips are cheap."),
)
