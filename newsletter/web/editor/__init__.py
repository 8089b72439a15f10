"""Door: the editors' pages. Who may open which is said by what each handler asks for; see ``visits``."""

from newsletter.web.editor import home, log
from newsletter.web.editor.afterwards import growth, report
from newsletter.web.editor.composing import compose, compose_card
from newsletter.web.editor.correcting import correction, corrections
from newsletter.web.editor.entry import account, passkeys, people, sign_in
from newsletter.web.editor.issue import issues, words
from newsletter.web.editor.leaving import doubts, live, moving
from newsletter.web.editor.previewing import difference, mailboxes, preview
from newsletter.web.editor.readers import (
    importing,
    reader,
    reader_buttons,
    subscribers,
    suppressions,
)

DOORS = (
    *(home, issues, compose, compose_card, preview, difference, mailboxes),
    *(live, moving, doubts, report, growth, corrections, correction),
    words,  # takes any name for a word
    *(sign_in, passkeys, account, people, log),
    *(subscribers, suppressions, importing),
    *(reader, reader_buttons),  # take any name for a reader's
)
