"""The letters of readers with wishes, as they would leave: each made, looked at, and thrown away."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from newsletter.delivery.letterhead import Letterhead
from newsletter.editions.drafts import Draft, drafts
from newsletter.issues import store
from newsletter.issues.models import Issue
from newsletter.preflight import passing, samples
from newsletter.preflight.composing import compose
from newsletter.rendering.checks import Finding, Level, check
from subscribers.queries import receivable

_NAMED = 3
"""Comparisons whose numbers tell an edition from others of its kind."""


def findings(
    session: Session,
    letterhead: Letterhead,
    issue: Issue,
    now: datetime,
    told: Collection[Finding],
) -> list[Finding]:
    """Check every edition that an audience of now needs, as the issue itself is checked.

    What the whole issue shows is not told again, and an editor's word on it counts here too; so
    does the word on an earlier issue for what stood in that. One cause is told of one edition.
    Notes are left out: they are for somebody who can change the letter, and an edition has nobody.

    Args:
        session: for reading; nothing is written.
        letterhead: in whose name they would leave.
        issue: that would leave, or is leaving.
        now: the instant as of which it would leave.
        told: what was found in the whole issue.
    """
    new: dict[Finding, Finding] = {}
    for draft in drafts(session, issue, receivable(now)):
        passed = _passed_earlier(session, draft)
        for found in _found(letterhead, issue, draft, now):
            let_pass = found.level == "hold" and passing.name_of(found) in passed
            if not (let_pass or found.level == "note" or found in told):
                cause = replace(found, level=_level(found, draft))
                new.setdefault(cause, _of_edition(cause, draft))
    return list(new.values())


def _found(letterhead: Letterhead, issue: Issue, draft: Draft, now: datetime) -> Iterator[Finding]:
    nobody = samples.sample(letterhead, issue, samples.Person())
    composed = compose(letterhead, issue, nobody, now, edition=draft.letter)
    if composed.refusal is not None:
        told = f"no message can be made of it ({composed.refusal}); report it"
        yield Finding("not-composable", "block", told, "message")
    yield from check(
        draft.letter,
        draft.view,
        marks=nobody.values,
        brand=draft.view.brand,
        headers=composed.headers,
    )


def _passed_earlier(session: Session, draft: Draft) -> set[str]:
    """Give the names of what editors let pass in the earlier issues that a draft repeats."""
    issues = (store.get(session, number) for number in draft.earlier)
    return {name for earlier in issues for name in passing.passed(session, earlier)}


def _level(found: Finding, draft: Draft) -> Level:
    """Leave what was mailed before to an editor: it cannot be built again."""
    return "hold" if draft.earlier else found.level


def _of_edition(found: Finding, draft: Draft) -> Finding:
    """Say in which edition it was found."""
    items = ", ".join(map(str, draft.choice.items[:_NAMED]))
    more = len(draft.choice.items) - _NAMED
    name = f"{draft.choice.kind} edition of {items}{f' and {more} more' if more > 0 else ''}"
    return replace(found, where=f"{found.where}, {name}")
