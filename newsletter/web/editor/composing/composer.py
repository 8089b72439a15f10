"""What the forms for composing have in common: one change, noted, or a refusal in words."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

from fastapi import Depends, HTTPException
from sqlmodel import Session

from newsletter.content.catalogue import lookup
from newsletter.content.comparison import CatalogueEntry
from newsletter.editors.acts import Act, Actor
from newsletter.editors.sessions import Visit
from newsletter.errors import NewsletterError
from newsletter.issues.building import NothingNew
from newsletter.issues.composing import ChangedSince, Composer, NothingToUndo, NotInIt
from newsletter.issues.marks import AlreadyMailed
from newsletter.issues.models import ComposingStep
from newsletter.issues.opening import NotOpen
from newsletter.issues.seen import ChangedMeanwhile
from newsletter.issues.states import ForbiddenIssueChange
from newsletter.issues.store import NoSuchIssue
from newsletter.rendering.plain import plain
from newsletter.service import Service
from newsletter.web.editor.issue.issues import Number
from newsletter.web.editor.noting import note
from newsletter.web.editor.visits import EditorPart, ViewerPart
from newsletter.web.parts import Form, ServicePart


class NoSuchComparison(NewsletterError):
    """There is no such comparison any more."""

    code = "no-such-comparison"


PREFIX = "/editor/issues/{number}/compose"
"""How the addresses of all pages and forms for composing begin."""

_SPOT = re.compile(r"[a-z0-9-]{1,40}")

REFUSALS: Mapping[type[NewsletterError], str] = {
    ChangedMeanwhile: "Nothing was changed: somebody else changed this issue since you opened the "
    "page. This is how it stands now.",
    NotOpen: "Nothing was changed: this issue is not built again any more.",
    ForbiddenIssueChange: "Nothing was changed: this issue is not built again any more.",
    AlreadyMailed: "Nothing was changed: that match-up was mailed before, and is not mailed again.",
    NothingNew: "Nothing was changed: too few match-ups would be left for an issue.",
    NotInIt: "Nothing was changed: that match-up is not in the issue.",
    NoSuchComparison: "Nothing was changed: that comparison is not in the catalogue any more.",
    NothingToUndo: "There is nothing to take back.",
    ChangedSince: "Nothing was taken back: what the last change was about was changed again since, "
    "by a command.",
}
"""What the page says; other errors are about what was typed, and are told beside it."""


@dataclass(frozen=True, slots=True)
class AtIssue:
    """Somebody at an issue, asking for something.

    Attributes:
        service: the service.
        visit: who.
        number: of the issue.
    """

    service: Service
    visit: Visit
    number: int

    @property
    def path(self) -> str:
        """The address of the page for composing."""
        return PREFIX.format(number=self.number)

    def composer(self, session: Session, form: Form) -> Composer:
        """Give the means to change the issue as it was shown."""
        actor, seen = Actor.of(self.visit.editor).words, form.get("seen", "")
        press = self.service.desk.press
        return Composer(session, press, self.number, actor, self.visit.now, seen)

    def change(
        self, form: Form, do: Callable[[Composer], ComposingStep | None]
    ) -> ComposingStep | None:
        """Change the issue and note it, in one transaction; only what the form's page has shown.

        Args:
            form: with the mark of what was shown.
            do: gives None when it would change nothing.

        Raises:
            NewsletterError: one of ``REFUSALS``, or about the words.
        """

        def work(session: Session) -> ComposingStep | None:
            step = do(self.composer(session, form))
            if step is not None:
                act = Act.COMPOSING_UNDONE if step.undone_at else Act.ISSUE_COMPOSED
                self.note(session, act, f"({step.what})")
            return step

        return self.service.database.write(work)

    def note(self, session: Session, act: Act, detail: str = "") -> None:
        """Note what was done with the issue."""
        note(session, self.visit, act, f"issue {self.number}", detail)


def _viewer(service: ServicePart, visit: ViewerPart, number: Number) -> AtIssue:
    return AtIssue(service, visit, number)


def _editor(service: ServicePart, visit: EditorPart, number: Number) -> AtIssue:
    return AtIssue(service, visit, number)


ViewerAtIssue = Annotated[AtIssue, Depends(_viewer)]
EditorAtIssue = Annotated[AtIssue, Depends(_editor)]


def refusal_of(error: NewsletterError) -> str:
    """Say why nothing was changed.

    Raises:
        HTTPException: 404 when there is no such issue.
        NewsletterError: the same again, when it is none that can be expected.
    """
    if isinstance(error, NoSuchIssue):
        raise HTTPException(404) from None
    if type(error) not in REFUSALS:
        raise error
    return REFUSALS[type(error)]


def entry(session: Session, named: str) -> CatalogueEntry:
    """Find the comparison that a form names, by row id or key.

    Raises:
        NoSuchComparison: when there is none.
    """
    found = lookup.entry(session, named)
    if found is None:
        raise NoSuchComparison
    return found


def typed_in(form: Form, parts: Iterable[StrEnum]) -> Mapping[Any, str]:
    """Give what was typed, by part, but for fields that were left as their page has shown them.

    Whoever is told of a colleague's change saves again: what the colleague wrote in other fields
    must not go back then to what stood there before.
    """
    typed = {part: form[part] for part in parts if part in form}
    return {part: text for part, text in typed.items() if not _is_untouched(form, part, text)}


def _is_untouched(form: Form, part: str, text: str) -> bool:
    return f"was-{part}" in form and plain(text) == plain(form[f"was-{part}"])


def spot(form: Form) -> str:
    """Give the place on the page to which a form leads back, as the end of an address."""
    named = form.get("spot", "")
    return f"#{named}" if _SPOT.fullmatch(named) else ""
