"""Sample copies of an issue: made by the same calls as a reader's, with nobody's address in them."""

from dataclasses import dataclass

from newsletter.delivery.claiming import Recipient
from newsletter.delivery.letterhead import Letterhead
from newsletter.delivery.message import Message
from newsletter.issues import frozen
from newsletter.issues.models import Issue
from newsletter.rendering.letter import archive_page
from subscribers.tokens import PUBLIC_ID_CHARACTERS

SAMPLE_ADDRESS = "reader@example.org"
NOBODY = "A" * PUBLIC_ID_CHARACTERS
"""A public id of nobody's; its tokens are genuine and have the length of real ones."""

_ATTEMPT = "preflight"


@dataclass(frozen=True, slots=True)
class Person:
    """Whose links a sample holds."""

    public_id: str = NOBODY
    token_epoch: int = 0


def sample(letterhead: Letterhead, issue: Issue, person: Person) -> Message:
    """Write a copy of an issue with a person's genuine links, to an address of nobody's."""
    recipient = Recipient(0, person.public_id, SAMPLE_ADDRESS, person.token_epoch)
    return letterhead.message(issue.number, issue.local_date, recipient, _ATTEMPT)


def preview(issue: Issue, letterhead: Letterhead) -> dict[str, str]:
    """Give the letter as one reader would get it, by file ending: filled as in a send."""
    letter = frozen.rendered(issue)
    values = sample(letterhead, issue, Person()).values
    return {
        ".html": letter.marked_html().fill_html(values),
        ".txt": letter.marked_text().fill(values),
        "-archive.html": archive_page(frozen.view(issue)),
    }
