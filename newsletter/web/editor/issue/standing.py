"""Where an issue stands before it leaves, and what an editor can do about it from there."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session

from newsletter.desk import Desk
from newsletter.issues import life
from newsletter.issues.models import Issue, IssueChange
from newsletter.issues.policy import NOT_APPROVED, Policy
from newsletter.issues.seen import mark
from newsletter.issues.states import OPEN, IssueEvent, IssueState
from newsletter.preflight import kept, passing
from newsletter.preflight.kept import Kept
from newsletter.rendering.checks import Finding
from schedules.waves import Waves


class Word(StrEnum):
    """What an editor can say about an issue; also the last part of the address of its button."""

    APPROVE = "approve"
    HOLD = "hold"
    RELEASE = "release"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an issue stands.

    Attributes:
        issue: as it is.
        seen: the mark of what is shown; a button brings it back.
        look: what preflight found when it last looked, if it did.
        stops: what of that keeps it from leaving by itself.
        history: what happened to it, oldest first.
        hour: when it is due.
        latest: until when the schedule still lets it begin to leave.
        now: the present instant.
        policy: what becomes of it when nobody says a word.
    """

    issue: Issue
    seen: str
    look: Kept | None
    stops: Sequence[Finding]
    history: Sequence[IssueChange]
    hour: datetime
    latest: datetime
    now: datetime
    policy: Policy

    @property
    def is_over(self) -> bool:
        """Whether it has begun to leave, or never will."""
        return self.issue.has_begun or self.issue.state not in (
            *OPEN,
            IssueState.HELD.value,
        )

    @property
    def is_unapproved(self) -> bool:
        """Whether its hour came before anybody had approved it."""
        return self.issue.state == IssueState.HELD.value and self.issue.note == NOT_APPROVED

    @property
    def is_due(self) -> bool:
        """Whether its hour has come."""
        return self.now >= self.hour

    @property
    def is_too_late(self) -> bool:
        """Whether no approval lets it leave by itself any more."""
        return self.now > self.latest

    @property
    def is_void(self) -> bool:
        """Whether it was approved, and a later change took that back."""
        events = [change.event for change in self.history]
        approvals = IssueEvent.APPROVED.value in events
        return approvals and self.issue.state == IssueState.DRAFT.value

    @property
    def last(self) -> IssueChange | None:
        """What brought it where it stands."""
        came = (change for change in reversed(self.history) if change.from_state != change.to_state)
        return next(came, None)

    @property
    def words(self) -> Collection[Word]:
        """What can be said about it now, most likely first."""
        if self.is_over:
            return ()
        if self.issue.state == IssueState.HELD.value:
            if not self.is_unapproved:
                return (Word.RELEASE,)
            return (Word.RELEASE,) if self.is_too_late else (Word.APPROVE,)
        approve = self.issue.state == IssueState.DRAFT.value and not self.is_too_late
        return (Word.APPROVE, Word.HOLD) if approve else (Word.HOLD,)

    @property
    def passing(self) -> Sequence[str]:
        """The names of what an approval lets pass."""
        look = self.look if self.look and self.look.is_current else None
        return [passing.name_of(found) for found in look.of("hold")] if look else []


def standing(session: Session, desk: Desk, issue: Issue, now: datetime) -> Standing:
    """Read where an issue stands."""
    look = kept.of_issue(session, issue)
    known = look.findings if look and look.is_current else ()
    return Standing(
        issue=issue,
        seen=mark(issue),
        look=look,
        stops=passing.stoppers(session, issue, known),
        history=life.history(session, issue),
        hour=Waves(desk.window, issue.local_date).own,
        latest=desk.latest(issue),
        now=now,
        policy=desk.policy,
    )


def can_be_sent(desk: Desk, issue: Issue, now: datetime) -> bool:
    """Say whether an editor can send it by hand: it is approved and due, or a draft that is too late."""
    if issue.state == IssueState.DRAFT.value:
        return now > desk.latest(issue)
    is_due = now >= Waves(desk.window, issue.local_date).own
    return is_due and issue.state == IssueState.APPROVED.value
