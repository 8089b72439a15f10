"""Cues of success: it works, it holds, it finds, it saves."""

from newsletter.content.verdicts.cues.cue import Cue

SUCCESSES = (
    Cue("<works> <good_at>", +2, "The index behaves predictably."),
    Cue(
        "<handled> <good_at>",
        +2,
        "The migration is handled properly.",
        foil="A migration that is not handled properly costs weeks.",
    ),
    Cue("just|simply works", +3, "I plugged it in and it just works."),
    Cue(
        "works everywhere|offline|on_the_first|the_first_time|first_time|immediately|today|as|with_no|without",
        +2,
        "Undo works everywhere.",
    ),
    Cue(
        "works|worked|runs|ran|behaves|behaved exactly|precisely? as promised|advertised|claimed|documented|expected|described|designed|intended",
        +2,
        "It ran exactly as promised.",
    ),
    Cue(
        "exactly|precisely what I|you|we|a|an|the|they|our needed|need|wanted|want|expected|expect|asked|promised|claimed|ordered",
        +3,
        "It prints exactly what I asked for.",
    ),
    Cue(
        "exactly|precisely where|when|as|the_way I|you|we|it|they … expect|expected|stopped|left|need|want|should|look|promised",
        +2,
        "The handles are exactly where I expect them.",
    ),
    Cue(
        "where|what|when|than|as I|you|we expect|expected|asked|need",
        +1,
        "Shortcuts are shown where you need them.",
    ),
    Cue(
        "not|isn't|wasn't|never what I|you|we|anyone asked|wanted|expected|meant|said",
        -2,
        "The result was not what I asked for.",
    ),
    Cue(
        "saves|saved|gives|gave me|us|each|every|a|my|our|an|the … hour|hours|day|days|week|evening|evenings|minutes|time|fee|trip|afternoon|weekend|back",
        +2,
        "It saved us two days on the audit.",
    ),
    Cue(
        "saves|saved|spares|spared me|us|my_team|our_team|the_team|everyone",
        +2,
        "It spares us the monthly export.",
    ),
    Cue(
        "replaces|replaced|retires|retired two|three|four|five|six|our|my|a_whole|half|hundreds|years",
        +2,
        "It replaced four scripts.",
    ),
    Cue(
        "I|we|have deleted|removed|retired|dropped|threw_out|got_rid_of|scrapped …… lines|scripts|script|code|glue|layer|cron|spreadsheet|workarounds|workaround|plug-ins|shell",
        +2,
        "We deleted two hundred lines of glue.",
        foil="The clerk deleted two hundred lines of mine.",
    ),
    Cue(
        "it|which|<part> caught|found|spotted|flagged|noticed|catches|finds|spots|flags|notices an|a|every|all|both|two|three|four|five|six|seven|eight|nine|ten|everything|bugs|errors|mistakes",
        +2,
        "It caught two leaks on the first day.",
        foil="I found two coins behind the printer.",
        main=True,
    ),
    Cue(
        "it|which|<part> missed|misses every|all|both|two|three|four|five|half|most|the|a|an|obvious",
        -2,
        "It missed two leaks on the first day.",
        main=True,
    ),
    Cue(
        "recovers|recovered|resumes|resumed|remembers|reconnects|degrades gracefully|cleanly|exactly|where|from|after|by|the|my|what|on",
        +2,
        "It resumes after a crash.",
    ),
    Cue(
        "remembers|knows|learns|understands nothing|little",
        -2,
        "By morning it remembers nothing.",
        foil="It suits a reader who knows nothing.",
        main=True,
    ),
    Cue(
        "survives|survived|outlives|outlived|withstood|endured a|an|every|my|our|the|both|two|three|four",
        +2,
        "The session survived a reboot.",
        main=True,
    ),
    Cue("survives|survived … change|changes of", +2, "The design survives a change of vendor."),
    Cue(
        "it|this|one|session|job|client|<part> keeps|kept|has_kept|stayed|stays working|running|up|awake",
        +2,
        "In the tunnel it kept working.",
        foil="The committee kept working on the statute.",
    ),
    Cue(
        "stays|stayed|remains|remained|keeps flat|constant|stable|fast|quiet|readable|responsive|calm|usable|consistent|coherent|sharp|clean",
        +2,
        "Latency stays flat at ten users.",
        foil="Nobody knows which of the drafts stays readable.",
        main=True,
    ),
    Cue(
        "stays|stay|remains|remain|keeps|kept|runs|run|live|lives …… on|in the|my|your|our|its|a device|laptop|machine|phone|disk|house|building|premises|own_disk",
        +2,
        "The recordings stay on the laptop.",
    ),
    Cue(
        "fails|failed|errors|stops loudly|closed|safe|safely|early|fast|gracefully|visibly",
        +2,
        "It fails loudly.",
    ),
    Cue(
        "is|are|was|were|stays … deterministic|reproducible|idempotent|auditable|lossless|reversible",
        +2,
        "Every build is reproducible.",
        foil="It is a pity that nothing here is reproducible.",
        main=True,
    ),
    Cue("nondeterministic|non-deterministic|irreproducible", -2, "The output is nondeterministic."),
    Cue(
        "had|got|have|was|were …… running|working|live|deployed|done|finished|in_production before|by|within|in|after an|a|lunch|noon|breakfast|dinner|friday|thursday|wednesday|tuesday|monday|one|ten|five|twenty|two|half|under",
        +2,
        "We had it running before lunch.",
    ),
    Cue("up and running", +1, "We were up and running on Monday."),
    Cue(
        "from … hours|days|weeks|months to … seconds|minutes|hours|a_day|an_afternoon",
        +2,
        "The close went from nine days to two hours.",
    ),
    Cue(
        "from … seconds|minutes|hours to under? a|one|two|three|half_a|under",
        +2,
        "Cold starts went from nine seconds to under one.",
    ),
    Cue(
        "from … seconds|minutes to … hours|days|weeks",
        -2,
        "A build went from ten seconds to two hours.",
    ),
    Cue(
        "my|our|their|customer|support|cold <costs> …… dropped|fell|halved|shrank|went_down|came_down|are_down|is_down",
        +2,
        "Our support tickets fell by a third.",
    ),
    Cue(
        "the|my|our|its|monthl|monthly <costs> …… doubled|tripled|grew|climbed|jumped|rose|spiked|exploded|went_up|doubles|triples",
        -2,
        "The monthly bill doubled.",
    ),
    Cue(
        "my|our|their|its <gains> …… grew|doubled|rose|went_up|tripled|jumped|grows|rises",
        +2,
        "Our retention grew in every cohort.",
    ),
)
