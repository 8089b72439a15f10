"""The letter of an edition: composed of what is frozen, rendered once, and frozen itself."""

import json
from typing import cast

from sqlmodel import Session

from newsletter.editions import ledger
from newsletter.editions.choosing import Choice
from newsletter.editions.composing import composed
from newsletter.editions.models import Edition
from newsletter.editions.shelf import Shelf
from newsletter.errors import NewsletterError
from newsletter.issues import frozen
from newsletter.issues.models import Issue
from newsletter.issues.store import content_hash
from newsletter.rendering.letter import Rendered, render
from newsletter.rendering.views import IssueView, Kind


class NoSuchEdition(NewsletterError):
    """The issue has no edition of that number; see what its batches say."""

    code = "no-such-edition"


def letter(session: Session, issue: Issue, number: int) -> Rendered:
    """Give an edition as it leaves; the first time it is rendered, and kept for every time after.

    Args:
        session: a writing session.
        issue: whose edition it is; it has begun to leave.
        number: of the edition, from 1.

    Raises:
        NoSuchEdition: when the issue has none of that number.
    """
    edition = session.get(Edition, (issue.number, number))
    if edition is None:
        raise NoSuchEdition
    if not edition.content_hash:
        _freeze(session, issue, edition)
    return Rendered(edition.subject, edition.preheader, edition.html, edition.text, issue.nonce)


def view(session: Session, issue: Issue, choice: Choice, shelf: Shelf) -> IssueView:
    """Compose what would leave for a choice; nothing is written."""
    now = frozen.view(issue)
    return composed(now, choice, ledger.sources(session, issue, choice.items), shelf)


def _freeze(session: Session, issue: Issue, edition: Edition) -> None:
    choice = Choice(cast("Kind", edition.kind), tuple(edition.items))
    content = view(session, issue, choice, Shelf(session))
    rendered = render(content, issue.nonce)
    edition.subject, edition.preheader = rendered.subject, rendered.preheader
    edition.html, edition.text = rendered.html, rendered.text
    edition.content = json.dumps(content.as_json(), ensure_ascii=False, sort_keys=True)
    edition.content_hash = content_hash(rendered)
    session.add(edition)
    session.flush()
