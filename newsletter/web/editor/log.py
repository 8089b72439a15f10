"""The log of what was done, newest first, a page at a time."""

from collections.abc import Mapping
from itertools import groupby
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from newsletter.editors import accounts, acts
from newsletter.editors.acts import Act
from newsletter.editors.models import ActRow
from newsletter.rendering.dates import long_date
from newsletter.web.editor.pages import editor_page
from newsletter.web.editor.visits import ViewerPart
from newsletter.web.parts import ServicePart

router = APIRouter(include_in_schema=False)

ON_A_PAGE = 50

Before = Annotated[int | None, Query(ge=1, le=2**31 - 1)]

WORDS: Mapping[str, str] = {
    Act.SIGNED_IN: "signed in",
    Act.SIGNED_OUT: "signed out",
    Act.SESSIONS_ENDED: "ended sessions of",
    Act.LINK_MADE: "made a link to sign in for",
    Act.PASSKEY_ADDED: "added",
    Act.PASSKEY_REMOVED: "removed",
    Act.EDITOR_ADDED: "added",
    Act.ROLE_CHANGED: "changed the role of",
    Act.EDITOR_REMOVED: "removed",
    Act.ISSUE_APPROVED: "approved",
    Act.ISSUE_HELD: "held",
    Act.ISSUE_RELEASED: "released",
    Act.ISSUE_CHECKED: "had preflight look at",
    Act.LETTER_SEEN: "looked at the letter of",
    Act.TEST_MAILBOX_ADDED: "added",
    Act.TEST_MAILBOX_REMOVED: "removed",
    Act.TEST_SENT: "sent test copies of",
    Act.LOOKED_UP: "looked up",
    Act.ADDRESS_SEEN: "looked at the address of",
    Act.READER_SUPPRESSED: "suppressed",
    Act.READER_RELEASED: "released",
    Act.READER_UNSUBSCRIBED: "unsubscribed",
    Act.LINKS_WITHDRAWN: "withdrew the links of",
    Act.READER_ERASED: "erased",
    Act.LIST_EXPORTED: "exported",
    Act.LIST_UPLOADED: "uploaded",
    Act.LIST_TRIED_OUT: "tried out",
    Act.LIST_DISCARDED: "discarded",
    Act.IMPORTED: "imported a list:",
    Act.IMPORT_UNDONE: "took back",
    Act.ISSUE_PAUSED: "paused",
    Act.ISSUE_RESUMED: "went on with",
    Act.ISSUE_CANCELLED: "cancelled",
    Act.ISSUE_SENT: "sent, by hand,",
    Act.COPIES_DECIDED: "decided about copies in doubt of",
    Act.ISSUE_CORRECTED: "corrected",
    Act.CORRECTION_AMENDED: "amended a correction of",
    Act.CORRECTION_WITHDRAWN: "withdrew a correction of",
    Act.CORRECTION_TOLD: "told those who got a wrong line of",
    Act.ISSUE_COMPOSED: "composed",
    Act.COMPOSING_UNDONE: "took back in",
    Act.ISSUE_BUILT: "built again",
}
"""What each act is called; its code stands for one that this release does not know."""


@router.get("/editor/log")
def show(service: ServicePart, visit: ViewerPart, before: Before = None) -> HTMLResponse:
    """Show what was done, from the newest act on, or from an older one."""
    with service.database.reading() as session:
        found = acts.newest(session, ON_A_PAGE + 1, before=before)
        names = accounts.names(session)
    shown = found[:ON_A_PAGE]
    older = shown[-1].id if len(found) > ON_A_PAGE else None
    by_day = groupby(shown, key=lambda act: service.window.local(act.at).date())
    days = [(long_date(day), [_line(act, names) for act in done]) for day, done in by_day]
    return editor_page(service, visit, "log.html", days=days, older=older, before=before)


def _line(act: ActRow, names: Mapping[str, str]) -> Mapping[str, Any]:
    return {
        "at": act.at,
        "actor": names.get(act.actor, act.actor),
        "role": act.role,
        "words": WORDS.get(act.act, act.act),
        "subject": "" if act.subject == act.actor else names.get(act.subject, act.subject),
        "detail": act.detail,
    }
