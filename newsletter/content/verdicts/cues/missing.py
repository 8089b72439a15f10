"""Cues of what is not there: a thing one would want, or a thing one is spared."""

from newsletter.content.verdicts.cues.cue import Cue

MISSING = (
    Cue("there is|was|are|were|isn't|aren't no|any … <wanted>", -2, "There is no audit log."),
    Cue(
        "has|have|had|with|offers|gives no … <wanted>",
        -2,
        "The importer has no preview.",
        foil="It lists each page that has no source.",
        main=True,
    ),
    Cue("no <wanted> and|or|nor no? <wanted>", -2, "No tests and no changelog."),
    Cue("there is|are|was|were no <feared>", +2, "There is no wizard."),
    Cue("no <feared> and|or|nor no? <feared>", +2, "No login or tracking."),
    Cue("^ no … <feared>", +2, "No account, and it runs."),
    Cue("no … <feared>, no", +2, "It is one file: no daemon, no ports."),
    Cue(
        "lacks|lacking|lacked",
        -2,
        "The queue lacks priorities.",
        foil="Nothing that a clinic needs is lacking.",
    ),
    Cue(
        "is|are|was|were|still missing|absent $",
        -2,
        "The rollback is missing.",
        foil="It prints what is missing.",
        main=True,
    ),
    Cue("what is|I missing|miss is|are", -2, "What I miss is a dry run."),
    Cue(
        "there is|was|seems nothing new|left|behind|underneath",
        -3,
        "There is nothing behind the form.",
    ),
    Cue(
        "little|nothing|nobody|not_much is? left|underneath|to_it $",
        -2,
        "Take the animation away and nothing is left.",
    ),
    Cue(
        "nothing in|on|about … tells|explains|says|shows|warns",
        -3,
        "Nothing in the reply tells me the source.",
    ),
    Cue(
        "nothing|nobody|no_one told|tells|warned|warns|explained|explains|stopped|stops",
        -2,
        "Nobody warned us about the limit.",
    ),
    Cue(
        "without … warning|notice|explanation|consent|permission",
        -2,
        "It closes tickets without notice.",
    ),
    Cue(
        "without having|leaving|touching|losing|changing|reloading|retraining|rewriting|breaking|needing|opening|waiting",
        +2,
        "You move hosts without rewriting a query.",
    ),
    Cue(
        "without a single|second|separate|further|extra retry|call|click|crash|error|meeting|failure|complaint|question|restart|change|edit|tool|server|account|bug|hitch|login|plug-in|mistake",
        +2,
        "It finished the batch without a single retry.",
        foil="The week passed without a single good answer.",
    ),
    Cue("nothing … had|has to change|move|be", +2, "Nothing in our setup had to change."),
    Cue("nobody|no_one|nothing needs|needed|has|had to", +2, "Nobody had to attend a course."),
    Cue(
        "nothing to configure|learn|install|set_up|negotiate|migrate|maintain|unlearn|fix|explain|host",
        +2,
        "There is nothing to install.",
    ),
    Cue(
        "has|have|had|offers|adds nothing to show|see|offer|sell|say|add",
        -2,
        "After a year it has nothing to show.",
    ),
    Cue(
        "leaves|left nothing|little to the_imagination|chance|guess|desire|be_desired",
        +2,
        "The report leaves nothing to chance.",
    ),
    Cue(
        "nothing … is|was|gets|got|ever lost|hidden|broken|leaked|sent|uploaded|shared",
        +2,
        "Nothing I typed was lost.",
    ),
    Cue(
        "nothing breaks|broke|leaves|left|leaks|crashed|moved|moves|changes",
        +2,
        "Nothing leaves the laptop.",
    ),
    Cue(
        "nothing happens|happened|works|worked|changed|improved",
        -2,
        "I pressed it and nothing happened.",
        foil="I waited until nothing happened.",
    ),
    Cue(
        "leaves|left me|you|us|users|people guessing|wondering|stranded|to_guess|to_fix|to_clean|to_find|with_nothing|with_no",
        -3,
        "It leaves users guessing.",
    ),
    Cue(
        "has|have|had|gives|gave no idea|answer|concept|notion|clue|plan|budget|way for|of|to|about|what|how|why|who",
        -3,
        "Its makers have no plan for that.",
    ),
    Cue("nowhere in|on|to the|its|be", -1, "The price is nowhere on the page."),
    Cue(
        "no <refusers> will|would|wants|pays|approves|signs|buys|accepts",
        -3,
        "No auditor will accept a screenshot.",
    ),
    Cue("no catch|surprises|drama|fuss|nonsense", +2, "It installs with no fuss."),
    Cue(
        "nobody|no_one …… wants|wanted|needs|needed|uses|reads|opens|maintains|understands|believes it|this|that|these|them|the|its|another|any|to_maintain|to_own|to_use|to_read|to_pay|to_fix",
        -3,
        "Nobody reads the weekly report.",
        foil="It replaced a report of which nobody reads the end.",
    ),
    Cue(
        "nobody|no_one … can|could tell|explain|say|answer|justify|read|maintain|reproduce|predict",
        -3,
        "Nobody could explain the score.",
        main=True,
    ),
    Cue(
        "nobody|no_one|nothing|no_other_tool else|I_tried|I_know|in_its_class … does|has|gets|offers|comes|serves|handles|comes_close",
        +2,
        "Nobody else offers a dry run.",
    ),
    Cue(
        "no other tool|product|app|library|service … does|has|gets|comes|offers|lets",
        +3,
        "No other tool lets me replay a day.",
    ),
    Cue(
        "nobody leaves|left|cancels|cancelled|complains|complained|noticed",
        +2,
        "After the switch nobody complained.",
    ),
    Cue("nobody|no_one would miss", -3, "Nobody would miss it."),
    Cue(
        "nobody|no_one … wants|wanted to leave|go_back|lose|stop|be", 0, "Nobody wants to go back."
    ),
)
