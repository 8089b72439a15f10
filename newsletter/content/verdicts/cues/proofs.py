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
)
