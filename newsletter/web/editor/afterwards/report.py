"""What became of an issue: its books, what came back, who left, how they voted, what they followed."""

from collections.abc import Iterator, Mapping

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from newsletter.delivery.books import are_gone
from newsletter.feedback.meanings import OfCopy
from newsletter.figures.report import Report, report
from newsletter.votes.rules import Tally
from newsletter.web.editor.afterwards import report_words
from newsletter.web.editor.issue.issues import Number, issue_or_404
from newsletter.web.editor.pages import editor_page
from newsletter.web.editor.visits import ViewerPart
from newsletter.web.parts import ServicePart

router = APIRouter(include_in_schema=False)

_CAME_BACK = (
    OfCopy.BOUNCED,
    OfCopy.SOFT_BOUNCED,
    OfCopy.REJECTED,
    OfCopy.FAILED,
    OfCopy.DEFERRED,
)


@router.get("/editor/issues/{number}/report")
def show(service: ServicePart, visit: ViewerPart, number: Number) -> HTMLResponse:
    """Show it."""
    least = service.settings.votes_least
    with service.database.reading() as session:
        issue = issue_or_404(session, number)
        found = report(session, issue, votes_least=least, now=visit.now)
    return editor_page(
        service,
        visit,
        "report.html",
        issue=issue,
        report=found,
        are_gone=found is not None and are_gone(issue, found.copies.books),
        came_back=list(_came_back(found)) if found else [],
        votes_least=least,
        tracks_now=service.settings.track_clicks,
        words=report_words,
        nobody=Tally(),
    )


def _came_back(found: Report) -> Iterator[tuple[str, Mapping[str, int]]]:
    """Give what the provider told of copies that did not arrive, each with its reasons."""
    for what in _CAME_BACK:
        if reasons := found.copies.reasons(what):
            yield what, reasons
