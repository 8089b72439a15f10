"""Editors' wordings in the database: kept apart from issues, so that every rebuild finds them."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session, col, select

from newsletter.content.comparison import CatalogueEntry
from newsletter.issues import opening, store
from newsletter.issues.marks import AlreadyMailed
from newsletter.issues.models import ComparisonWording, IssueWording
from newsletter.issues.reworded import reworded_card, reworded_issue
from newsletter.issues.rewording import (
    CardPart,
    IssuePart,
    Words,
    require_faithful,
    usable,
)
from newsletter.rendering.views import IssueView


def put_for_issue(
    session: Session, number: int, part: IssuePart, words: Words, *, now: datetime, actor: str
) -> None:
    """Keep an editor's words for a part of an issue; the next build uses them.

    Raises:
        NotOpen: when the issue is not built again any more.
        UnusableWords: when they cannot stand there.
    """
    opening.open_to_change(session, number)
    said = usable(part, words, where=f" --issue {number}")
    row = session.get(IssueWording, (number, part.value)) or IssueWording(
        issue_number=number, part=part.value, text="", made_at=now, made_by=actor
    )
    row.text, row.made_at, row.made_by = said.text, now, actor
    session.add(row)
    session.flush()


def put_for_comparison(
    session: Session,
    entry: CatalogueEntry,
    part: CardPart,
    words: Words,
    *,
    now: datetime,
    actor: str,
) -> None:
    """Keep an editor's words for a part of a comparison's card; the next build uses them.

    Raises:
        AlreadyMailed: when the comparison went out, or is going.
        UnusableWords: when they cannot stand there.
        NotInSource: when they quote what no reviewer wrote.
    """
    _require_unmailed(session, entry.id)
    said = usable(part, words, where=f" --of {entry.comparison.key}")
    require_faithful(entry.comparison, part, said)
    row = session.get(ComparisonWording, (entry.id, part.value)) or ComparisonWording(
        comparison_id=entry.id, part=part.value, text="", made_at=now, made_by=actor
    )
    row.text, row.own_words, row.made_at, row.made_by = said.text, said.own_words, now, actor
    session.add(row)
    session.flush()


def take_off(session: Session, owner: int, part: CardPart | IssuePart) -> bool:
    """Give a part back to the rules; say whether an editor had reworded it.

    Args:
        session: the open transaction.
        owner: the comparison's row id for a part of its card, else the issue's number.
        part: which part.

    Raises:
        AlreadyMailed: when that comparison went out, or is going.
        NotOpen: when that issue is not built again any more.
    """
    if isinstance(part, CardPart):
        _require_unmailed(session, owner)
    else:
        opening.open_to_change(session, owner)
    model = ComparisonWording if isinstance(part, CardPart) else IssueWording
    row = session.get(model, (owner, part.value))
    if row is not None:
        session.delete(row)
        session.flush()
    return row is not None


def _require_unmailed(session: Session, comparison_id: int) -> None:
    if number := store.ledger(session).get(comparison_id):
        raise AlreadyMailed(
            f"mailed in issue {number}; what was mailed stays as it was, and is not mailed again"
        )


def reworded(session: Session, view: IssueView, entries: Collection[CatalogueEntry]) -> IssueView:
    """Put all wordings of editors into a view that the rules composed.

    Args:
        session: the open transaction.
        view: the issue.
        entries: the comparisons on its cards.
    """
    known = {entry.id: entry.comparison for entry in entries}
    said = of_comparisons(session, known.keys())
    cards = (
        reworded_card(card, known[card.entry_id], said.get(card.entry_id, {}))
        for card in view.cards
    )
    return reworded_issue(replace(view, cards=tuple(cards)), of_issue(session, view.number))


def of_issue(session: Session, number: int) -> dict[IssuePart, Words]:
    """Give the wordings of an issue by part."""
    rows = session.exec(select(IssueWording).where(IssueWording.issue_number == number))
    return {IssuePart(row.part): Words(row.text) for row in rows}


def of_comparisons(session: Session, ids: Collection[int]) -> dict[int, dict[CardPart, Words]]:
    """Give the wordings of some comparisons (row ids) by part."""
    rows = session.exec(
        select(ComparisonWording).where(col(ComparisonWording.comparison_id).in_(ids))
    )
    found: dict[int, dict[CardPart, Words]] = {}
    for row in rows:
        words = Words(row.text, row.own_words)
        found.setdefault(row.comparison_id, {})[CardPart(row.part)] = words
    return found
