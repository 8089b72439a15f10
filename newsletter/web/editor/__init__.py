"""Door: the editors' pages. Who may open which is said by what each handler asks for; see ``visits``."""

from newsletter.web.editor import (
    account,
    compose,
    compose_card,
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
    *(home, issues, compose, compose_card, preview, difference, mailboxes),
    *(live, moving, doubts, report, growth, corrections, correction),
    words,  # takes any name for a word
    *(sign_in, passkeys, account, people, log),
    *(subscribers, suppressions, importing, reader),  # the last takes any name for a reader's
)
