"""Sayings about what it does to people and to the work: it costs, it nags, it withholds."""

from newsletter.content.verdicts.cues.cue import Cue

GRIEVANCES = (
    Cue("behind the times|curve|competition|pack", -2, "Its export is behind the times."),
    Cue("on borrowed time", -3, "The plug-in lives on borrowed time."),
    Cue(
        "somebody|someone|another_company else's|company's data_centre|data_center|model|server|servers|platform|land|roadmap|computer|cloud|hardware|api",
        -2,
        "Its brain sits in somebody else's data centre.",
    ),
    Cue("squeezed|crushed|sandwiched between|by|from", -3, "They are squeezed between two giants."),
    Cue(
        "<people>|staff|users|nurses|drivers|people refuse|refused to|it",
        -3,
        "The nurses refuse to open it.",
    ),
    Cue(
        "is|was|are a|an decoy|trap|teaser|bait|funnel|lead_magnet|trick|trojan_horse|facade|prop|excuse|placebo|crutch",
        -2,
        "The free plan is a decoy.",
        main=True,
    ),
    Cue(
        "cheap|free|fast|simple|easy|pleasant|lovely|smooth|quick|fun until",
        -3,
        "It was cheap until the second user.",
    ),
    Cue(
        "accuracy|quality|recall|performance|speed|throughput|usage|attention|interest drops|falls|dropped|fell|sinks|sank|collapses|collapsed|degrades|degraded|plummets|suffers|suffered",
        -2,
        "Accuracy drops on crooked scans.",
    ),
    Cue("cut|clipped|chopped off", -2, "Labels are cut off.", main=True),
    Cue(
        "misaligned|truncated|pixelated|washed-out|garish|cramped|off-centre|off-center|muddy|smeared|blurry|jagged",
        -2,
        "The thumbnails are blurry.",
        main=True,
    ),
    Cue(
        "move|moves|jump|jumps|shift|shifts|change|changes|disappear|disappears while|under|before you|I|your|my",
        -2,
        "Buttons move while you reach for them.",
    ),
    Cue(
        "designed|made|written|drawn|built|translated by a_committee|committee|engineers|accident|robots|lawyers|the_database|nobody|someone_who_has_never|people_who_have_never",
        -3,
        "It looks designed by lawyers.",
    ),
    Cue(
        "sounding|sounds|reads|looks|feels like a|an|every press|brochure|ransom|ad|sales|stock|tax|template|robot|intern|wiki|spreadsheet|bank",
        -3,
        "My mails come back sounding like a press release.",
    ),
    Cue(
        "took|takes|needed me|us a|an|two|three|four|half|longer …… to find|discover|figure|learn|understand|realise|realize|work_out|cancel|locate|undo|silence",
        -2,
        "It took me a week to find the grid.",
    ),
    Cue("longer to …… than", -2, "It takes longer to check than to write."),
    Cue(
        "takes|took|needs|runs|lasts|spends … longer than it|necessary|the|writing|doing|my",
        -2,
        "Each run takes longer than the last.",
    ),
    Cue("over and over|again_and_again|time_and_again", -1, "It asks over and over."),
    Cue("for no good? reason", -2, "It restarts for no reason."),
    Cue("at random|randomly", -1, "Rows vanish at random."),
    Cue("still waiting", -3, "I am still waiting for a reply."),
    Cue(
        "still open|unanswered|unfixed|unresolved|broken|unfinished|unpatched|undocumented",
        -2,
        "The issue is still unanswered.",
    ),
    Cue("unmaintained|abandonware", -3, "Half of the plug-ins are unmaintained."),
    Cue("memory leak|leaks", -2, "There is a memory leak in the watcher."),
    Cue("data loss", -2, "Two crashes meant data loss.", foil="It prevents data loss."),
    Cue("security hole|holes|flaw|flaws", -2, "The shared link is a security hole."),
    Cue(
        "nobody|no_one will remember|miss|need|use|care|notice|read|want|open it|this|them|these|the|its|one|that",
        -3,
        "By spring nobody will remember the app.",
        foil="Nobody will have to remember the rule.",
    ),
    Cue(
        "should stop doing|making|writing|automating|having|measuring",
        -3,
        "It speeds up a thing we should stop doing.",
    ),
    Cue(
        "promised …… and|but got|received|delivered|shipped|gave|it_was",
        -3,
        "We were promised savings and got a consultant.",
    ),
    Cue(
        "asked …… and|but got|received|heard nothing|silence|no|two|three|a_form|a_link|a_brochure|back",
        -3,
        "I asked for the data and got silence.",
    ),
    Cue(
        "changes|change|breaks|moves every|each spring|week|month|release|quarter|year|time|update|day",
        -2,
        "The format changes every spring.",
    ),
    Cue(
        "wants|demands|insists|asks_for|requests|needs my|your|a|an|root|full|on|the … password|credit_card|account|email|phone|permission|permissions|access|internet|administrator",
        -2,
        "It wants root access.",
    ),
    Cue(
        "shrugs|gloats|sulks|lectures|nags|babbles|rambles|waffles|parrots|flatters",
        -2,
        "Past ten pages it rambles.",
        main=True,
    ),
    Cue("made up|of_thin_air", -2, "Two of the names are made up."),
    Cue("is|are made up of", 0, "The index is made up of two files."),
    Cue("a solved problem", -1, "Reading receipts is a solved problem."),
    Cue("not|isn't what it|they seems|seem|was|claims|says", -2, "The badge is not what it seems."),
    Cue(
        "more … than substance|useful|helpful|honest|accurate", -2, "It is more polite than useful."
    ),
    Cue(
        "all … no|and_no substance|teeth|memory|answers|brains|depth|content",
        -3,
        "It is all gesture, all talk and_no teeth: all gloss no depth.",
    ),
    Cue("does|do nothing for|about|to|new|more|that", -2, "The badge does nothing for safety."),
    Cue(
        "none of …… has|had|have|is|are a|an|any|ready|useful|right",
        -3,
        "None of the themes has a point of view.",
    ),
    Cue("nothing is|works|can_be … except|but", -2, "Nothing is configurable except the logo."),
    Cue("does|did nothing $", -2, "The call returns success and does nothing.", main=True),
    Cue(
        "comes|come|came|is|are|were from a|an|the friend|friends|investor|investors|employee|vendor|company|maker",
        -2,
        "The quote is from a friend of the maker.",
        main=True,
    ),
    Cue("wrong about my|our|half|its|every|me", -2, "It is wrong about my own company.", main=True),
    Cue(
        "window|door|moment closed|has_closed|has_passed|passed|is_closing",
        -2,
        "The window closed in May.",
    ),
    Cue("already have it|one|that|three", -2, "The people it is for already have one.", main=True),
    Cue("more dependent on", -2, "Each deal makes them more dependent on one host."),
    Cue(
        "nobody|no_one was|is paying|asking|looking|waiting for",
        -3,
        "It saves time that nobody was paying for.",
    ),
    Cue(
        "it|<part> hides|buries the|two|what|every|its|most",
        -2,
        "The toolbar hides what I do all day.",
        main=True,
    ),
    Cue(
        "hides the|its|all complexity|noise|plumbing|details|mess|clutter|wiring|machinery",
        0,
        "The toolbar hides the plumbing.",
    ),
    Cue(
        "is|are|was|were|feels|seems too <bad> $",
        -2,
        "Every menu is too long.",
        foil="It tells me when a line is too long.",
        main=True,
    ),
)
