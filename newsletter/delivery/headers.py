"""The headers that make a letter a well-behaved newsletter. Pure."""

import re
from email.utils import parseaddr

from newsletter.rendering.letter import MARKS
from newsletter.rendering.personal import Marked, mark

UNSUBSCRIBE = "unsubscribe"
EMAIL = "email"
DATE = "date"
LANGUAGE = "language"
PREFERENCES = "preferences"
VOTE = "vote"
TEST_TOKEN = "test"  # noqa: S105  # it stands in letters marked [Test] and opens nothing


def newsletter_headers(
    *, name: str, sender: str, base_url: str, issue_number: int, nonce: str
) -> tuple[tuple[str, Marked], ...]:
    """Give the headers of one issue, the unsubscribe address with its mark in it.

    Sources: RFC 2369 and 2919 for the List headers, RFC 8058 for one-click unsubscribe. The URL
    is alone in its header, so that no mailbox provider has to choose.
    """
    domain = parseaddr(sender)[1].rpartition("@")[2]
    label = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "newsletter"
    unsubscribe = f"<{base_url}/unsubscribe/{mark(nonce, UNSUBSCRIBE)}>"
    return (
        ("List-Unsubscribe", Marked.split(unsubscribe, nonce, MARKS)),
        ("List-Unsubscribe-Post", Marked.plain("List-Unsubscribe=One-Click")),
        ("List-Id", Marked.plain(f"<{label}.{domain}>")),
        ("List-Archive", Marked.plain(f"<{base_url}/archive>")),
        ("List-Post", Marked.plain("NO")),
        ("Feedback-ID", Marked.plain(f"issue-{issue_number}:{label}:newsletter:{label[:15]}")),
    )
