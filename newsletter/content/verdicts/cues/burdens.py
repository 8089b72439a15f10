"""Cues of burden: what it makes people do, put up with, or pay attention to."""

from newsletter.content.verdicts.cues.cue import Cue

BURDENS = (
    Cue(
        "I|we|I've|we've|you had|have to",
        -2,
        "I had to fork it to change a colour.",
        foil="I no longer have to export anything.",
    ),
    Cue(
        "users|people|customers|someone|somebody|everybody|one|team still|always|first have|has to",
        -2,
        "Somebody still has to check each page.",
    ),
    Cue(
        "I|you|we … have|had to admit|say|confess|admire|love|respect|like|smile|laugh|wonder|look_up|remind|concede|agree|think",
        0,
        "I have to admit that it runs.",
    ),
    Cue("all|only|everything|what|least you|I|we have|had to", 0, "All you have to do is open it."),
    Cue(
        "you|they|users must know|have|learn|remember|install|create|sign|buy|pay|trust|start",
        -2,
        "You must remember the order of the steps.",
    ),
    Cue(
        "you|I|we|teams|users end|ended|wind|wound up",
        -2,
        "You end up writing the report yourself.",
    ),
    Cue(
        "I|we end|ended up keeping|liking|loving|buying|using|recommending|trusting|deleting|cancelling",
        +2,
        "I ended up keeping it.",
    ),
    Cue(
        "need|needs|requires|require|demands|demand|takes … consultant|contractor|login|manual|specialist|training|babysitting|supervision|patience|hand-holding|rewrite|full-time|containers|slide|workaround|workarounds|degree",
        -2,
        "Setting it up needs a consultant.",
    ),
    Cue("need|needs … to … first", -2, "The plan needs four rivals to agree first."),
    Cue(
        "I want|need|would_want|would_need|I'd_want|I'd_need to see",
        -2,
        "I want to see one audit.",
        foil="Nobody published what I want to see.",
        main=True,
    ),
    Cue(
        "spent|spend|spends …… fighting|debugging|undoing|cleaning|repairing|chasing|hunting|guessing|figuring|searching|waiting|fixing|wondering|untangling|reading_its|working_around|explaining_to",
        -3,
        "We spent two days debugging the default settings.",
    ),
    Cue(
        "lost|wasted|burned|burnt an|a|two|three|four|half|my|our|the|several hour|hours|day|days|morning|afternoon|evening|week|weekend",
        -3,
        "I lost an hour to it.",
        foil="No one I asked has lost a day to it.",
    ),
    Cue(
        "cost|costs me|us an|a|two|three|half hour|hours|day|days|morning|afternoon|weekend",
        -2,
        "The bad default cost us a day.",
    ),
    Cue("by hand|manually", 0, "I checked them by hand."),
    Cue(
        "correct|fix|repair|redo|retype|clean|copy|adjust|merge|re-enter|move|align …… by_hand|manually",
        -2,
        "Two people fix the totals by hand.",
        foil="We used to fix the totals by hand.",
        main=True,
    ),
    Cue("too <bad> to|for", -2, "The preview is too slow to use."),
    Cue("too much|many … to|for", -2, "There is too much ceremony for a script."),
    Cue(
        "hard|difficult|impossible|painful|tricky to read|find|follow|justify|defend|explain|recommend|use|see_why|tell|debug|predict|undo|reach|learn|maintain|sell|trust|parse|scan|configure|install|cancel|leave|reproduce|say|know|believe|remember|understand|navigate|control|test|audit",
        -2,
        "The settings are hard to find.",
        foil="It fixes reports that are hard to read.",
        main=True,
    ),
    Cue(
        "hard|difficult|impossible|tough to beat|fault|dislike|argue|leave|give_up|go_back|put_down|fool|break|lose|misuse|abuse|get_wrong|overstate|hate|ignore|imagine|mess_up",
        +2,
        "At that price it is hard to beat.",
    ),
    Cue(
        "easy|simple|trivial|quick|pleasant to read|find|follow|justify|explain|recommend|use|debug|undo|learn|maintain|sell|trust|parse|scan|configure|install|cancel|leave|reproduce|understand|audit|test|self-host|script|extend|set_up|review|verify|check",
        +2,
        "The plan is easy to read.",
    ),
    Cue(
        "easy|easily|simple|trivial to? miss|lose|break|ignore|overlook|confuse|abuse|misread|fool|game|trick|bypass|delete|misuse|get_wrong|exploit|missed|fooled|broken|confused|tricked|lost",
        -2,
        "The warning is easy to miss.",
        foil="It checks the fields that are easy to miss.",
        main=True,
    ),
    Cue(
        "more trouble|work|effort|harm|noise|questions|problems|cost than",
        -3,
        "It is more trouble than a spreadsheet.",
    ),
    Cue(
        "less trouble|work|effort|noise|typing|code|clutter|time than",
        +2,
        "It is less trouble than a spreadsheet.",
    ),
    Cue(
        "catch|trouble|snag|downside|drawback|weakness|weak_spot|difficulty|flaw|pity here? is",
        -3,
        "The catch is a yearly contract.",
    ),
    Cue(
        "my complaint|worry|concern|objection|doubt|fear|problem|gripe|hesitation … is",
        -3,
        "My worry is the second year.",
    ),
    Cue(
        "what worries|bothers|annoys|troubles|stops|disappoints|unsettles|scares me|us",
        -3,
        "What bothers me is the silence.",
    ),
    Cue("but at what cost|price", -2, "It is quick, but at what cost."),
    Cue(
        "screens|clicks|steps|menus|dialogs|pages|forms|pop-ups before|until|to_reach|between",
        -2,
        "I counted nine screens before the canvas.",
    ),
    Cue(
        "behind|under|inside a|an|two|three|another menu|menus|submenu|icon|gesture|modal|dialog|avatar|paywall|login",
        -2,
        "The only undo sits behind a menu.",
    ),
    Cue(
        "is|are|was|were buried|hidden|tucked|scattered|spread … in|behind|under|over|across|away",
        -2,
        "The limits are buried in a footnote.",
        main=True,
    ),
    Cue(
        "cannot|can't|could_not|couldn't be <changed>",
        -2,
        "A sent report cannot be undone.",
        foil="Taste cannot be measured.",
    ),
    Cue(
        "log|record|records|entry|entries|history|ledger|archive|evidence cannot|can't be changed|deleted|edited|altered",
        +1,
        "A written entry cannot be changed.",
    ),
    Cue(
        "you|I|we|users|nobody can't|cannot|couldn't|could_not <steer>",
        -2,
        "You cannot pin a version.",
    ),
    Cue("you|I|we|users|teams can <steer>", +2, "I can replay any run."),
    Cue(
        "you|I|we can't|cannot|couldn't|could_not turn|tell|change|set|choose|move|select|read|get|open|search|know|trust|use|run",
        -2,
        "You cannot turn it off.",
    ),
    Cue(
        "can't|cannot|could_not|couldn't|did_not|didn't … find|spot|see a|one|any|the|a_single catch|bug|fault|flaw|mistake|error|case|single|problem|hole|reason_to_complain",
        +3,
        "I could not find a single fault.",
    ),
    Cue(
        "couldn't|could_not|can't|cannot|failed_to|tried_to_and_failed_to break|fool|trick|crash|fault|shake|confuse|trip it|them|its|this",
        +3,
        "I could not break it.",
    ),
    Cue(
        "didn't|did_not|doesn't|does_not fool|trip|shake|confuse|impress|scare it|them|the",
        +2,
        "My trick did not fool it.",
    ),
    Cue(
        "you|I|we can|may|could leave|stop|cancel|start|go with|whenever|at_any_time|any_time|for",
        +2,
        "You can stop at any time or leave with your files.",
    ),
    Cue(
        "breathing_room|peace_of_mind|a_weight_off",
        +2,
        "It gives the night shift peace of mind.",
    ),
    Cue(
        "cancelling|canceling|unsubscribing|leaving|a_refund|exporting took|takes|requires|means|needs two|three|four|weeks|days|months|a_call|a_letter|a_phone_call|calls|an_email|longer",
        -2,
        "Cancelling took three letters.",
        foil="Cancelling takes place by mail.",
    ),
    Cue(
        "is|was|needs|takes|took … click|tap|keystroke|command|step|minute|line away|to|and|per|of",
        0,
        "It is one click away.",
    ),
    Cue(
        "you|one|we|they would|will|you'd|you'll need a|an|to|another|someone|somebody",
        -2,
        "You will need a second monitor.",
    ),
    Cue(
        "I|we could …… without_having|without_touching|without_leaving|without_rewriting|without_changing|without_losing",
        +2,
        "I could move the store without touching a caller.",
    ),
    Cue(
        "contract|plan|licence|license lets you|us|me out|leave|go",
        +2,
        "The contract lets you out in a month.",
    ),
)
