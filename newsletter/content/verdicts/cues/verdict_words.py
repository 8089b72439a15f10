"""Cues every reviewer may use: the words of a verdict itself."""

from newsletter.content.verdicts.cues.cue import Cue

VERDICT_WORDS = (
    Cue(
        "earn|earns|earned|deserve|deserves a|the|its|my clear|easy|solid|full|cautious? ship",
        +4,
        "A parser this careful earns the ship.",
        foil="It is hard to see how a parser this careless earns the ship.",
    ),
    Cue(
        "is|it's|that's a|an clear|easy|solid|strong|confident|straightforward? ship $",
        +4,
        "For a team of two this is an easy ship.",
        foil="Friday is a ship date for half the industry.",
    ),
    Cue(
        "I'd|I'll|we'd|I_would|I_will|we_would happily|gladly? ship this|it",
        +4,
        "I would ship this to a paying customer tomorrow.",
        foil="Nobody I know will ship this.",
    ),
    Cue("^ ship it|this $", +4, "Ship it, and delete the old cron job."),
    Cue("^ ships now|today? because", +4, "Ships because the hard part is already done."),
    Cue("worth shipping|adopting|switching", +4, "The diff view alone makes it worth adopting."),
    Cue("worth paying for", +3, "The nightly export is worth paying for."),
    Cue("why|reason this|it ships", +4, "The audit trail is the reason this ships."),
    Cue("I'm|I_am keeping|using it|this", +3, "After a month of tickets I am keeping it."),
    Cue(
        "doesn't|don't|didn't|not|never|can't|cannot … earn|earning|deserve a|the|its ship",
        -4,
        "A nicer landing page does not earn the ship.",
    ),
    Cue(
        "would|could|might|may|to earn|deserve|become|be a|the|its ship",
        -4,
        "It needs an export button to be a ship.",
    ),
    Cue(
        "I'd|I_would|we'd … ship|use|adopt|buy this|it if|once|when|after",
        -4,
        "I would ship this once it can survive a restart.",
    ),
    Cue(
        "before I'd|I|we'd|I_would|I_can ship|use|trust|adopt",
        -4,
        "They owe us an audit before I would ship.",
    ),
    Cue(
        "wouldn't|won't|can't|cannot|don't ship this|it",
        -4,
        "I can't ship this to anyone with a compliance team.",
    ),
    Cue("isn't|not yet? a ship $", -4, "This is not a ship until deletion deletes."),
    Cue(
        "from being|becoming a ship",
        -4,
        "One missing permission model keeps it from being a ship.",
    ),
    Cue("short of a|the ship", -4, "It stops just short of a ship."),
    Cue(
        "is|it's|that's a|an clear|easy|hard|firm|confident|strong|solid? skip $",
        -4,
        "Without a rollback this is a hard skip.",
        foil="There is a skip link at the top of every page.",
    ),
    Cue("earn|earns|earned a|the|its … skip", -4, "A demo without a repository earns the skip."),
    Cue(
        "I'd|I'm|I_would|I_am skip|skipping",
        -4,
        "I'm skipping until the license is settled.",
        foil="It lets the user skip the tutorial.",
    ),
    Cue("^ skip it|this|until|for|unless", -4, "Skip it until the second release."),
    Cue("not|isn't a … skip $", 0, "It is close, but it is not a skip."),
    Cue("not|isn't|aren't|hardly worth", -3, "It is not worth a second login."),
    Cue(
        "weak|narrow|conditional|cautious|reluctant|qualified ship $", +2, "It is a reluctant ship."
    ),
    Cue("an|my easy|clear yes", +4, "For a newsroom this is an easy yes."),
    Cue("a hard|clear|firm? no|pass $", -4, "Without logs it is a hard pass."),
    Cue("no|pass|skip from|for me", -4, "The pricing makes it a no from me."),
    Cue(
        "I'd|I'll|I_would|I_will use|adopt|buy|fund|reach_for|pay_for this|it",
        +3,
        "I would use it for invoices.",
    ),
    Cue(
        "I wouldn't|won't|can't|cannot|don't use|adopt|buy|fund|trust|pay_for|recommend this|it",
        -4,
        "I can't recommend it to a school.",
    ),
    Cue("I'd|I_would|I_can|I'd_happily recommend", +3, "I can recommend the offline mode."),
    Cue("I'm|I_am|remain not|hardly convinced|sold|persuaded", -3, "I am not convinced."),
    Cue("I'm|I_am|I_was sold $", +2, "After the second import I was sold."),
    Cue("I don't|can't|won't buy the|that|this|it", -3, "I don't buy the story about agents."),
    Cue("I buy the|that|this", +2, "I buy the reasoning, which I did not expect."),
    Cue("^ a|an? easy|clear|solid|confident ship $", +4, "Easy ship for a team of two."),
    Cue("^ a|an? easy|clear|hard|firm skip $", -4, "Hard skip for anyone with an auditor."),
    Cue("^ ship, with", +3, "Ship, with an eye on the export."),
)
