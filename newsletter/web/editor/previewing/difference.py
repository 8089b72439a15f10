"""What differs between an issue and the one before it, or what was approved of it last."""

from collections import Counter

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from newsletter.editors import accounts
from newsletter.issues import frozen, life, store
from newsletter.issues.models import ApprovedLetter, Issue
from newsletter.previews.differences import Letter, Section, difference
from newsletter.rendering.rendered import without_marks
from newsletter.web.editor.issue.issues import Number, issue_or_404
from newsletter.web.editor.pages import editor_page
from newsletter.web.editor.visits import ViewerPart
from newsletter.web.parts import ServicePart

router = APIRouter(include_in_schema=False)


@router.get("/editor/issues/{number}/difference")
def show(
    service: ServicePart, visit: ViewerPart, number: Number, since: str = "last"
) -> HTMLResponse:
    """Show it part by part."""
    with service.database.reading() as session:
        issue = issue_or_404(session, number)
        approved = life.last_approved(session, issue)
        last = store.before(session, issue)
        names = accounts.masked_names(session)
    other = approved if since == "approved" else last
    sections = _sections(other, issue, last) if other else []
    return editor_page(
        service,
        visit,
        "difference.html",
        issue=issue,
        since="approved" if since == "approved" else "last",
        last=last,
        approved=approved,
        names=names,
        is_approved=issue.approved_hash == frozen.content_hash(issue),
        sections=sections,
        counted=Counter(one.state for one in sections),
    )


def _sections(other: Issue | ApprovedLetter, issue: Issue, last: Issue | None) -> list[Section]:
    known = [frozen.readable(one) for one in (issue, last) if one is not None]
    titles = {row.title for view in known if view for row in view.match_ups}
    return difference(_letter(other), _letter(issue), titles)


def _letter(one: Issue | ApprovedLetter) -> Letter:
    text = without_marks(one.text, one.nonce) if isinstance(one, Issue) else one.text
    return Letter(one.subject, one.preheader, text)
