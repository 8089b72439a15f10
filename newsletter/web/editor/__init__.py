"""Door: the editors' pages. Who may open which is said by what each handler asks for; see ``visits``."""

from newsletter.web.editor import (
    account,
    difference,
    home,
    issues,
    log,
    mailboxes,
    passkeys,
    people,
    preview,
    sign_in,
    words,
)

DOORS = (
    home,
    issues,
    preview,
    difference,
    mailboxes,
    words,
    sign_in,
    passkeys,
    account,
    people,
    log,
)
