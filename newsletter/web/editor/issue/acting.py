"""What editors' words about an issue have in common: they are noted, and let pass only what was shown."""

from collections.abc import Collection, Sequence

from newsletter.editors.acts import Act
from newsletter.editors.sessions import Visit
from newsletter.errors import NewsletterError
from newsletter.notices.letters import Beside
from newsletter.preflight.passing import Telling, name_of
from newsletter.rendering.checks import Finding
from newsletter.web.editor.noting import note


class FoundMore(NewsletterError):
    """Preflight found what the editor was not shown."""

    code = "found-more"


def refusing_what_is_new(shown: Collection[str]) -> Telling:
    """Let no finding pass that the editor was not shown."""

    def refuse(findings: Sequence[Finding]) -> None:
        if {name_of(found) for found in findings if found.level == "hold"} - set(shown):
            raise FoundMore

    return refuse


def noted(visit: Visit, act: Act, number: int, detail: str = "") -> Beside:
    """Write an act on an issue down, in the transaction that does it."""
    return lambda session: note(session, visit, act, f"issue {number}", detail)
