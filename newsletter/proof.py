"""The proof of an issue: what would leave, as one reader would get it, and what is wrong with it."""

from newsletter.delivery.headers import (
    EMAIL,
    EXPIRING_TOKEN_CHARACTERS,
    PREFERENCES,
    TOKEN_CHARACTERS,
    UNSUBSCRIBE,
    VOTE,
)
from newsletter.issues import frozen
from newsletter.issues.models import Issue
from newsletter.rendering.checks import Finding, check
from newsletter.rendering.letter import archive_page
from newsletter.rendering.views import Brand

SAMPLE = {
    UNSUBSCRIBE: "A" * TOKEN_CHARACTERS,
    PREFERENCES: "A" * EXPIRING_TOKEN_CHARACTERS,
    VOTE: "A" * TOKEN_CHARACTERS,
    EMAIL: "reader@example.org",
}
"""Values of nobody's; the tokens have the length of real ones."""

NO_AUDIENCE = Finding(
    "audience-empty",
    "block",
    "no active subscriber would get it; see: newsletter subscribers import",
    "audience",
)

SETTINGS_CHANGED = Finding(
    "settings-changed",
    "block",
    "it was built with another name, sender or address; build it again: newsletter issue build",
    "settings",
)


def preview(issue: Issue) -> dict[str, str]:
    """Give the letter as one reader would get it, by file ending: filled as in a send."""
    letter = frozen.rendered(issue)
    return {
        ".html": letter.marked_html().fill_html(SAMPLE),
        ".txt": letter.marked_text().fill(SAMPLE),
        "-archive.html": archive_page(frozen.view(issue)),
    }


def preflight(issue: Issue, brand: Brand, *, audience: int) -> list[Finding]:
    """Check what would leave, as it is frozen.

    Args:
        issue: as it is stored.
        brand: as it is configured now.
        audience: how many would get it now.
    """
    view = frozen.view(issue)
    if view.brand != brand:
        return [SETTINGS_CHANGED]
    findings = check(frozen.rendered(issue), view, marks=SAMPLE, brand=brand)
    return findings if audience else [*findings, NO_AUDIENCE]
