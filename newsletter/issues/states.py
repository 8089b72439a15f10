"""The life of an issue, declared: one line and one sentence for each arrow. Pure."""

from enum import StrEnum

from newsletter.errors import NewsletterError


class IssueState(StrEnum):
    """Where an issue stands."""

    DRAFT = "draft"
    """Built, changeable, not yet allowed to leave."""
    APPROVED = "approved"
    """Allowed to leave, exactly as its hash says."""
    SENDING = "sending"
    """Its audience is frozen and batches are leaving."""
    SETTLED = "settled"
    """Every eligible subscriber is accounted for."""
    HELD = "held"
    """Stopped by an editor or by preflight; says why."""
    MISSED = "missed"
    """Its hour passed by more than the lateness limit; nobody got it."""
    CANCELLED = "cancelled"
    """Given up by an editor; what had left stays recorded."""


OPEN = (IssueState.DRAFT, IssueState.APPROVED)
"""Nothing has left yet, and nobody keeps it from leaving."""

STARTED = (IssueState.SENDING, IssueState.SETTLED)
"""It leaves, or has left."""


class IssueEvent(StrEnum):
    """What can happen to an issue."""

    BUILT = "built"
    APPROVED = "approved"
    HELD = "held"
    RELEASED = "released"
    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    SETTLED = "settled"
    REOPENED = "reopened"
    MISSED = "missed"
    CANCELLED = "cancelled"


class IssueRemark(StrEnum):
    """What people do about an issue that leaves its state as it is; its history has it, too."""

    TIMED = "timed"
    """Somebody said between which instants it may leave."""
    DECIDED = "decided"
    """Somebody said what becomes of its copies in doubt."""
    REBUILT = "rebuilt"
    """Its provider was asked for every copy, and what it knows is in the books."""


_S, _E = IssueState, IssueEvent

TRANSITIONS: dict[tuple[IssueState, IssueEvent], tuple[IssueState, str]] = {
    (_S.DRAFT, _E.BUILT): (_S.DRAFT, "A draft may be built again as often as one likes."),
    (_S.APPROVED, _E.BUILT): (_S.DRAFT, "A change voids the approval, which was for other bytes."),
    (_S.DRAFT, _E.APPROVED): (_S.APPROVED, "An editor, or the policy on Monday, lets it go."),
    (_S.APPROVED, _E.APPROVED): (_S.APPROVED, "Approving twice is approving."),
    (_S.DRAFT, _E.HELD): (_S.HELD, "Preflight or an editor stops it before it left."),
    (_S.APPROVED, _E.HELD): (_S.HELD, "An editor thinks again after approving."),
    (_S.HELD, _E.HELD): (_S.HELD, "Holding twice is holding; the newer reason stays."),
    (_S.HELD, _E.RELEASED): (_S.DRAFT, "What was held before it left is a draft again."),
    (_S.HELD, _E.BUILT): (_S.HELD, "Building it again mends it; only a release lets it go."),
    (_S.APPROVED, _E.STARTED): (_S.SENDING, "The audience is frozen and the first batch may go."),
    (_S.SENDING, _E.PAUSED): (_S.HELD, "No further batch is claimed until somebody resumes."),
    (_S.HELD, _E.RESUMED): (_S.SENDING, "The frozen audience is served from where it stopped."),
    (_S.SENDING, _E.SETTLED): (_S.SETTLED, "The books balance and nothing is in doubt."),
    (_S.SETTLED, _E.REOPENED): (_S.SENDING, "A person wants sent again what was held in doubt."),
    (_S.DRAFT, _E.MISSED): (_S.MISSED, "Its hour passed before it was sent."),
    (_S.APPROVED, _E.MISSED): (_S.MISSED, "Its hour passed although it was approved."),
    (_S.HELD, _E.MISSED): (_S.MISSED, "Its hour passed while it was held."),
    (_S.DRAFT, _E.CANCELLED): (_S.CANCELLED, "An editor drops the draft."),
    (_S.APPROVED, _E.CANCELLED): (_S.CANCELLED, "An editor drops what was approved."),
    (_S.HELD, _E.CANCELLED): (_S.CANCELLED, "An editor gives up what is held."),
    (_S.SENDING, _E.CANCELLED): (_S.CANCELLED, "Nobody else gets it; what left stays recorded."),
}


class ForbiddenIssueChange(NewsletterError):
    """An issue cannot do that from where it stands."""

    code = "forbidden-issue-change"


_COMMANDS = {
    _E.BUILT: "build",
    _E.APPROVED: "approve",
    _E.HELD: "hold",
    _E.RELEASED: "release",
    _E.STARTED: "send",
    _E.PAUSED: "pause",
    _E.RESUMED: "resume",
    _E.CANCELLED: "cancel",
}
"""What an editor types; the other events come by themselves."""


def advance(state: IssueState, event: IssueEvent, number: int) -> IssueState:
    """Give the state after an event.

    Args:
        state: before it.
        event: what happens.
        number: of the issue, for the commands that are named.

    Raises:
        ForbiddenIssueChange: naming what would be possible instead.
    """
    try:
        return TRANSITIONS[state, event][0]
    except KeyError:
        events = (known for source, known in TRANSITIONS if source == state)
        possible = sorted(_COMMANDS[known] for known in events if known in _COMMANDS)
        commands = (f"newsletter issue {command} {number}" for command in possible)
        do = ", ".join(commands) or "nothing, it is over"
        raise ForbiddenIssueChange(
            f"issue {number} is {state} and cannot be {event}; possible: {do}"
        ) from None
