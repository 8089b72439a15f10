"""Cues that set one thing against another: instead of, so that, no longer, still, about to."""

from newsletter.content.verdicts.cues.cue import Cue

CONTRASTS = (
    Cue(
        "instead|rather of|than guessing|inventing|hanging|hiding|pretending|crashing|losing|dropping|failing|archiving|swallowing|panicking|bluffing|nagging|interrupting|apologising|retrying|burying",
        +2,
        "It stops and asks instead of guessing.",
        foil="I looked for a tool that asks instead of guessing and I am looking yet.",
    ),
    Cue(
        "instead|rather of|than asking|fixing|answering|helping|explaining|saying|telling|solving|reading|listening|checking|admitting|thinking|warning|learning",
        -2,
        "It opens a chat window instead of answering.",
    ),
    Cue(
        "for|want|wanted|need|look|looked … tool|app|one that …… instead|rather of|than guessing|asking",
        0,
        "I looked for a tool that asks instead of guessing.",
    ),
    Cue(
        "covers|covered|handles|handled every|each|all single? case|cases|question|questions|format|formats|edge",
        +2,
        "The guide covers every case.",
    ),
    Cue(
        "survives|survived being|contact|the|anything",
        +2,
        "It survives being unplugged.",
        main=True,
    ),
    Cue(
        "no longer works|matches|loads|opens|compiles|supported|maintained|updated",
        -2,
        "The example no longer compiles.",
    ),
    Cue(
        "hammers|hammered|overwhelms|overwhelmed|spams|spammed|clogs|clogged",
        -2,
        "The retry loop hammers the host.",
        main=True,
    ),
    Cue(
        "only by reading|asking|guessing|digging|trial|accident|chance|calling",
        -2,
        "You learn the limit only by accident.",
    ),
    Cue(
        "only discoverable|visible|possible|reachable|usable by|after|if|with|through|when",
        -2,
        "The option is only discoverable by accident.",
    ),
    Cue("still does what|exactly|its", +2, "After a year it still does what it did."),
    Cue(
        "nobody|no_one outside|inside|else …… has|can|could been_able|reproduce|reproduced|verify|verified|explain|check|confirm|repeat",
        -3,
        "Nobody outside the lab could repeat it.",
    ),
    Cue(
        "a pile|wall|parade|jumble|hodgepodge|patchwork|graveyard|tangle|maze of",
        -2,
        "The sidebar is a wall of badges.",
        foil="It makes one table out of a pile of receipts.",
    ),
    Cue(
        "out of|through|into|from a pile|wall|parade|jumble|patchwork|tangle|maze of",
        0,
        "It makes one table out of a pile of receipts.",
    ),
    Cue(
        "a|the list of adjectives|promises|logos|excuses|slogans|hopes",
        -2,
        "The security page is a list of adjectives.",
    ),
    Cue(
        "is|this_is|that_is how …… should|win|wins|ought|starts|begins",
        +2,
        "The format is plain text, which is how standards win.",
    ),
    Cue(
        "will look|seem|feel obvious|natural|inevitable|normal",
        +2,
        "In ten years the log will look obvious.",
    ),
    Cue(
        "will look|seem|feel quaint|dated|silly|ridiculous|embarrassing|old",
        -2,
        "In two years the avatar will look quaint.",
        foil="The record of a deploy without one may soon look careless.",
    ),
    Cue(
        "without … will look|seem|feel quaint|dated|silly|careless|strange|reckless",
        +2,
        "In ten years work without a log will look careless.",
    ),
    Cue(
        "approach|design|plan|idea|thesis|product|pitch|strategy|roadmap assumes|presumes|presupposes",
        -2,
        "The whole design assumes patience.",
    ),
    Cue(
        "is|are|remains|as a|an workaround|stopgap|detour|crutch|patch",
        -2,
        "The proxy is a workaround.",
        main=True,
    ),
    Cue(
        "about|going to disappear|vanish|end|die|expire|become_obsolete|be_free",
        -2,
        "The form it fills in is about to disappear.",
    ),
    Cue(
        "will be gone|obsolete|irrelevant|forgotten|unnecessary|free",
        -2,
        "The gap it fills will be gone by May.",
    ),
    Cue(
        "cannot|can't|won't|will_not become|win|last|compete|keep_up|grow_into|outlast|outlive",
        -3,
        "A closed format cannot become a standard.",
    ),
    Cue(
        "and|but|with no|zero <wanted>|customers|revenue|buyers|exit|users|product|memory|taste|brakes",
        -2,
        "It has tabs and no history.",
        main=True,
    ),
    Cue(
        "margins|margin|revenue|growth|economics|roadmap|price|prices|service|everything … depend|depends|rest|rests|hinge|hinges|rely|relies on a|an|one|two|the|its|their|other|someone|somebody|cheap",
        -2,
        "Margins depend on one supplier.",
    ),
    Cue(
        "every|each …… has a|an|its reason|purpose|label|name|source|owner|place|undo|history|citation",
        +2,
        "Every rule has a reason.",
    ),
    Cue(
        "so <praised>|good|well|little|natural that",
        +2,
        "The import is so quiet that I checked twice.",
    ),
    Cue(
        "so <blamed>|bad|poor|badly|poorly|often|heavy|small|long that",
        -2,
        "The import is so slow that I checked twice.",
    ),
    Cue(
        "says|said|admits|stated|shown so? upfront|in_bold|on_page_one|up_front|on_the_first_page",
        +2,
        "The limit is shown up front.",
    ),
    Cue(
        "admits|admitted uncertainty|doubt|its|that|when|what|it|defeat|ignorance",
        +2,
        "It admits doubt.",
        foil="I wish more of them admitted uncertainty.",
        main=True,
    ),
    Cue("honest about", +2, "The readme is honest about its size."),
    Cue("can afford to wait|fail|ignore|be", +1, "They can afford to wait."),
    Cue("what … was built|made|meant for", +1, "It is what the format was built for."),
    Cue(
        "less|fewer … than before|it_was|they_were|ever|last|a_year_ago",
        +1,
        "I type less than before.",
    ),
    Cue("more … than before|it_was|they_were|ever|in_years", +1, "I draw more than before."),
    Cue(
        "I|we|you barely|hardly|rarely|scarcely notice|noticed|think|touch|touched|open|opened|wait|waited|type",
        +2,
        "You barely notice the tray.",
    ),
    Cue(
        "barely|hardly usable|usable|legible|readable|works|worked|moves|runs|loads|audible|functional",
        -2,
        "On a phone it is barely usable.",
    ),
    Cue(
        "easier|simpler|quicker|faster|cheaper to …… than",
        +1,
        "It is easier to check than to write.",
    ),
    Cue(
        "harder|slower|dearer|riskier|more_expensive to …… than",
        -2,
        "It is harder to check than to write.",
    ),
)
