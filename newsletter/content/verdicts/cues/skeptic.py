"""Cues of the skeptic, who asks what breaks, who does it already and who measured it."""

from newsletter.content.verdicts.cues.cue import Cue

SKEPTIC = (
    Cue(
        "what kills|sinks|hurts|worries this|it|them|me",
        -3,
        "What kills this is a default setting in next year's browser.",
    ),
    Cue("what would|will|could kill|sink this|it|them", -3, "What would kill this is a free tier."),
    Cue("nothing|little … kills|sinks|breaks this|it", +2, "Nothing obvious kills this."),
    Cue(
        "this|it|tool|product breaks when|the|at|as|once|on", -3, "It breaks when two people type."
    ),
    Cue("where this|it breaks|fails|falls", -3, "The scenario where this breaks is a second user."),
    Cue("falls|fall|falling apart", -3, "The layout falls apart on a narrow screen."),
    Cue("doesn't|don't|never|not fall apart", +2, "It does not fall apart under load."),
    Cue("stops working", -2, "It stops working the moment the network does."),
    Cue(
        "problem here? is that|the|what|how|who",
        -3,
        "The problem is that nobody graded the grader.",
    ),
    Cue("the problem it|this solves is", 0, "The problem it solves is older than the web."),
    Cue(
        "real|bigger|core|central|obvious|honest risk|weakness|flaw",
        -3,
        "The real risk is a silent change of model.",
        foil="Backups answer a real problem.",
    ),
    Cue("risk|danger here? is that|the|what|how", -3, "The risk is that the index goes stale."),
    Cue("deal-breaker|dealbreaker|non-starter", -3, "For a hospital that is a deal-breaker."),
    Cue("red flag|flags", -3, "An evaluation behind a login is a red flag."),
    Cue("a flag I", -2, "Self-grading is a flag I raise every time."),
    Cue("cherry-picked|hand-picked", -3, "The samples are cherry-picked."),
    Cue(
        "authored|written|run|graded|published|produced by the? vendor|company|maker|makers|team",
        -2,
        "The evaluation was graded by the vendor.",
    ),
    Cue("no|without independent|third-party|public", -2, "There is no independent measurement."),
    Cue("unverified|unproven|untested|unsubstantiated", -2, "The accuracy figure is unverified."),
    Cue("solution looking|searching for|in", -3, "It is a solution looking for a problem."),
    Cue("solution in search of", -3, "It remains a solution in search of a problem."),
    Cue("vaporware|vapourware|demo-ware|demoware", -3, "So far this is demo-ware."),
    Cue(
        "feature,|capability,|demo,|prompt, not a|an product|company|platform|business|workflow",
        -3,
        "Summaries are a feature, not a product.",
    ),
    Cue("nobody asked for|to", -3, "It is a dashboard nobody asked for."),
    Cue(
        "no|little|any reason|incentive to switch|pay|upgrade|migrate",
        -3,
        "I see no reason to switch.",
    ),
    Cue(
        "don't|doesn't|won't|can't|cannot justify",
        -3,
        "Two saved clicks don't justify the migration.",
    ),
    Cue(
        "already does|do|ships|offers|has this|it|that|exactly",
        -2,
        "Your editor already does this.",
    ),
    Cue("all of which … better", -2, "There are four rivals, all of which have better docs."),
    Cue(
        "historically struggle*|struggled", -2, "Its models have historically struggled with dates."
    ),
    Cue("doesn't|don't|won't fix that|this|it", -2, "A bigger context window doesn't fix that."),
    Cue("simply|just aren't|isn't|not enough", -2, "Forty samples simply aren't enough."),
    Cue("race to the bottom|zero", -3, "Transcription is a race to the bottom."),
    Cue("a commodity", -2, "Speech to text is a commodity by now."),
    Cue("overpromise|overpromises|overpromised|overpromising", -2, "The launch post overpromises."),
    Cue("hand-waving|handwaving|hand-wavy", -2, "The security page is hand-waving."),
    Cue(
        "hold|holds|held|stand|stands|stood up under|against|on|in|across",
        +3,
        "The numbers hold up under a second run.",
        foil="Nobody knows whether the numbers hold up under load.",
    ),
    Cue(
        "hold|holds|held|stand|stands|stood up to a|an|the|any|our|my|his|her|their|scrutiny|use",
        +3,
        "The numbers hold up to scrutiny.",
        foil="The palette holds up to nine inks.",
    ),
    Cue(
        "hold|holds|held|stand|stands|stood up $", +3, "I reran all of it, and the numbers hold up."
    ),
    Cue("don't|doesn't|didn't|not hold|stand up", -3, "The numbers don't hold up."),
    Cue(
        "survives|survived … scrutiny|skepticism|criticism", +3, "The figure survived my scrutiny."
    ),
    Cue("does what it|the says|claims|promises|page|label|readme", +3, "It does what it says."),
    Cue(
        "actually|really|truly delivers|works|helps|listens|answers|remembers|understands|saves|finishes|reads|rolls|undoes|does",
        +2,
        "The undo actually works.",
    ),
    Cue(
        "genuine|real|actual|meaningful|clear differentiat*",
        +3,
        "Offline mode is a genuine differentiator.",
    ),
    Cue("only|first … tool|product|one … that|to", +1, "It is the only tool of the six that logs."),
    Cue("I was wrong", +1, "I was wrong."),
    Cue("I was wrong about|on|in", +1, "I was wrong about the latency."),
    Cue("doesn't|don't|won't|not scale", -3, "Manual review doesn't scale."),
    Cue("scales badly|poorly", -3, "The index scales badly."),
    Cue(
        "genuinely|meaningfully|materially|measurably better|different|new|novel|faster|cheaper",
        +2,
        "The search is measurably better.",
        foil="Nothing about the search is measurably better.",
    ),
    Cue(
        "bundle|bundles|bundling this|it|that|for for? free",
        -2,
        "The suite will bundle it for free.",
    ),
    Cue(
        "easy|easily|trivial|trivially|simple to? copy|copied|clone|cloned",
        -3,
        "It is easy to copy.",
    ),
    Cue(
        "hard|difficult|impossible to copy|clone|fake|replicate", +3, "The corpus is hard to copy."
    ),
    Cue("self-reported|self-graded", -2, "The recall figure is self-reported."),
    Cue(
        "methodology|code|data|evaluation isn't|aren't|is_not|are_not published|public|disclosed",
        -2,
        "The methodology isn't published.",
    ),
    Cue("masquerading|posing|dressed up? as", -3, "This is a prompt dressed up as a platform."),
)
