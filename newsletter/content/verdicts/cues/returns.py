"""Cues of what comes back for the effort: answers, care, a reason to pay."""

from newsletter.content.verdicts.cues.cue import Cue

RETURNS = (
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
    Cue(
        "could_not|couldn't|can't|cannot make|get it to? leak|lie|invent|crash|fail|break|hallucinate|slip|guess|lose",
        +3,
        "I could not make it lie.",
    ),
    Cue(
        "says|admits|tells … when|that it does_not|doesn't know",
        +3,
        "It says when it does not know.",
    ),
    Cue(
        "objections|objection|questions|doubts|complaints|requests … was|were answered|met|addressed|fixed",
        +2,
        "Three of my doubts were answered.",
    ),
    Cue(
        "available|open|affordable to everybody|everyone|anyone|all",
        +2,
        "It makes a rare skill available to everybody.",
    ),
    Cue(
        "the first one|tool|product|app|editor|model|vendor that treats|makes|gives|lets|takes|respects|understands|asks",
        +2,
        "It is the first tool that treats privacy as a floor.",
    ),
    Cue(
        "cost|costs …… almost|next_to|practically|close_to nothing",
        +2,
        "The next customer costs them almost nothing.",
    ),
    Cue(
        "every|each …… has_been|have_been|was|is designed|considered|tested|thought|documented|explained|drawn|checked|labelled|covered",
        +2,
        "Every state has been designed.",
    ),
    Cue("spend|spent|spends less … time|of", +2, "I spend less time on mail."),
    Cue(
        "pays|paid off",
        +2,
        "The typed config pays off.",
        foil="Whether the typed config pays off is open.",
    ),
    Cue(
        "had a working …… in|within …… minutes|hour|hours|afternoon|evening|day",
        +2,
        "I had a working draft in ten minutes.",
    ),
    Cue("in the best|good|right way|sense", +2, "The format is dry in the best way."),
    Cue(
        "cheap to inspect|run|try|host|operate|undo|serve|keep|start|check|own",
        +2,
        "Every call is cheap to inspect.",
    ),
    Cue(
        "is|are what|all|everything I|you|we|one need|needs|want|wanted|wished|can_ask|could_ask",
        +2,
        "A typed log is what I need at night.",
    ),
    Cue(
        "all|everything a|an|one|you|I … can|could ask for",
        +3,
        "A budget and a date are all a founder can ask for.",
    ),
    Cue(
        "understand|see why people|they|customers|anyone|clinics pay|use|love|like|buy|stay",
        +2,
        "I understand why people pay.",
    ),
    Cue("worth more than", +2, "That candour is worth more than a benchmark."),
    Cue(
        "I think|believe it|they|this|that is|are right|correct|sound|true",
        +3,
        "The thesis is bold and I think it is right.",
    ),
    Cue(
        "trend|direction|shift|change …… is_not_going_to|will_not|won't|cannot reverse|stop|slow|go_away",
        +2,
        "It rides a shift that will not reverse.",
    ),
    Cue(
        "that|which|what only … could|can afford|do|reach|have",
        +2,
        "A village gets a scanner that only hospitals could afford.",
    ),
    Cue(
        "people|users|customers|teams|kids|clerks actually|now|really? want to",
        +2,
        "Writing becomes something people want to do.",
    ),
    Cue(
        "craft|care|thought|taste|experience|patience shows|show",
        +2,
        "The craft shows in the margins.",
    ),
    Cue(
        "I don't|do_not see one|it|that|any coming|happening|soon",
        +3,
        "A price war would hurt, and I do not see one coming.",
    ),
)
