"""An issue as it is shown with its corrections: what was frozen stays, and they stand beside it. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from newsletter.corrections.models import Correction
from newsletter.corrections.store import Standing, standings
from newsletter.rendering.views import CorrectionView, IssueView


def corrected(view: IssueView, rows: Sequence[Correction]) -> IssueView:
    """Put its corrections beside an issue, or beside those of its match-ups that they are about.

    Args:
        view: what was frozen.
        rows: all that was said about the issue, oldest first.
    """
    return replace(view, corrections=tuple(shown(view, one) for one in standings(rows)))


def shown(view: IssueView, standing: Standing) -> CorrectionView:
    """Give a correction as templates are handed it."""
    now, first = standing.now, standing.history[0]
    about = next((row for row in view.match_ups if row.entry_id == now.comparison_id), None)
    return CorrectionView(
        day=now.local_date,
        first_day=first.local_date if first is not now else None,
        part=now.part,
        tool=now.tool,
        title=about.title if about else "",
        anchor=about.anchor if about else "",
        said=now.said,
        right=now.right,
        is_withdrawn=now.withdraws,
    )
