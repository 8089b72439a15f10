"""What is frozen in an issue's row, read back as the values it was made of."""

import json

from newsletter.issues.models import Issue
from newsletter.rendering.letter import Rendered
from newsletter.rendering.views import IssueView


def rendered(issue: Issue) -> Rendered:
    """Give the letter as it was rendered, with its marks unfilled."""
    return Rendered(
        subject=issue.subject,
        preheader=issue.preheader,
        html=issue.html,
        text=issue.text,
        nonce=issue.nonce,
    )


def view(issue: Issue) -> IssueView:
    """Give the content of the issue, from which archive, feed and checks are made."""
    return IssueView.from_json(json.loads(issue.content))


def passed_over(issue: Issue) -> list[tuple[str, str]]:
    """Give title and reason of each comparison that was passed over when the issue was built."""
    return [(decision["title"], decision["because"]) for decision in json.loads(issue.passed_over)]
