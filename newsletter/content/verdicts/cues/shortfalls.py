"""Cues of falling short: it wastes, it hides, it depends, it turns one thing into a worse one."""

from newsletter.content.verdicts.cues.cue import Cue

SHORTFALLS = (
    Cue(
        "useless|unusable|worthless|hopeless|pointless|meaningless|unbearable|unworkable",
        -2,
        "On a phone the editor is unusable.",
        foil="It replaced an unusable editor.",
        main=True,
    ),
    Cue(
        "is|are|was|sells|feels|smells … snake_oil|security_theatre|security_theater",
        -3,
        "The scanner is snake oil.",
    ),
    Cue(
        "is|are|was|were|feels|arrived broken|buggy|laggy|sluggish|slow|unstable|unpredictable|unreliable|incomplete|misleading|wrong $",
        -2,
        "On Windows the tray icon is broken.",
        main=True,
        foil="It tells me when the build is broken.",
    ),
    Cue(
        "turns|turned|degenerates|dissolves|descends into|to <rot>",
        -3,
        "A second brand turns it into chaos or turns into chaos.",
    ),
    Cue("becomes|became|remains <rot>", -2, "Every merge becomes guesswork."),
    Cue(
        "wastes|wasted|waste_of … time|money|hour|hours|day|space|effort|paper|tokens",
        -3,
        "It wastes an hour a week.",
        foil="It shows where my team wastes time.",
        main=True,
    ),
    Cue(
        "sounds|looks|reads right|plausible|confident|convincing|correct and|but|until|while",
        -2,
        "The text sounds right and means nothing.",
    ),
    Cue(
        "leaves|leave|left out the|what|exactly|half|every",
        -2,
        "The digest leaves out the verdict.",
    ),
    Cue("locked|locks … out|in", -2, "Keyboard users are locked out."),
    Cue(
        "I|you|we|users|people|readers|newcomers|beginners|customers am|are|were|was|get|got stuck|trapped|stranded|lost|confused",
        -2,
        "New users get stuck on page two.",
        main=True,
    ),
    Cue(
        "interferes|interfere|conflicts|conflict|collides|collide|clashes|clash|fights with",
        -2,
        "The plug-in conflicts with the spell checker.",
        main=True,
    ),
    Cue(
        "undoes|destroys|ruins|spoils|defeats|undermines|weakens",
        -2,
        "The banner ruins the page.",
        main=True,
    ),
    Cue("makes … worse|harder|longer|slower", -2, "It makes the meeting longer."),
    Cue(
        "makes … easier|better|shorter|lighter|cheaper|safer|faster|clearer|calmer|possible",
        +2,
        "It makes reviews shorter.",
    ),
    Cue(
        "broke|breaks|crashed|corrupted|ruined my|our",
        -2,
        "Updating broke our build.",
        foil="It found the commit that broke our build.",
        main=True,
    ),
    Cue(
        "sometimes|often|usually|always|occasionally|frequently|regularly wrong|late|missing|broken|off|slow|empty|silent|useless",
        -2,
        "Its totals are often wrong.",
    ),
    Cue(
        "one thing and|while …… another", -2, "The preview shows one thing and the printer another."
    ),
    Cue("never <tells>", -2, "It never explains a refusal."),
    Cue("never <pesters>", +2, "It never asks twice.", foil="I have met nobody who never asks."),
    Cue(
        "chose|chosen|picked|selected|graded|scored|wrote|measured … itself|themselves|in-house",
        -2,
        "The sample is one that the company picked itself.",
    ),
    Cue(
        "comes|come|came from investors|employees|friends|the_vendor|the_company|the_founders|its_makers|its_own",
        -2,
        "Both quotes come from employees.",
    ),
    Cue(
        "should not|never have? exist|be_needed|been_needed|be_necessary|need_to_exist|be_this_hard",
        -3,
        "The form it fills in should not exist.",
    ),
    Cue("pulls|drags|drag|pull in", -2, "The client drags in sixty packages."),
    Cue(
        "means starting|rewriting|paying|learning|buying|asking|waiting|a_rewrite|a_migration|another_login|a_second|another|more_work",
        -2,
        "A second tenant means a rewrite.",
        foil="It never means starting over.",
    ),
    Cue(
        "nothing …… can be used|moved|reused|exported|shared|taken|trusted",
        -3,
        "Nothing it learns can be reused.",
    ),
    Cue("will|would|going_to lose to|against|out", -3, "In the long run it will lose to a folder."),
    Cue(
        "that is a debt|trap|problem|mistake|shame|pity|warning|bad|risk|weakness",
        -2,
        "It signs for you, and that is a risk.",
    ),
    Cue(
        "belongs|belong to the vendor|company|provider|platform|maker",
        -2,
        "The history belongs to the vendor.",
    ),
    Cue("what they call a|an|the", -2, "What they call an index is a list."),
    Cue("grey|gray|white on …… grey|gray|white", -2, "Labels are grey on grey."),
    Cue(
        "turns|turned|makes every|each|any|everything … into|look|sound|feel the_same|a|like|alike",
        -3,
        "It turns every logo into a badge.",
    ),
    Cue("told|asked to leave|not|stop", -1, "It edits files it was told to leave."),
    Cue(
        "even when|if|after …… nonsense|wrong|false|empty|failed",
        -2,
        "The light is green even when the answer is wrong.",
    ),
    Cue(
        "next_quarter|coming_soon|next_month|soon … for a|two|over|years",
        -3,
        "The list has said coming soon for two years.",
    ),
    Cue(
        "my|our eyes|eye|wrist|hand|head|patience …… tired|sore|hurt|hurts|ached|ran_out|wore_thin",
        -2,
        "My eyes were tired by noon.",
    ),
    Cue(
        "debugging|upgrading|testing|deploying|leaving|configuring|onboarding|using_it|setup|sharing|migrating means",
        -2,
        "Debugging means reading minified code.",
    ),
    Cue(
        "breaks|fails|crashes|stalls|freezes|hangs more often",
        -2,
        "The new build fails more often.",
        main=True,
    ),
    Cue(
        "do_not|don't work|exist|compile|match|load|open|add_up|survive|agree|line_up",
        -2,
        "The examples do not compile.",
        foil="It lists the links that do not work.",
        main=True,
    ),
    Cue(
        "changed|moved|renamed|broke|reset twice|three_times|four_times|again",
        -2,
        "The terms changed twice in May.",
        main=True,
    ),
    Cue(
        "strip|peel|take out|away|off …… and you|what have|get|remains|are_left|is_left",
        -3,
        "Strip out the chrome and you have a form.",
    ),
    Cue(
        "last year's|decade's|century's problem|problems|technology|idea|ideas|war|model|answer",
        -3,
        "It fights last year's war.",
    ),
    Cue(
        "yesterday's problem|problems|technology|idea|ideas|war|model|answer|news",
        -3,
        "It is yesterday's answer.",
    ),
    Cue(
        "a|an strange|poor|bad|odd|weak|shaky|curious|terrible|dubious place|way|time|foundation|choice|fit|basis|idea|reason to|for|on",
        -2,
        "A walled garden is a strange place to start.",
    ),
    Cue(
        "forum|channel|roadmap|changelog|repository|inbox … is|was|has_been empty|silent|dead|deserted|quiet|frozen",
        -2,
        "The forum is deserted.",
    ),
    Cue(
        "spend|spent|spends more|longer time …… than",
        -2,
        "I spent more time on menus than on words.",
    ),
    Cue(
        "and calls|call it|that|this help|progress|a|an|innovation|intelligence|magic|done|research",
        -3,
        "It shuffles my layers and calls it help.",
    ),
    Cue(
        "whoever made|designed|wrote|built|drew …… never",
        -3,
        "Whoever drew the settings page has never had to use it.",
    ),
)
