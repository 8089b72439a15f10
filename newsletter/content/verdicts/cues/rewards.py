"""Sayings about what people get from it: control, time, reach, a reason to stay."""

from newsletter.content.verdicts.cues.cue import Cue

REWARDS = (
    Cue("keeps|kept|honours|honors its|their|the promise|promises|word", +3, "It keeps its word."),
    Cue("delivers|delivered on", +3, "The second release delivers on speed."),
    Cue("lives|lived up to", +3, "The search lives up to its name."),
    Cue("well spent", +3, "It was a fortnight well spent."),
    Cue("pulls|carries its weight", +3, "The small index pulls its weight."),
    Cue(
        "a|one big|huge|real|clear? step|leap|jump forward|forwards|ahead|up",
        +2,
        "For small shops it is a step forward.",
    ),
    Cue(
        "treats|treated me|you|us|users|readers|people like|as adults|an_adult|grown-ups|equals|with_respect",
        +2,
        "It treats you like an adult or treats readers as equals.",
    ),
    Cue(
        "treats|treated me|you|us|users|readers|people like|as a|children|criminals|leads|products|data",
        -3,
        "It treats you like a lead.",
    ),
    Cue("taught me|us", +2, "The warnings taught me two things."),
    Cue("within reach", +2, "It puts a studio within reach."),
    Cue("in the hands of", +1, "It puts the archive in the hands of clerks."),
    Cue(
        "gives|gave|hands|handed|puts|brings … back to the|its|their|people|users|authors|owners",
        +2,
        "It hands control back to the authors.",
    ),
    Cue("frees|freed me|us|up|people|teams|nurses|teachers", +2, "It frees us for the ward round."),
    Cue("missing piece|link", +2, "It is the missing piece of the archive."),
    Cue("here to stay", +2, "The format is here to stay."),
    Cue("tailwind|tailwinds", +2, "Every new rule is a tailwind."),
    Cue("headwind|headwinds", -2, "Every new rule is a headwind."),
    Cue("well positioned|well-positioned|placed", +2, "The lab is well positioned."),
    Cue(
        "will beat|outlast|outlive|outlearn|win|thrive",
        +2,
        "The small ones will outlast the rest.",
        main=True,
    ),
    Cue(
        "take|takes|taken this|it|that for granted", +2, "Our children will take this for granted."
    ),
    Cue(
        "can't|cannot|could_not|couldn't|wouldn't go back", +3, "After a week I could not go back."
    ),
    Cue(
        "a|the rare tool|product|case|app|company|model|vendor|page",
        +2,
        "It is the rare tool with a manual.",
    ),
    Cue(
        "it|which|this|this_one|<part> handled|coped|understood|recognised|recognized|managed|passed|finished|reconciled",
        +2,
        "It handled all of my scans.",
        foil="I saw how it handled three of them, and how it did not handle the rest.",
        main=True,
    ),
    Cue(
        "were|are|was all|both|each? right|correct|accurate|sound|fair|true $",
        +2,
        "Nine of the ten answers were correct.",
        main=True,
    ),
    Cue(
        "that|which defeated|defeats|stumped|beat|beats|has_beaten|has_defeated|had_defeated everything|every|most|all|everyone|the_last|three|two",
        +2,
        "It read a scan that defeated everything on my shelf.",
    ),
    Cue(
        "made|makes me|us|you|my … look|feel good|clever|safe|better|smart|at_home|competent|welcome|smile|heard",
        +2,
        "It made me look good.",
    ),
    Cue(
        "makes|made me|us smile|smarter|faster|better|calmer|bolder|curious",
        +2,
        "It made us bolder.",
    ),
    Cue("fought for", +1, "Somebody fought for the margins."),
    Cue(
        "somebody|someone fought|cared|thought|cares|sweated for|about|over",
        +2,
        "Somebody cared about the margins.",
    ),
    Cue(
        "stopped|stop|quit looking for the|a|an catch|trick|alternatives|alternative|replacement",
        +3,
        "I have stopped looking for a replacement.",
    ),
    Cue(
        "in|within the|a same|matter hour|afternoon|day|of",
        +1,
        "They replied within the same hour.",
    ),
    Cue("would|I'd|she'd sooner give|lose|go", +3, "She would sooner give up her desk."),
    Cue("at a glance", +1, "You see at a glance who waits."),
    Cue("a fraction of", +1, "It runs at a fraction of the cost."),
    Cue(
        "at|for half|a_fraction|a_tenth|a_third|a_quarter of? the cost|price|size|time|memory|money",
        +2,
        "It runs at a tenth of the cost.",
    ),
    Cue("in half the", +2, "The report is done in half the time."),
    Cue("the good kind of", +2, "It is the good kind of boring."),
    Cue(
        "I|we|I've|we've have? wanted|waited|been_waiting|looked|longed for? this|that|it|one for|since",
        +3,
        "I have wanted this for years.",
    ),
    Cue(
        "without a|an fight|trace|hitch|scratch|fuss|murmur|word|thought|glitch",
        +2,
        "It installs without a hitch.",
    ),
    Cue("priceless", +2, "The archive is priceless."),
    Cue(
        "that|which nobody argues|complains|doubts|regrets|questions about|of|it|any_more",
        +2,
        "It is a line in the budget that nobody argues about.",
    ),
    Cue(
        "saved|earned|recouped|recovered … the|its cost|price|fee|licence|license",
        +2,
        "We recouped the cost by May.",
    ),
    Cue(
        "nothing …… shouts|flashes|bounces|begs|blinks|distracts|interrupts|nags|gets_in",
        +2,
        "Nothing on the page shouts.",
    ),
    Cue(
        "I|you|one can feel|see|tell that? somebody|someone",
        +3,
        "You can feel that somebody drew this.",
    ),
)
