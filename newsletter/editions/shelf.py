"""The frozen contents of issues, taken down when they are asked for, and then at hand."""

import structlog
from sqlmodel import Session

from newsletter.issues import frozen, store
from newsletter.issues.models import Issue
from newsletter.rendering.views import Row

log = structlog.get_logger()


class Shelf:
    """What earlier issues said, as it was frozen then.

    What another release froze and this one cannot read is as if it were not there: a letter leaves
    without it, and the log says so once.
    """

    def __init__(self, session: Session) -> None:
        """Take the session to read with."""
        self._session = session
        self._known: dict[int, dict[int, Row]] = {}

    def match_up(self, issue_number: int, comparison_id: int) -> Row | None:
        """Give a match-up of an issue as it was mailed; None when it cannot be read."""
        if issue_number not in self._known:
            self._known[issue_number] = self._read(store.get(self._session, issue_number))
        return self._known[issue_number].get(comparison_id)

    def _read(self, issue: Issue) -> dict[int, Row]:
        try:
            view = frozen.view(issue)
        except frozen.Unreadable:
            log.warning("issue_unreadable", issue=issue.number)
            return {}
        return {row.entry_id: row for row in view.match_ups}
