"""What an editor is told when an issue cannot be sent: why, and by which command it goes on."""

from newsletter.issues.models import Issue
from newsletter.issues.states import OPEN, IssueState


def way_on(issue: Issue) -> str:
    """Say how to go on with an issue that cannot be sent, or resumed, as it stands.

    Of one that has not begun to leave, and that nobody keeps from it, it only says so: whoever wants
    to resume an issue must not be led to send the next one.

    Args:
        issue: which one.
    """
    because = f" ({issue.note})" if issue.note else ""
    if issue.state in OPEN:
        stands = f"issue {issue.number} of {issue.local_date} is {issue.state}{because}"
        return f"{stands} and has not begun to leave: nothing of it is paused"
    if issue.state != IssueState.HELD.value:
        told = "its comparisons go into the next one: newsletter issue build"
        return f"issue {issue.number} is {issue.state}{because}; {told}"
    if issue.has_begun:
        return (
            f"issue {issue.number} is paused{because}; when that is mended: "
            f"newsletter issue resume {issue.number}"
        )
    return (
        f"issue {issue.number} is held{because}; when that is settled: "
        f"newsletter issue release {issue.number}, then newsletter issue send {issue.number}"
    )
