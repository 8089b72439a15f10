"""Cues of money as people speak of it: what it costs, what it returns, who stays."""

from newsletter.content.verdicts.cues.cue import Cue

MONEY = (
    Cue("costs|cost less|half than|what|as|of", +2, "It costs less than the coffee."),
    Cue(
        "costs|cost more|them_more|us_more|you_more|double|twice than|what|as|to",
        -2,
        "It costs more than the mistake.",
        foil="A wrong answer costs more than none.",
    ),
    Cue(
        "mistake|answer|error|outage|delay costs|cost more|them_more|us_more|twice than|what|as",
        0,
        "A mistake costs more than a check.",
    ),
    Cue("for the price of", +2, "You get a season for the price of a lunch."),
    Cue(
        "for what it|this|they costs|cost|charges|charge",
        -2,
        "For what it charges I can hire a clerk.",
    ),
    Cue(
        "for that|this|the_same|half_the money|price|sum I|you|we can|could|get",
        -2,
        "For that money you can hire a clerk.",
    ),
    Cue(
        "pay|paying|pays|charges|charge|charging|costs …… times what|the|as|more",
        -3,
        "You are paying four times what it costs them.",
    ),
    Cue(
        "price|fee|bill doubles|triples|jumps|rises|climbs|explodes",
        -2,
        "The price jumps after the pilot.",
    ),
    Cue("lose|loses|losing|lost money on|with|for|per", -3, "They lose money on every call."),
    Cue(
        "profitable",
        +2,
        "The pilot was profitable by May.",
        foil="Nothing that runs on stickers is profitable.",
    ),
    Cue("earned|earns|pays|paid itself? back", +2, "The licence paid itself back in a month."),
    Cue(
        "renew|renews|renewed|renewals|signed|sign|stayed|stay early|before|without|for|come|came a? second|another|third|next|discount|anybody|anyone|year",
        +2,
        "Eight of ten renewed without a discount.",
    ),
    Cue(
        "without a|any discount|reminder|sales|salesperson|meeting",
        +2,
        "The second year was signed without a reminder.",
    ),
    Cue(
        "credits|trial|discount|novelty|grant|hype|subsidy|subsidies|funding|bonus|honeymoon … run|runs|ran|ends|ended|end|expire|expires|wears|fades|dries|stops",
        -2,
        "The credits expire in June.",
        foil="It reminds me before the trial ends.",
    ),
    Cue(
        "has|have no|little budget|money|revenue|customers|pipeline",
        -2,
        "The ward likes it and the ward have no money.",
    ),
    Cue(
        "compete|competes|competing on|with price|free|a_company|companies|its_own",
        -2,
        "They compete on price.",
    ),
    Cue(
        "hope|advertising|luck|goodwill|fundraising|virality is|as|isn't|is_not the|a|their plan|strategy|business_model|product",
        -3,
        "Hope is the plan.",
    ),
    Cue(
        "customer|customers|user|users|you|anyone|client|clients can|could|may leave|cancel|switch in|within|tomorrow|overnight|at|for",
        -2,
        "A client can leave in a morning.",
    ),
    Cue(
        "every|each deal|customer|sale|install|installation|account needs|requires|takes|means|wants",
        -2,
        "Every sale needs a workshop.",
    ),
    Cue(
        "will|would never allow|approve|let|sign|buy|pay|use|accept|pass|read|switch",
        -3,
        "A bank will never sign that.",
    ),
    Cue("sells|selling|sold itself|themselves", +2, "After the pilot it sells itself."),
    Cue(
        "price … hasn't|has_not|never moved|changed|risen|gone",
        +2,
        "The price has not moved in years.",
    ),
    Cue(
        "is|was|seems|feels … underpriced|well_priced|fairly_priced|good_value|great_value|value_for_money",
        +2,
        "At nine euros it is good value.",
    ),
    Cue(
        "less than a|the|one|my|our coffee|lunch|contractor|hour|meeting|phone_bill|taxi|parking_ticket",
        +2,
        "A seat is less than a taxi ride, less than a lunch.",
    ),
    Cue("tax on", -2, "The viewer fee is a tax on reading."),
    Cue(
        "locks|lock|locked|traps|trap you|us|me|customers|users|teams|people in|into",
        -2,
        "The format locks you in.",
    ),
    Cue("give|gives|giving away the|what", -2, "They give away the part that sells."),
    Cue("my|our own|personal credit_card|money|pocket", +2, "I paid from my own pocket."),
    Cue(
        "healthy|fat|generous margins|margin|returns",
        +2,
        "The margins are sound because healthy margins come with repeat work.",
    ),
    Cue(
        "margin|margins is|are … healthy|high|good|excellent|comfortable|real|above",
        +2,
        "The margins are comfortable.",
    ),
    Cue(
        "cheaper|easier to serve|run|maintain|operate|support",
        +2,
        "Each customer is cheaper to serve.",
    ),
)
