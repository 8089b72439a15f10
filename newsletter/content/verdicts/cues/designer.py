"""Cues of the designer, who asks whether the thing respects the person in front of it."""

from newsletter.content.verdicts.cues.cue import Cue

DESIGNER = (
    Cue(
        "respects|respect the|your|a user*|time|reader|attention|craft|work|hand",
        +2,
        "It respects your attention.",
    ),
    Cue("gets|get|stays|stay out of the|your|my way", +2, "The toolbar gets out of your way."),
    Cue("gets|get in the|your|my way", -2, "The assistant gets in your way."),
    Cue(
        "feels|feel|is|are … considered|thoughtful|intentional|deliberate|crafted",
        +2,
        "The spacing feels considered.",
    ),
    Cue(
        "feels|feel … unfinished|rushed|generic|cheap|clumsy|dated|bolted",
        -3,
        "The settings page feels unfinished.",
    ),
    Cue("bolted on|onto", -2, "Comments were bolted on late."),
    Cue("not|isn't|never|aren't bolted on|onto", +2, "Comments are native, not bolted on."),
    Cue(
        "has|with|shows real|actual|genuine? taste|opinion|opinions",
        +2,
        "The default palette has taste.",
    ),
    Cue("no|without taste|opinion|personality|hierarchy", -2, "The layouts have no hierarchy."),
    Cue("half-finished|half-baked|unfinished", -2, "The export dialog is half-finished."),
    Cue(
        "AI|template slop|sheen|sameness", -3, "Everything leaves with the same template sameness."
    ),
    Cue(
        "looks|look|looked like every|any other|another",
        -2,
        "Each page looks like every other page.",
    ),
    Cue(
        "looks|look|reads|sounds|sound … generic|generated|plastic|uncanny|robotic",
        -3,
        "Skin looks plastic.",
    ),
    Cue(
        "sounds|looks|reads natural|human|handmade|convincing",
        +2,
        "The second speaker sounds human.",
    ),
    Cue("client work|deliverable|presentation", 0, "Somebody does client work with it."),
    Cue(
        "usable|good|ready … for|in client|real|paid|professional work",
        +3,
        "The stems are good enough for paid work.",
    ),
    Cue(
        "not|isn't|aren't … usable|ready … client|real|paid|professional work",
        -3,
        "The masks are not ready for paid work.",
    ),
    Cue(
        "keeps|leaves|puts me|you|people|artists|designers|editors in control",
        +2,
        "Layers keep it mine and the mask keeps me in control.",
    ),
    Cue(
        "no|without|lose|loses|losing|little … control",
        -2,
        "You lose control after the first prompt.",
    ),
    Cue(
        "breaks|break|breaking the|your|my flow|concentration|illusion",
        -2,
        "Each render breaks my flow.",
    ),
    Cue("learning curve is", -2, "The learning curve is a wall."),
    Cue("gentle|short|shallow|no learning curve", +2, "It has a gentle learning curve."),
    Cue("confusing|cluttered|jarring|disorienting", -2, "The timeline is cluttered."),
    Cue("inaccessible|illegible|unreadable", -2, "Grey on grey is unreadable."),
    Cue(
        "onboarding is … good|excellent|clear|short|honest|great|fast",
        +2,
        "The onboarding is short.",
    ),
    Cue(
        "onboarding is … long|broken|confusing|slow|a|bad",
        -2,
        "The onboarding is a tour of sales slides.",
    ),
    Cue("too many steps|clicks|menus|screens", -2, "There are too many screens before the canvas."),
    Cue("delight|delights|delightful|joy", +1, "Scrubbing the timeline is a joy."),
    Cue("muscle memory", +1, "The shortcuts reward muscle memory."),
    Cue("does|do the whole|entire job", +3, "It does the whole job, down to the invoice."),
    Cue("half a|the product|job", -3, "Without export this is half a product."),
    Cue("job|job-to-be-done here? is … clear|sharp|obvious", +2, "The job here is clear."),
    Cue(
        "still need|needs|open|keep your|the|another|a old|other|existing|second|separate tool|editor|app",
        -2,
        "You will still need your old editor.",
    ),
    Cue(
        "fits|slots|slips into the|an|my|your existing? workflow|routine",
        +2,
        "It fits into my routine.",
    ),
    Cue("tries to do|be everything", -2, "The sidebar tries to do everything."),
    Cue("indistinguishable", +2, "The upscaled scans are indistinguishable."),
    Cue("inconsistent", -1, "Line weights are inconsistent."),
    Cue("no opinion on|about", 0, "It has no opinion on folders."),
)
