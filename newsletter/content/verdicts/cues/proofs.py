"""Cues of proof: figures that moved, people who stayed, claims that came true."""

from newsletter.content.verdicts.cues.cue import Cue

PROOFS = (
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
    Cue("asked … to_keep|for_more|for_another", +3, "The night shift asked to keep it."),
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
        "refuses|refused|declines|declined to open|load|import|save|connect|print|export|sync",
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
