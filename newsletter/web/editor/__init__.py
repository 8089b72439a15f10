"""Door: the editors' pages. Who may open which is said by what each handler asks for; see ``visits``."""

from newsletter.web.editor import (
    account,
    home,
    importing,
    log,
    passkeys,
    people,
    reader,
    sign_in,
    subscribers,
    suppressions,
)

DOORS = (
    *(home, sign_in, passkeys, account, people, log),
    *(subscribers, suppressions, importing, reader),  # the last takes any name for a reader's
)
