"""The words of the letter about a correction, with its marks unfilled: the same for everybody."""

from dataclasses import replace

from sqlalchemy import func, select
from sqlmodel import Session, col

from newsletter.corrections.models import Correction
from newsletter.corrections.showing import shown
from newsletter.corrections.store import Standing
from newsletter.delivery.letterhead import Letterhead
from newsletter.delivery.message import Mailing
from newsletter.issues import frozen, store
from newsletter.issues.models import Issue
from newsletter.notices.rows import SKIPPED, NoticeRow
from newsletter.rendering.rendered import Rendered
from newsletter.rendering.single import render_to_many

FOLDER = "correction"

_MOST_COUNTED = 1_000
"""Beyond it the letters are many for every way out, and to count millions for each batch is dear."""


def letter_about(issue: Issue, standing: Standing) -> Rendered:
    """Render the letter about a correction of an issue.

    It goes under the nonce of the issue, which nobody can guess, and so is the same at every call.
    """
    view = frozen.view(issue)
    return render_to_many(
        FOLDER, issue.nonce, brand=view.brand, issue=view, one=shown(view, standing)
    )


def mailing_about(letterhead: Letterhead, session: Session, standing: Standing) -> Mailing:
    """Give what all copies have in common: the newsletter's stream and headers, a name of its own."""
    issue = store.get(session, standing.now.issue_number)
    mailing = letterhead.mailing_of_edition(issue, 0, letter_about(issue, standing))
    copies = _copies(session, standing.now)
    return replace(mailing, key=name_of(standing.now), answered=True, copies=copies)


def name_of(correction: Correction) -> str:
    """Name what its letters leave under; no provider can count them as copies of an issue."""
    return f"{FOLDER}-{correction.id}"


def _copies(session: Session, correction: Correction) -> int | None:
    """Count the letters about a correction, those that have left included; None for many."""
    letters = select(col(NoticeRow.corrects)).where(
        col(NoticeRow.corrects) == correction.row_id, col(NoticeRow.state) != SKIPPED
    )
    some = letters.limit(_MOST_COUNTED + 1).subquery()
    found = int(session.execute(select(func.count()).select_from(some)).scalar_one())
    return found if found <= _MOST_COUNTED else None
