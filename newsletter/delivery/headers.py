"""The headers that make a letter a well-behaved newsletter. Pure."""

import re
from email.utils import parseaddr

from newsletter.delivery.message import UNSUBSCRIBE
from newsletter.rendering.personal import Marked, mark
from newsletter.rendering.rendered import MARKS

EMAIL = "email"
DATE = "date"
LANGUAGE = "language"
PREFERENCES = "preferences"
VOTE = "vote"
BY_MAIL = "by-mail"
TEST_TOKEN = "test"  # noqa: S105  # it stands in letters marked [Test] and opens nothing

_IN_HEADERS = MARKS | {BY_MAIL}


def newsletter_headers(
    *, name: str, sender: str, base_url: str, issue_number: int, nonce: str, inbound: str | None
) -> tuple[tuple[str, Marked], ...]:
    """Give the headers of one issue, the ways out with their marks in them.

    Sources: RFC 2369 and 2919 for the List headers, RFC 8058 for one-click unsubscribe. The URL
    stands first, and where mail reaches us the address to write to beside it.
    """
    domain = parseaddr(sender)[1].rpartition("@")[2]
    label = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "newsletter"
    unsubscribe = f"<{base_url}/unsubscribe/{mark(nonce, UNSUBSCRIBE)}>"
    if inbound is not None:
        local, _, host = inbound.rpartition("@")
        unsubscribe += f", <mailto:{local}+{mark(nonce, BY_MAIL)}@{host}?subject=unsubscribe>"
    return (
        ("List-Unsubscribe", Marked.split(unsubscribe, nonce, _IN_HEADERS)),
        ("List-Unsubscribe-Post", Marked.plain("List-Unsubscribe=One-Click")),
        ("List-Id", Marked.plain(f"<{label}.{domain}>")),
        ("List-Archive", Marked.plain(f"<{base_url}/archive>")),
        ("List-Post", Marked.plain("NO")),
        ("Feedback-ID", Marked.plain(f"issue-{issue_number}:{label}:newsletter:{label[:15]}")),
    )
