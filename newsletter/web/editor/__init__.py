"""Door: the editors' pages. Who may open which is said by what each handler asks for; see ``visits``."""

from newsletter.web.editor import (
    account,
    correction,
    corrections,
    difference,
    doubts,
    growth,
    home,
    importing,
    issues,
    live,
    log,
    mailboxes,
    moving,
    passkeys,
    people,
    preview,
    reader,
    report,
    sign_in,
    subscribers,
    suppressions,
    words,
)

DOORS = (
    *(home, issues, preview, difference, report, growth, mailboxes, corrections, correction),
    *(live, moving, doubts, words),  # the last takes any name for a word
    *(sign_in, passkeys, account, people, log),
    *(subscribers, suppressions, importing, reader),  # the last takes any name for a reader's
)
