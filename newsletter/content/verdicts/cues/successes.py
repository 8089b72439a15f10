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
        "remembers|knows|learns|understands nothing|little", -2, "By morning it remembers nothing."
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
        "deterministic|reproducible|idempotent|auditable|lossless|reversible",
        +2,
        "Every build is reproducible.",
        foil="It is a pity that nothing here is reproducible.",
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
    Cue("growth|revenue|sales|retention|adoption|usage <stopped>", -2, "Growth stopped in June."),
    Cue(
        "I reran|repeated|reproduced|recounted|re-ran|checked …… matched|match|agreed|agree|held|within|identical|correct",
        +2,
        "I reran the table and it matched or recounted and it matched.",
    ),
    Cue(
        "reproduced|replicated|confirmed|verified|checked the_result|the_main|the_numbers|the_claim|by_somebody|by_someone|by_others|independently",
        +2,
        "A lab in Oslo replicated the main table.",
    ),
    Cue(
        "within … percent|percentage_points|points|point|one_percent",
        +2,
        "My figures came out within two percent.",
    ),
    Cue(
        "does|do|doing … in one|a_single|single|two click|command|line|call|step|place",
        +1,
        "It does the move in one command.",
    ),
    Cue(
        "with|took|takes one|a_single click|command|line|call|step|gesture|keystroke",
        +1,
        "Upgrading took one command.",
    ),
    Cue("on the first try|attempt|run|pass", +2, "The build passed on the first try."),
    Cue(
        "every|each … links|points|traces to|back|straight", +2, "Every figure links to its source."
    ),
    Cue(
        "every|each …… comes_with|carries|shows|names|explains|states its|a|the|why reason|source|sources|explanation|citation|origin|evidence|label|owner|history",
        +2,
        "Each change comes with a reason.",
    ),
    Cue(
        "with|gives|gave a reason|source|explanation|citation|line_number I|you|for|attached|each|beside",
        +1,
        "It refused with a reason attached.",
    ),
    Cue(
        "shows|tells|told|explains|prints|says me|you|us exactly? why|what|which|where|how",
        +2,
        "It shows you why a row was dropped.",
        foil="A dashboard that shows you why is on their list for spring.",
        main=True,
    ),
    Cue(
        "asked|asks|asking … to_keep|for_more|for_another", +3, "The night shift asked to keep it."
    ),
    Cue(
        "<people> have|all|already|both|still|now|actually? love|loved|prefer|preferred|renew|renewed|returned|stayed|stay|thanked|approve|trust|smiled",
        +2,
        "Two of my customers renewed early.",
        foil="One meets customers who stay for the canteen.",
        main=True,
    ),
    Cue(
        "<people> have|all|already|both|still|now|actually|simply|just? complained|gave_up|give_up|leave|left|cancel|cancelled|churn|churned|hate|hated|revolted|ignore|ignored|abandon|abandoned|struggled|struggle|drop_off",
        -2,
        "Half of the users gave up.",
        foil="One asks why users left the last one.",
        main=True,
    ),
    Cue(
        "each|every|one … with a reason|link|source|citation|explanation|line_number",
        +2,
        "It returned ten rows, each with a reason.",
    ),
    Cue(
        "error|errors messages|message … name|names|say|says|tell|explain|point|list",
        +2,
        "Error messages name the line.",
    ),
    Cue(
        "answered|replied|fixed|responded|patched …… within|in a|an|one|two|hours|minutes|days day|hour|hours|days|minutes|morning|afternoon",
        +2,
        "The maintainers fixed it within a day.",
    ),
    Cue(
        "what only|took|used_to_take|once_took|needed|would_have_taken a|an|the|two|three|four|our|my|half|me|us|hours|days|weeks",
        +2,
        "Two people do what took a department.",
    ),
    Cue(
        "<enough> enough to|that|for",
        +2,
        "The core is small enough to read.",
        foil="Whether it is small enough to fit is open.",
    ),
    Cue(
        "where|what|when|as|how they|it|the_page|the_label|the_readme said|says|claimed|promised it|they would|does|do|is|are",
        +3,
        "Six weeks on, the rate is where they said it would be.",
    ),
    Cue(
        "tried …… break|trick|fool|crash|confuse|provoke|make it|its|invent …… could_not|couldn't|failed|gave_up",
        +3,
        "I tried for an hour to break it and could not.",
    ),
    Cue(
        "tried …… make|get it to? invent|lie|crash|fail|hallucinate|forget|break …… could_not|couldn't|failed|gave_up",
        +3,
        "I tried to make it lie and failed.",
    ),
    Cue(
        "refuses|refused|declines|declined to guess|invent|pretend|speculate|lie|answer_when|answer_without|make",
        +2,
        "It declines to guess.",
    ),
    Cue(
        "refuses|refused|declines|declined to open|start|load|import|save|connect|work|accept|print|export|answer|run|sync",
        -2,
        "It refuses to open a second file.",
    ),
    Cue(
        "breaks|fails|crashes|stalls|asks|needs|interrupts less|rarely|seldom|fewer",
        +2,
        "For that it breaks less often.",
    ),
    Cue(
        "breaks|broke|touches|touched|leaks|leaked|hides|hid|loses|lost|drops|dropped|assumes|forgets|invents nothing",
        +2,
        "The upgrade broke nothing.",
    ),
    Cue(
        "leaves|left|keeps|kept a|an … trail|log|record|trace|folder|receipt|history|diff",
        +2,
        "Each run leaves a readable trail.",
        main=True,
    ),
    Cue(
        "came|come|comes|went out|back|through clean|right|perfect|identical|correct|whole|intact|unchanged|within",
        +2,
        "The second scan came out clean.",
        foil="Nothing we sent came back intact.",
    ),
    Cue(
        "came|come|comes out|back with? two|three|several|wrong|garbled|mangled|swapped|missing|empty|distorted|warped|blurred|flat|dead|half",
        -2,
        "Three of the scans came back empty.",
    ),
    Cue("intact", +1, "The layers are intact."),
    Cue("nowhere else", +1, "The hints are here and nowhere else."),
    Cue(
        "publish|publishes|published|lists|listed|prints|shows|showed the|its|their|every|all …… failures|errors|mistakes|limits|misses|outages|weaknesses",
        +2,
        "They published the failures of the trial.",
    ),
    Cue("they|it|she|he|we were|was|are|is right", +1, "They kept it small, and they were right."),
    Cue(
        "is already|still running|live|working|here|shipping",
        +1,
        "The second one is already running.",
    ),
)
