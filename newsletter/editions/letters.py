"""The letter of an edition: composed of what is frozen, rendered once, and frozen itself."""

import json

from sqlmodel import Session, col, select

from newsletter.editions.choosing import Choice
from newsletter.editions.composing import edition_of
from newsletter.editions.models import Edition
from newsletter.editions.shelf import Shelf
from newsletter.errors import NewsletterError
from newsletter.issues.models import Issue
from newsletter.issues.store import content_hash
from newsletter.rendering.letter import Rendered, render


class NoSuchEdition(NewsletterError):
    """The issue has no edition of that number."""

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
        raise NoSuchEdition(f"issue {issue.number} has no edition {number}; it has {_count(session, issue)}")
    if not edition.content_hash:
        _freeze(session, issue, edition)
    return Rendered(edition.subject, edition.preheader, edition.html, edition.text, issue.nonce)
