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
)
