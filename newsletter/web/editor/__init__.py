"""Door: the editors' pages. Who may open which is said by what each handler asks for; see ``visits``."""

from newsletter.web.editor import (
    account,
    compose,
    compose_card,
    difference,
    home,
    importing,
    issues,
    log,
    mailboxes,
    passkeys,
    people,
    preview,
    reader,
    sign_in,
    subscribers,
    suppressions,
    words,
)

DOORS = (
    *(home, issues, preview, difference, mailboxes, compose, compose_card, words),
    *(sign_in, passkeys, account, people, log),
    *(subscribers, suppressions, importing, reader),  # the last takes any name for a reader's
)
