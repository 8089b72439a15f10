"""Door: the editors' pages. Who may open which is said by what each handler asks for; see ``visits``."""

from newsletter.web.editor import account, home, issues, log, passkeys, people, sign_in

DOORS = (home, issues, sign_in, passkeys, account, people, log)
