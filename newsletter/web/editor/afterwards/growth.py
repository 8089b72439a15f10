"""How the list grows: who came and went week by week, and what each issue did, as charts and tables."""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from newsletter.figures.growth import Growth, growth
from newsletter.figures.issues import Sent, newest
from newsletter.figures.weeks import last_weeks
from newsletter.web.editor.afterwards.charts import Chart, Column, Part, columns, line
from newsletter.web.editor.pages import editor_page
from newsletter.web.editor.visits import ViewerPart
from newsletter.web.parts import ServicePart

router = APIRouter(include_in_schema=False)

SHOWN = 26
"""Weeks, and issues: half a year."""


@router.get("/editor/growth")
def show(service: ServicePart, visit: ViewerPart) -> HTMLResponse:
    """Show the last half a year."""
    weeks = last_weeks(visit.now, ZoneInfo(service.window.zone), SHOWN)
    with service.database.reading() as session:
        grown = growth(session, weeks)
        issues = newest(session, SHOWN)
    return editor_page(
        service,
        visit,
        "growth.html",
        weeks=grown,
        issues=issues,
        joined=sum(one.joined for one in grown),
        left=sum(one.left for one in grown),
        lost=sum(one.lost for one in grown),
        readers=_readers(grown),
        coming=_coming(grown),
        each=_each(issues),
        short=_short,
    )


def _readers(grown: Sequence[Growth]) -> Chart:
    return line(
        [
            (
                _short(one.week.monday),
                one.readers,
                f"{one.readers:,} readers at the end of the week from {_short(one.week.monday)}",
            )
            for one in grown
        ]
    )


def _coming(grown: Sequence[Growth]) -> Chart:
    return columns(
        [
            Column(
                _short(one.week.monday),
                f"Week from {_short(one.week.monday)}: {one.joined:,} joined, {one.left:,} left, "
                f"{one.lost:,} lost",
                (Part("joined", one.joined), Part("left", -one.left), Part("lost", -one.lost)),
            )
            for one in grown
        ]
    )


def _each(issues: Sequence[Sent]) -> Chart:
    return columns(
        [
            Column(
                str(one.number),
                f"Issue {one.number}: {one.left:,} left, {one.bounced:,} bounced and "
                f"{one.complained:,} complaints, of {one.accepted:,} copies",
                (
                    Part("left", one.in_a_thousand(one.left)),
                    Part("lost", one.in_a_thousand(one.bounced + one.complained)),
                ),
            )
            for one in issues
        ]
    )


def _short(day: date) -> str:
    return f"{day.day} {day:%b}"
