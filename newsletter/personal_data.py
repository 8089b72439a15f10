"""All that is held on one person, in every room: given out whole, or forgotten.

The rooms above ``subscribers`` keep rows of their own about people. A door that exports or erases
comes here, so that none of them is left out.
"""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from newsletter.sign_up import queue
from newsletter.votes import storage as votes
from subscribers import erasing, exporting, queries
from subscribers.consent import Actor
from subscribers.models import Subscriber

_OF_A_REQUEST = {"email", "name", "timezone", "tags", "source", "wording", "asked_at"}
_OF_A_VOTE = {"issue_number", "comparison_id", "choice", "cast_at", "changed_at"}


def export(session: Session, subscriber: Subscriber) -> dict[str, Any]:
    """Give one person's whole file, ready for JSON: profile, evidence, states, votes."""
    cast = votes.votes_of(session, subscriber)
    waiting = queue.of_address(session, subscriber.address_hash or "")
    return {
        **exporting.person(session, subscriber),
        "request": waiting and waiting.model_dump(mode="json", include=_OF_A_REQUEST),
        "votes": [vote.model_dump(mode="json", include=_OF_A_VOTE) for vote in cast],
    }


def erase(session: Session, public_id: str, *, now: datetime, actor: Actor = Actor.READER) -> bool:
    """Erase one person; their votes count on as nobody's.

    Returns:
        False when there was nothing left to erase.
    """
    reader = queries.by_public_id(session, public_id)
    if reader is None:
        return False
    queue.forget(session, reader.address_hash or "")
    gone = erasing.erase(session, public_id, now=now, actor=actor)
    if gone:
        votes.disown(session, reader)
    return gone
