"""Cues of standing: who can copy it, what it rests on, where the field is going."""

from newsletter.content.verdicts.cues.cue import Cue

STANDING = (
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
        "will|would … skip|have_moved|have_passed|have_gone",
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
    Cue(
        "mine|ours failed|broke|crashed|died|stalled|hung",
        -2,
        "The second deploy is the test, and mine failed.",
    ),
    Cue(
        "need|needs|asks|took|takes|wants|demands …… before the_first|it_shows|it_prints|it_works|it_does|it_runs|anything|you_can|you_see",
        -2,
        "You need six keys before the first call works.",
    ),
    Cue(
        "is|are|was|were not_enough|too_few|too_little to|for",
        -3,
        "Three months of history is not enough to judge.",
    ),
    Cue(
        "evaluation|benchmark|table|comparison|study|chart|test_set omits|omitted|leaves_out|ignores|skips|excludes|avoids",
        -3,
        "The table omits the two best models.",
    ),
    Cue(
        "late to a|the|this|its own? trend|party|market|shift|game|category",
        -2,
        "It is late to the party.",
    ),
    Cue(
        "only makes|make sense if|while|when|because",
        -3,
        "The bet only makes sense if chips stay scarce.",
    ),
    Cue(
        "been|was|were|being absorbed|copied|swallowed|overtaken|commoditised|commoditized|cloned",
        -3,
        "The trick has been absorbed by the browser.",
        main=True,
    ),
    Cue(
        "nothing in|about the|it|its|this … leads|points|gets|supports|suggests|justifies",
        -3,
        "Nothing in the product leads there.",
    ),
    Cue(
        "world|market|field|industry|audience|web that? has moved",
        -3,
        "It is a tool for a world that has moved on.",
    ),
    Cue(
        "is|are not the person|one|ones|people who pays|pay|buys|buy|signs|sign",
        -3,
        "The reader is not the person who pays.",
    ),
    Cue("cheap|easy|simple to copy|clone|imitate|replace", -3, "What they sell is cheap to copy."),
    Cue(
        "expensive|costly|slow to support|run|serve|maintain|operate|leave|host|keep",
        -2,
        "The agent is expensive to serve.",
    ),
    Cue(
        "plastic|waxy|glassy evenness|sheen|look|skin|smile|texture|gloss|finish",
        -3,
        "Faces come out with a waxy sheen.",
    ),
)
