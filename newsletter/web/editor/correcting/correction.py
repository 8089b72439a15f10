"""One correction: what was said over time, who would be told, and the press that tells them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlmodel import Session

from newsletter.correction_letters import ordering
from newsletter.correction_letters.audience import audience
from newsletter.corrections import store as said
from newsletter.corrections.models import Correction
from newsletter.corrections.showing import shown
from newsletter.corrections.store import Standing
from newsletter.editors import accounts
from newsletter.editors.acts import Act
from newsletter.editors.roles import Role, may
from newsletter.editors.sessions import Visit
from newsletter.issues import frozen, store
from newsletter.issues.states import IssueState
from newsletter.service import Service
from newsletter.web.editor.correcting.correcting import (
    PROBLEMS,
    REFUSALS,
    REFUSED,
    Typed,
    copy_of,
    drafted,
    framing,
    note,
    path_of,
    rows_of,
    signed,
    standing_of,
)
from newsletter.web.editor.issue.issues import Number, issue_or_404
from newsletter.web.editor.pages import editor_page, see
from newsletter.web.editor.visits import EditorPart, FreshPart, ViewerPart
from newsletter.web.parts import FormPart, ServicePart

router = APIRouter(include_in_schema=False)

Id = Annotated[int, Path(ge=1, le=2**31 - 1)]

_NEWS: Mapping[str, str] = {
    "published": "It is published: the archive and the feeds show it.",
    "amended": "It is amended: the archive and the feeds show the new words.",
    "withdrawn": "It is withdrawn, and the archive says so.",
    "told": "They are told: the letters leave within minutes.",
}


@router.get("/editor/issues/{number}/corrections/{correction_id}")
def show(
    service: ServicePart,
    visit: ViewerPart,
    request: Request,
    number: Number,
    correction_id: Id,
    right: str = "",
) -> HTMLResponse:
    """Show a correction as it stands, its letter, and how many would get one.

    Once some were told it counts who got the line since only when it is asked to: that takes long.
    """
    done = request.query_params.get("done", "")
    with service.database.reading() as session:
        issue, rows = issue_or_404(session, number), rows_of(session, number)
        standing = _standing(rows, correction_id)
        view = frozen.readable(issue)
        if view is None:
            raise HTTPException(503)
        now = standing.now
        told = ordering.told(session, standing.history)
        is_counted = not told[now.row_id] or "again" in request.query_params
        found = audience(session, now, now=visit.now) if is_counted and not now.withdraws else None
        names = accounts.names(session)
    typed, draft = Typed(right=right, amends=now.row_id), None
    if right and not now.withdraws:
        try:
            draft = drafted(rows, issue, typed, signed(service, visit))
        except REFUSALS as refusal:
            done = REFUSED[type(refusal)]
    answer = editor_page(
        service,
        visit,
        "correction.html",
        issue=issue,
        own=f"{path_of(number)}/{now.id}",
        standing=standing,
        one=shown(view, standing),
        seen=said.mark(rows),
        audience=found,
        told=told,
        names=names,
        is_leaving=issue.state == IssueState.SENDING.value,
        typed=typed,
        draft=draft,
        copy=copy_of(service, issue, standing_of(rows, draft or now), visit),
        may_say=may(visit.role, Role.EDITOR),
        news=_NEWS.get(done, ""),
        problem=PROBLEMS.get(done, ""),
    )
    return framing(answer, request)


@router.post("/editor/issues/{number}/corrections/{correction_id}/amend")
def amend(
    service: ServicePart, visit: EditorPart, number: Number, correction_id: Id, form: FormPart
) -> RedirectResponse:
    """Put other words in its place."""
    page, right = _Page(service, visit, number, correction_id), form.get("right", "")

    def work(session: Session) -> Correction:
        page.require(session, form.get("seen", ""))
        made = said.amend(session, correction_id, right, signed(service, visit))
        note(session, visit, Act.CORRECTION_AMENDED, made)
        return made

    return page.do(work, "amended", kept=f"&{Typed(right=right).query}")


@router.post("/editor/issues/{number}/corrections/{correction_id}/withdraw")
def withdraw(
    service: ServicePart, visit: EditorPart, number: Number, correction_id: Id, form: FormPart
) -> RedirectResponse:
    """Take it back, and say why."""
    page = _Page(service, visit, number, correction_id)

    def work(session: Session) -> Correction:
        page.require(session, form.get("seen", ""))
        made = said.withdraw(session, correction_id, form.get("why", ""), signed(service, visit))
        note(session, visit, Act.CORRECTION_WITHDRAWN, made)
        return made

    return page.do(work, "withdrawn")


@router.post("/editor/issues/{number}/corrections/{correction_id}/tell")
def tell(
    service: ServicePart,
    visit: EditorPart,
    _fresh: FreshPart,
    number: Number,
    correction_id: Id,
    form: FormPart,
) -> RedirectResponse:
    """Tell those who got the wrong line: as many as were shown, and each of them once."""
    page, shown_then = _Page(service, visit, number, correction_id), form.get("goes", "")
    expected = int(shown_then) if shown_then.isascii() and shown_then.isdecimal() else -1

    def work(session: Session) -> Correction:
        page.require(session, form.get("seen", ""))
        goes = ordering.tell_those_who_got_it(
            session, correction_id, expected=expected, now=visit.now
        )
        told = said.standing_one(session, correction_id).now
        note(session, visit, Act.CORRECTION_TOLD, told, f", {goes} readers")
        return told

    return page.do(work, "told")


@dataclass(frozen=True, slots=True)
class _Page:
    """The page of one correction, from which an editor does something, and to which it leads back."""

    service: Service
    visit: Visit
    number: int
    correction_id: int

    def require(self, session: Session, seen: str) -> None:
        """Lock the issue, and refuse whoever was shown something else, or another issue's."""
        issue_or_404(session, self.number)
        store.locked(session, self.number)
        rows = rows_of(session, self.number)
        if self.correction_id not in [row.id for row in rows]:
            raise HTTPException(404)
        said.require(rows, seen)

    def do(
        self, work: Callable[[Session], Correction], done: str, kept: str = ""
    ) -> RedirectResponse:
        """Do it in one transaction, or say why not; what was typed is kept then."""
        here = path_of(self.number)
        try:
            made = self.service.database.write(work)
        except REFUSALS as refusal:
            return see(f"{here}/{self.correction_id}?done={REFUSED[type(refusal)]}{kept}")
        return see(f"{here}/{made.id}?done={done}")


def _standing(rows: Sequence[Correction], correction_id: int) -> Standing:
    """Find a correction by any word that was said about it.

    Raises:
        HTTPException: 404 when it is none of this issue's.
    """
    for one in said.standings(rows):
        if correction_id in [row.id for row in one.history]:
            return one
    raise HTTPException(404)
