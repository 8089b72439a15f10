"""Cues of failure: it breaks, it does harm, it gets things wrong."""

from newsletter.content.verdicts.cues.cue import Cue

FAILURES = (
    Cue(
        "it|which|<part> <fails>",
        -2,
        "The importer chokes on the second file.",
        foil="It prints the line on which the parser chokes.",
        main=True,
    ),
    Cue(
        "it|which|edit|silently|<part> <harms> my|your|our|the|a|an|two|three|every|each|half|whole|one|anything|what|whatever|its",
        -2,
        "The sync overwrites my notes.",
        foil="I pick which rows the sync overwrites.",
        main=True,
    ),
    Cue(
        "it|which|<part> loses|lost my|your|our|half|everything|all|track|data|context|rows|the_thread|its_place",
        -2,
        "The app loses track of the page.",
        main=True,
    ),
    Cue(
        "it|that|assistant|app|tool|agent <annoys>",
        -2,
        "The assistant interrupts twice a page.",
        main=True,
    ),
    Cue(
        "never|doesn't|didn't|won't|does_not|did_not|will_not <harm>",
        +2,
        "It does not guess.",
        foil="Do not guess the number.",
    ),
    Cue("never|hasn't|haven't … <harmed>", +2, "In a month it has never lost a line."),
    Cue(
        "never|doesn't|didn't|won't|does_not|did_not|will_not <serves>",
        -2,
        "The export does not include comments.",
        foil="It prints what the parser does not support.",
        main=True,
    ),
    Cue(
        "never|doesn't|don't|does_not|do_not need|require",
        +2,
        "It doesn't need a server.",
        foil="The world doesn't need a server with a mascot.",
    ),
    Cue(
        "world|market|nobody|I|you|we don't|doesn't|do_not|does_not need",
        0,
        "The world does not need another one.",
    ),
    Cue("I don't|do_not need a|another|this|it", -2, "I do not need another inbox."),
    Cue("does|do not matter|hurt|harm|change", 0, "The colour does not matter."),
    Cue(
        "never … wonder|wondered|worry|worried|think|thought|noticed|regretted",
        +2,
        "You never worry about saving.",
    ),
    Cue(
        "still doesn't|don't|can't|cannot|does_not|fails|crashes|breaks|needs|lacks",
        -2,
        "Search still can't handle accents.",
    ),
    Cue("still works|runs|reads|compiles|holds", +2, "My script from last year still works."),
    Cue(
        "falls|fell|fall over|down|short|flat|behind",
        -3,
        "It falls short of a usable draft.",
        foil="Nothing about the release falls short.",
    ),
    Cue(
        "works|worked|fine|good|useful|impressive|convincing|charming|great until",
        -3,
        "It works until two people edit.",
    ),
    Cue(
        "gets|got|gotten … wrong|backwards",
        -2,
        "It gets dates wrong.",
        foil="I have yet to see what it gets wrong.",
        main=True,
    ),
    Cue("gets|got|get the|this|that|it|these|those … right", +3, "It gets the hard part right."),
    Cue(
        "confidently|fluently|plainly|simply|flatly|quietly|badly wrong",
        -3,
        "The totals are confidently wrong.",
        foil="It was never confidently wrong.",
    ),
    Cue(
        "is|was|are|were wrong half|every|by|twice|in|about",
        -2,
        "The totals were wrong by a factor of ten.",
    ),
    Cue(
        "half|most|many|some|third|quarter|all of the|its|my|their|these … <faults>",
        -3,
        "Half of its links are stale.",
    ),
    Cue(
        "half|most|many|third|quarter of the|its|my|their …… do_not|don't|fail|failed|never|cannot",
        -3,
        "Half of the links don't open.",
    ),
    Cue(
        "wrong person|place|audience|question|order|half|end|user|users|answer_to|file|customer|tool|way|people",
        -2,
        "The totals go to the wrong person.",
        foil="It warns me when the mail goes to the wrong person.",
        main=True,
    ),
    Cue("<works> <badly>", -2, "The port behaves erratically."),
    Cue("<handled> <badly>", -2, "The migration is badly executed or written poorly."),
    Cue(
        "twice|two_different|three_different|two_separate answers|totals|results|prices",
        -2,
        "One question, two different answers.",
    ),
    Cue("billed|charged|paid|pay|invoiced … twice", -3, "We were billed twice."),
    Cue(
        "same page|row|rows|mistake|error|answer|paragraph … twice|again",
        -2,
        "It makes the same mistake again.",
        main=True,
    ),
    Cue(
        "invented|fabricated|hallucinated|made-up|nonexistent citations|references|quotes|sources|numbers|names|facts|footnotes|a",
        -2,
        "The bibliography has invented references.",
    ),
    Cue("something went wrong", -2, "The log says that something went wrong."),
    Cue(
        "is|was|are|remains|feels_like|becomes|became a|an … mess|nightmare|liability|chore|gimmick|lottery|gamble|slog|minefield|landmine|afterthought|burden|scandal|black_hole|toy",
        -2,
        "The permission model is a mess.",
        foil="It turned a mess into a table.",
    ),
    Cue("coin flip|toss", -3, "Which row wins is a coin flip."),
)
