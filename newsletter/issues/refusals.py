"""What an editor is told when an issue cannot be sent: why, and by which command it goes on."""

from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState


def way_on(issue: Issue) -> str:
    """Say how to go on with an issue that is held, missed or cancelled.

    Args:
        issue: one that cannot be sent as it stands.
    """
    because = f" ({issue.note})" if issue.note else ""
    if issue.state != IssueState.HELD.value:
        told = "its comparisons go into the next one: newsletter issue build"
        return f"issue {issue.number} is {issue.state}{because}; {told}"
    if issue.sending_at is not None:
        return (
            f"issue {issue.number} is paused{because}; when that is mended: "
            f"newsletter issue resume {issue.number}"
        )
    return (
        f"issue {issue.number} is held{because}; when that is settled: "
        f"newsletter issue release {issue.number}, then send it"
    )
