"""Sayings of praise for the thing itself, which mean little taken word by word."""

from newsletter.content.verdicts.cues.cue import Cue

PRAISE = (
    Cue("explains itself|themselves", +2, "The planner explains itself."),
    Cue(
        "documented|finished|thought_through|correct down to the",
        +2,
        "Limits are documented down to the header.",
    ),
    Cue(
        "favourite|favorite|best part|thing|detail|feature|touch|moment here? is",
        +2,
        "My favourite part is the dry run.",
    ),
    Cue("honest to a fault", +2, "The manual is honest to a fault."),
    Cue(
        "as good|fast|accurate|careful|quick|cheap|simple|clear as they|the|any|a|promised|advertised|it_sounds|claimed",
        +2,
        "The recall is as good as a clerk's.",
    ),
    Cue(
        "not|isn't|never|nearly|half as good|fast|accurate|clear|simple as",
        -2,
        "It is not as good as a clerk.",
    ),
    Cue("a joy|pleasure|delight to|from", +2, "The editor is a joy to use."),
    Cue("punches above its", +3, "The small model punches above its weight."),
    Cue("nails|nailed the|it|this|that", +3, "The second release nails it."),
    Cue(
        "shines|shone|excels|excelled at|when|with|in|on|where",
        +2,
        "It shines at tables.",
        main=True,
    ),
    Cue("stands|stood|sets|set itself? out|apart|alone", +2, "The undo stands out."),
    Cue("second to none", +3, "The type engine is second to none."),
    Cue(
        "game-changer|game_changer|no-brainer|must-have|lifesaver|life-saver",
        +3,
        "For a clinic it is a no-brainer.",
        foil="Nobody calls it a no-brainer.",
    ),
    Cue(
        "indispensable|invaluable|unmatched|unrivalled|unrivaled|unbeatable|unparalleled",
        +2,
        "By the second week it was indispensable.",
    ),
    Cue("worth it|every|having|the", +2, "For the index alone it is worth it."),
    Cue(
        "highly|warmly|wholeheartedly|strongly recommend|recommended", +4, "I warmly recommend it."
    ),
    Cue(
        "can't|cannot|couldn't|could_not|won't|would_not live|work|manage without it|this",
        +3,
        "I cannot work without it.",
    ),
    Cue("I|we wish I|we had|I'd|we'd had|found|known", +3, "I wish I had found it in May."),
    Cue("attention to detail", +2, "The dialogs show attention to detail."),
    Cue("thought of everything", +3, "They have thought of everything."),
    Cue("got|gets|stays|stayed|keeps|kept out of the|your|my|our way", +2, "It got out of my way."),
    Cue(
        "lets|let me|us|you|people draw|work|focus|think|concentrate|write|sleep|breathe|read|forget|get_on|finish",
        +2,
        "It let me draw.",
    ),
    Cue("does|did|do the work|job of", +2, "It does the work of two clerks."),
    Cue(
        "takes|took|needs|cost|costs|is … instead|rather of|than",
        +1,
        "The close takes two days instead of nine.",
    ),
    Cue(
        "days|hours|minutes|weeks|seconds|lines|clicks|steps|people instead of",
        +1,
        "It takes two days instead of nine.",
    ),
    Cue(
        "none|nobody|no_one … asked|wants|wanted|asks to switch_back|go_back|leave|return",
        +3,
        "None of them has asked to switch back.",
    ),
    Cue("pay|pays only? for what you|we|they use", +2, "You pay for what you use."),
    Cue(
        "first-class|top-notch|rock-solid|battle-tested|world-class|airtight|bulletproof|watertight|future-proof",
        +2,
        "The offline mode is rock-solid.",
    ),
    Cue("rock solid", +3, "The sync is rock solid."),
    Cue(
        "well thought|well_thought_out|well-thought-out|well-designed|well-made|well-built|well-crafted|well-written|well-chosen|well-tested|well-behaved|well-judged|well_designed|well_made|well_built|well_crafted|well_written|well_chosen|well_judged",
        +2,
        "The defaults are well chosen and well thought through.",
    ),
    Cue("breath of fresh", +3, "After the last five it is a breath of fresh air."),
    Cue("a breeze|cinch|doddle", +2, "Moving hosts is a breeze."),
    Cue(
        "seamless|seamlessly|effortless|effortlessly|hassle-free|frictionless|painlessly",
        +2,
        "Moving hosts is effortless.",
    ),
    Cue("like a charm", +3, "It worked like a charm."),
    Cue("the way it|they|this|one|software should|ought_to", +2, "It stops the way it should."),
    Cue("sets|raises the|a bar|standard", +3, "The manual raises the bar."),
    Cue("to its|their credit", +2, "To their credit the price is on the page."),
    Cue(
        "deserves|deserve|earns|earned|merits credit|praise|attention|applause|its_place|a_place|its_keep|its_price|respect|the_hype",
        +2,
        "The manual deserves praise.",
    ),
    Cue(
        "built|made|written|designed|drawn|set|chosen|edited|run by|for people|someone|somebody|engineers|grown-ups who|by",
        +2,
        "It is built by people who cook.",
    ),
)
