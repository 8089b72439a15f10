"""What becomes of an issue about which nobody has said a word when its hour comes. Pure."""

from enum import StrEnum

from newsletter.issues.states import IssueState


class Policy(StrEnum):
    """What silence means."""

    GOES = "goes-unless-held"
    """It leaves, unless somebody or preflight holds it."""
    WAITS = "held-unless-approved"
    """It is held until somebody approves it."""

    def keeps(self, state: str) -> bool:
        """Say whether an issue in this state waits for an approval, and does not leave without."""
        return self is Policy.WAITS and state == IssueState.DRAFT.value


NOT_APPROVED = "not approved by its hour"
"""Why the policy held an issue; whoever approves it then lets it go."""
