"""Votes return: an issue that is built tells how readers voted on the one before."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from newsletter.issues import frozen, store
from newsletter.rendering.views import Row, Share, VoteResult
from newsletter.votes import storage
from newsletter.votes.rules import Tally
from newsletter.votes.telling import told


@dataclass(frozen=True, slots=True)
class ReturningVotes:
    """Counts the votes on the last published issue; see ``newsletter.issues.building.Votes``.

    Attributes:
        at_least: from how many votes on a match-up is told of.
        zone: where the newsletter is at home; the day of the counting is that zone's.
        base_url: address of this service, without a slash at the end.
    """

    at_least: int
    zone: ZoneInfo
    base_url: str

    def __call__(self, session: Session, number: int, now: datetime) -> tuple[VoteResult, ...]:
        """Give what an issue of this number tells, as counted now.

        The poll may still be open: a draft of Friday holds Friday's numbers, and says so. Where the
        last published issue cannot be read, or is a later one, nothing is told.
        """
        last = next(iter(store.published(session, 1)), None)
        view = frozen.readable(last) if last and last.number < number else None
        if last is None or view is None:
            return ()
        counted = storage.tally(session, last.number)
        return tuple(
            self._result(last.number, row, share, now)
            for row in view.match_ups
            if (share := told(counted.get(row.entry_id, Tally()), at_least=self.at_least))
        )

    def _result(self, number: int, row: Row, share: Share, now: datetime) -> VoteResult:
        return VoteResult(
            issue=number,
            counted_on=now.astimezone(self.zone).date(),
            title=row.title,
            url=f"{self.base_url}/archive/{number}#{row.anchor}",
            tool_a=row.tool_a.name,
            tool_b=row.tool_b.name,
            panel_a=row.tool_a.panel_percent,
            panel_b=row.tool_b.panel_percent,
            share=share,
        )
