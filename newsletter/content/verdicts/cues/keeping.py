"""Cues of what the reviewer did with it, and of what the reviewer felt."""

from newsletter.content.verdicts.cues.cue import Cue

KEEPING = (
    Cue("I|we kept|keep|still_use|still_run it|them|using|this", +3, "We kept it."),
    Cue(
        "I|we|I've|we've … used|run|worn|drawn|written|worked …… every_day|daily|each_day|every_morning|ever_since",
        +2,
        "I have used it every day since May.",
    ),
    Cue(
        "I|we haven't|have_not|never needed|missed|touched|opened|looked|regretted|gone|thought|found|had",
        +2,
        "I have not opened a manual since.",
    ),
    Cue(
        "I|we haven't|have_not|never found|had|seen a use|reason|need|answer|chance",
        -2,
        "I have not found a use for it.",
    ),
    Cue(
        "I|we stopped|have_stopped|quit worrying|checking|writing|thinking|dreading|copying|noticing|apologising|counting|guessing",
        +2,
        "I stopped checking its sums.",
    ),
    Cue(
        "I|we|they|everyone|most stopped|quit|gave_up using|opening|trusting|reading|caring|after|on|looking|listening|paying",
        -3,
        "We stopped using it in June.",
    ),
    Cue(
        "I|we gave up at|after|on|within|before|when|trying|waiting",
        -3,
        "I gave up at the third form.",
    ),
    Cue(
        "I|we uninstalled|removed|returned|dropped|abandoned|disabled|deleted|turned_off|switched_off|switched_it_off|turned_it_off|rolled_it_back|rolled_back it|after|within|when|the|and|on|before",
        -2,
        "I uninstalled it after a week.",
    ),
    Cue(
        "I|we went|go|switched|moved|am_going|are_going|crawled back to paper|pen|excel|spreadsheets|a_spreadsheet|the_spreadsheet|my_old|our_old|the_old|email|hand|doing|using|writing|the_previous|what_we",
        -3,
        "After two weeks we went back to paper.",
    ),
    Cue(
        "going|go|went back would|feels|felt|is unthinkable|impossible|hard|strange|absurd",
        +3,
        "Going back would feel impossible, or going back feels strange.",
    ),
    Cue("not|never|no_longer going|go|went back", +2, "I am not going back."),
    Cue(
        "can't|cannot|could_not|couldn't imagine|picture working|going|living|shipping|running|teaching|a",
        +3,
        "I cannot imagine going back.",
    ),
    Cue(
        "will|would wonder how …… without|before",
        +3,
        "We will wonder how anyone planned without it.",
    ),
    Cue(
        "I would|I'd|I'll|I_will put|bet|stake|spend|trust|hand|keep|miss|renew",
        +3,
        "I would bet my weekend on it.",
    ),
    Cue(
        "I|we wouldn't|would_not|won't|will_not|would_never put|bet|stake|hand|give|let|send|leave|rely|miss|touch|show|run",
        -3,
        "I would not leave it alone with a ledger.",
    ),
    Cue("I|we now|do|actually|still? trust it|its|them|this|these|what", +2, "I trust its totals."),
    Cue("I don't|do_not|can't|cannot|never … trust", -3, "I don't trust its totals."),
    Cue(
        "earns|earned|deserves|wins|won|builds my|our|your|that|its|their? trust",
        +2,
        "The log earned my trust.",
    ),
    Cue(
        "trust builds|grows|follows|comes_by",
        +2,
        "The source is beside each figure, so trust grows.",
    ),
    Cue(
        "loses|lost|costs|breaks|broke|betrays my|our|your|their trust|patience|interest",
        -3,
        "By the third pop-up it lost my patience.",
    ),
    Cue("I forgot|forget it|I|that|about", +2, "I forgot it was running."),
    Cue("won|wins me|us|them over", +3, "The keyboard support won me over."),
    Cue("changed my mind", +2, "The second week changed my mind."),
    Cue("proved|proves me|us|my_doubts wrong", +2, "It proved me wrong."),
    Cue("left|leaves me cold|unmoved|indifferent|empty", -3, "The film it made left me cold."),
    Cue(
        "what sold|convinced|impressed|won|persuaded|delighted me|us",
        +3,
        "What convinced me is the log.",
    ),
    Cue("sold|convinced|persuaded me", +2, "The log convinced me."),
    Cue(
        "I'm|I_am|we_are|we're|I_was impressed|grateful|glad|happy|relieved|delighted|thrilled",
        +2,
        "I am impressed by the index.",
    ),
    Cue(
        "I'm|I_am|we_are|I_was|left_me disappointed|worried|unconvinced|unimpressed|frustrated|wary|uneasy|nervous|sceptical|skeptical|annoyed",
        -2,
        "I am wary of the terms.",
    ),
    Cue("I love|loved|enjoy|enjoyed|adore", +2, "I enjoy its silence."),
    Cue("I like|liked|admire", +1, "I like its silence."),
    Cue(
        "I hate|hated|dislike|disliked|resent|dread|dreaded|regret|regretted|detest",
        -2,
        "By Friday I dreaded it.",
    ),
    Cue("dread|dreaded opening|using|starting|updating|upgrading", -2, "I dread updating."),
    Cue(
        "I don't|do_not|can't|cannot|fail_to|struggle_to see why|how|who|what",
        -2,
        "I do not see why it exists.",
    ),
    Cue(
        "I can't|cannot|couldn't|could_not say|tell who|what|why|whether|how|if",
        -2,
        "I cannot say who needs it.",
    ),
    Cue(
        "I don't|do_not|didn't|wouldn't like|love|believe|recommend|miss|want|enjoy",
        -2,
        "I do not like the terms.",
    ),
    Cue(
        "came|come|sat_down|set_out prepared? to break|mock|laugh|write_a|complain|hate|dismiss|scoff",
        +2,
        "I came to mock it.",
    ),
    Cue(
        "I expected|wanted|meant to hate|dislike|mock|laugh|dismiss|uninstall",
        +2,
        "I expected to hate it.",
    ),
    Cue(
        "I wanted|hoped|tried|was_ready|was_prepared to love|like|be_impressed|believe",
        -3,
        "I wanted to love it.",
    ),
    Cue(
        "is|was|feels_like|it's a … keeper|bargain|steal|godsend|relief|pleasure|gift|revelation|triumph|masterpiece|treat|marvel",
        +2,
        "For a small shop it is a bargain.",
        foil="It is sold as a gift to parents.",
    ),
    Cue("hats_off|well_done|bravo|kudos|chapeau", +3, "Hats off to the two maintainers."),
    Cue("for_once|at_last", +2, "For once the limits come first."),
    Cue(
        "finally works|mean|means|has|have|makes|make|feels|lets|understands|gives|does|get|gets|fits|reads|behaves",
        +2,
        "Snapshot tests finally mean something.",
    ),
    Cue(
        "someone|somebody … clearly|obviously|actually|must_have|evidently|really thought|cared|watched|tested|used|sat|insisted|tried|listened|lived|worked",
        +3,
        "Somebody clearly tested this with gloves on.",
    ),
    Cue(
        "nobody|no_one … clearly|obviously|evidently|ever|there|has tested|tried|watched|asked|read|checked|used this|it|that|the|with|what",
        -3,
        "Nobody there has tested this with gloves on.",
    ),
    Cue(
        "worth the|its|every|my|a wait|price|money|fee|effort|trouble|penny|cent|dollar|euro|detour|migration|weekend|afternoon",
        +3,
        "The index is worth the wait.",
    ),
    Cue("gladly|happily|willingly pay|paid|renewed|signed", +3, "I gladly paid for a second year."),
    Cue("I|we would|I'd|we'd pay|pay_for|pay_double|pay_twice", +3, "I would pay double."),
    Cue(
        "my|our old|previous|former editor|planner|tool|app|subscription|notebook is|stays|has|was|hasn't gathering|unopened|closed|retired|cancelled|not_been|been",
        +2,
        "My old planner is gathering dust.",
    ),
    Cue(
        "renewals|renewal come|comes|came early|in|before|without",
        +2,
        "Renewals came in before the reminder.",
    ),
)
