"""Cues that compare: with others, with before, with what was promised."""

from newsletter.content.verdicts.cues.cue import Cue

COMPARISONS = (
    Cue(
        "is|was|are|were|it's|that's|remains|makes|made|has|have|gives|gave|with|wrote|written the <best> … I|I've|we|we've|anyone|on|in|of|available|around",
        +3,
        "It is the clearest manual I have read.",
    ),
    Cue(
        "is|was|are|were|it's|remains|makes|made|has|have the|my <worst> … I|I've|we|we've|in|of|on|available",
        -3,
        "It is the slowest importer I have tried.",
    ),
    Cue("not|isn't|never|from the <best>", 0, "It is not the best I have seen."),
    Cue(
        "first … I|I've|we|anyone would|have|could|trust|trusted|kept|can|understood|finished|recommend",
        +2,
        "It is the first planner I have kept.",
    ),
    Cue(
        "<better> than anything|any|most|everything|every|all|the_rest|I_expected|expected|I_feared|what_we_had|what_I_had|my_own|mine",
        +3,
        "It is quicker than anything I own.",
        foil="The demo is better than the film, and the film is what one buys.",
    ),
    Cue(
        "it|this|which|<part> is|was|are|runs|gets|looks <worse> than the|a|an|my|what|before|doing|nothing|its|not|any|most|useless|it|last",
        -2,
        "It is slower than a fax.",
    ),
    Cue(
        "<better> than this|the_product|the_tool|the_real|the_software|nothing",
        -2,
        "The film is better than the product.",
    ),
    Cue("nothing … is|was <better> than", 0, "Nothing is faster than this."),
    Cue(
        "gets|get|getting|grows|makes|become|becomes|looks <better> every|with|each|as|the_longer|the_more|for|per",
        +2,
        "It gets sharper with every correction.",
    ),
    Cue(
        "gets|get|getting|grows|becomes|looks <worse> every|with|each|as|the_longer|the_more",
        -2,
        "It gets slower with every page.",
    ),
    Cue(
        "ahead of|above tools|anything|everything|products|the_rest|the_others|most|all|both|apps|the_field|it",
        +2,
        "The type alone puts it ahead of tools I pay for.",
    ),
    Cue(
        "than most|other|paid|any_other … tools|products|teams|vendors|apps|take|do|manage|dare",
        +2,
        "That is more care than most vendors take.",
    ),
    Cue("more than I|one can say for", +2, "It replies, more than I can say for the last one."),
    Cue(
        "rarer|rare|scarcer than it|is|enough|they|that|these",
        +2,
        "Typed errors are rarer than they should be.",
    ),
    Cue(
        "is|are rare|unusual|uncommon|unheard here|in_this|for_this|enough|among|these",
        +2,
        "Such candour is rare in this field.",
    ),
    Cue(
        "the sort|kind of detail|care|restraint|honesty|thing|craft most|others|that|nobody|everyone",
        +2,
        "It is the kind of detail others skip.",
    ),
    Cue(
        "what|that|which most|other|others|competing|every_other tools|products|apps|vendors|teams? … forget|skip|bury|hide|avoid|ignore|miss|leave_out|get_wrong",
        +2,
        "It prints what most tools hide.",
    ),
    Cue(
        "every|all|most other …… look|looks|sound|sounds the_same|alike",
        0,
        "Every other tracker looks the same.",
    ),
    Cue(
        "unlike every|the|most|its|other|any … tool|tools|one|ones|app|rivals|competitors|five|two",
        +1,
        "Unlike the other tools it runs.",
    ),
    Cue(
        "the same … as|like everyone|everybody|everything|the_rest|any|every",
        -3,
        "It is the same model as everyone uses.",
    ),
    Cue(
        "every|each|all|everything …… look|looks|sounds|comes_out|come_out|feels|reads the_same|alike|identical",
        -3,
        "All its posters look the same.",
    ),
    Cue(
        "with|has|have|get|gets|come|comes|wear|wears the|out|with same smile|face|voice|tone|look|layout|gradient|joke|opening",
        -2,
        "All its faces have the same smile or wear the same smile.",
    ),
    Cue(
        "looks|look|feels|feel|reads|sounds like a|an|somebody|someone|every toy|demo|prototype|beta|advertisement|ad|template|homework|form|maze|tax|brochure|press_release|sales_pitch|first_draft|afterthought|committee|chore|sketch|stranger|slideshow",
        -3,
        "The settings feel like a tax form, and look like a maze.",
    ),
    Cue(
        "feels|feel|reads|works|behaves|felt like home|paper|an_instrument|an_extension|a_colleague|a_conversation|cheating|magic|a_good|a_native|one_i|part_of",
        +2,
        "The pen feels like paper.",
    ),
    Cue("misses|missed|beside the point", -3, "The redesign misses the point."),
    Cue(
        "which_is|that_is exactly|precisely|rather? the point $",
        +1,
        "It disappears, which is the point.",
    ),
    Cue("sense of security|safety", -2, "The badge gives a false sense of security."),
    Cue(
        "better|faster|nicer|prettier horse|typewriter|fax|candle|buggy|filing_cabinet|fax_machine",
        -3,
        "What they sell is a faster fax machine.",
    ),
    Cue(
        "nothing|little|not_much|hardly_anything new",
        -2,
        "There is little new in the second edition.",
    ),
    Cue(
        "spreadsheet|script|formula|regex|cron_job|folder|notebook|query|intern|checklist|template|calendar … does|do|would_do|can_do|could_do|already_does|beats the_same|as_much|this|it|that",
        -3,
        "A shared spreadsheet does the same.",
        foil="The script it writes does the rest.",
    ),
    Cue(
        "<giants> …… will|can|could … do|ship|offer|absorb|bundle|copy|add|swallow|include this|it|that|these|the",
        -3,
        "The browser vendors will ship this.",
        foil="Google will probably follow with one of its own.",
    ),
    Cue(
        "already built|included|ships|comes|free|part in|into|with|of|inside",
        -2,
        "The same check is already built into the compiler.",
    ),
    Cue(
        "one update|release|policy_change|email|lawsuit|feature|announcement|keynote away from",
        -3,
        "The plug-in is one release away from the museum.",
    ),
    Cue(
        "cannot|can't be faked|bought|copied|cloned|recreated|gathered|replicated|replayed|matched|stolen",
        +2,
        "Ten years of readings cannot be bought.",
    ),
    Cue(
        "nobody|no_one|no_rival|no_newcomer … can|could|will copy|match|buy|recreate|gather|catch_up|fake|replicate|undercut",
        +3,
        "No newcomer can match that archive.",
    ),
    Cue(
        "anyone|anybody|everyone|any_student|any_team can|could copy|fork|build|clone|match|rebuild|do",
        -2,
        "Anyone can copy the prompt.",
        foil="Whether anyone can copy the index is not known.",
    ),
    Cue(
        "the whole|entire company|product|plan|design|thing|bet|model|business|idea|pitch|case|thesis depends|rests|hinges|assumes|relies|hangs|needs",
        -3,
        "The whole plan rests on cheap memory.",
    ),
    Cue(
        "depends|rests|hinges|relies|leans entirely|wholly|completely|heavily? on a|an|one|the single|goodwill|partner|supplier|vendor|luck|law|someone|somebody|API|price",
        -3,
        "The service depends on one supplier.",
    ),
    Cue(
        "mistakes|mistaken|mistook|confuses|confused|confuse … for|with",
        -2,
        "It confuses speed with care.",
        main=True,
    ),
    Cue(
        "answer|answers to a|the question|problem nobody|that|no_one",
        -2,
        "It is an answer to a question that nobody asked.",
    ),
    Cue("in the age|year|era of|after", 0, "In the age of steam."),
    Cue(
        "belongs to the|a last|previous|past|different|wrong|old",
        -3,
        "The seat licence belongs to the last decade.",
    ),
    Cue(
        "will|would … skip|have_moved|have_passed|have_gone|be_gone|be_obsolete|be_free|make_it_unnecessary",
        -1,
        "By then the crowd will have moved.",
    ),
    Cue(
        "problem|market|question|crowd|world|need|trend|audience will have moved|passed|gone|vanished|disappeared",
        -3,
        "By spring the market will have moved.",
    ),
    Cue(
        "reason|need|value|point|case|market|advantage|edge|demand|novelty|appeal for|to|of? … is_gone|disappears|vanishes|evaporates|shrinks|goes_away|dries_up|fades|wears_off|wore_off",
        -2,
        "When chips improve the advantage evaporates or fades.",
    ),
    Cue(
        "in|within a|two|three|five|ten year|years …… for nothing|free",
        -3,
        "Within two years every phone does it for free.",
    ),
    Cue(
        "takes|removes|is another|one_more|the_last reason away|not|less",
        -2,
        "Each release removes another reason, takes another reason away.",
    ),
    Cue("short life|shelf_life", -2, "A closed format has a short life."),
    Cue(
        "where the|this|everything|all … field|market|industry|trade|web is|are heading|going|moving",
        +2,
        "The log belongs to the user, which is where the field is heading.",
    ),
    Cue(
        "saw|understood|built|noticed|had … before anyone|anybody|everyone else|noticed|asked",
        +2,
        "They saw the need before anyone else.",
    ),
)
