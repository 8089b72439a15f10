"""All that is held on one person, in every room: given out whole, or forgotten.

The rooms above ``subscribers`` keep rows of their own about people. A door that exports or erases
comes here, so that none of them is left out.
"""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from newsletter.content.catalogue import lookup
from newsletter.delivery import copies
from newsletter.feedback import forgetting as feedback
from newsletter.notices import reader_rows
from newsletter.sign_up import queue
from newsletter.votes import storage as votes
from subscribers import erasing, exporting, import_log, queries
from subscribers.consent import Actor
from subscribers.models import Subscriber

_OF_A_REQUEST = {
    "email", "name", "timezone", "tags", "source", "wording", "wording_version", "privacy_version",
    "asked_at",
}  # fmt: skip
_OF_A_COPY = {
    "issue_number", "edition", "state", "reason", "provider_id", "settled_at",
    "feedback", "feedback_reason", "feedback_at",
}  # fmt: skip
_OF_AN_EVENT = {
    "kind", "reason", "source", "stream", "provider_id", "issue_number", "occurred_at",
    "received_at",
}  # fmt: skip
_OF_A_LETTER = {"kind", "state", "created_at", "settled_at"}
_OF_A_MARK = {"before", "after", "blocked"}
_OF_A_VOTE = {"issue_number", "choice", "cast_at", "changed_at"}


def export(session: Session, reader: Subscriber) -> dict[str, Any]:
    """Give one person's whole file, ready for JSON: what they said, and what was done with it."""
    waiting = queue.of_address(session, reader.address_hash or "")
    received = copies.of_reader(session, reader)
    written = reader_rows.of_reader(session, reader)
    told = feedback.of_reader(session, reader)
    return {
        **exporting.person(session, reader),
        "request": waiting and waiting.model_dump(mode="json", include=_OF_A_REQUEST),
        "deliveries": [copy.model_dump(mode="json", include=_OF_A_COPY) for copy in received],
        "events": [
            {
                **event.model_dump(mode="json", include=_OF_AN_EVENT),
                "body": feedback.body_for(reader, event),
            }
            for event in told
        ],
        "letters": [letter.model_dump(mode="json", include=_OF_A_LETTER) for letter in written],
        "votes": _votes(session, reader),
        "imports": [
            mark.model_dump(mode="json", include=_OF_A_MARK)
            for mark in import_log.of_person(session, reader)
        ],
    }


def erase(session: Session, public_id: str, *, now: datetime, actor: Actor = Actor.READER) -> bool:
    """Erase one person; their votes and their copies count on as nobody's.

    Returns:
        False when there was nothing left to erase.
    """
    reader = queries.by_public_id(session, public_id)
    if reader is None:
        return False
    queue.forget(session, reader.address_hash or "")  # before the reader is locked, as in answering
    feedback.forget(session, reader)  # while it is known which address is theirs
    gone = erasing.erase(session, public_id, now=now, actor=actor)
    votes.disown(session, reader)
    copies.disown(session, reader)
    reader_rows.forget(session, reader)
    return gone


def _votes(session: Session, reader: Subscriber) -> list[dict[str, Any]]:
    """Give the votes with the comparison each is about; "a" is the tool that is named first."""
    cast = votes.votes_of(session, reader)
    titles = {one.id: one.comparison.title for one in lookup.outlines(session)} if cast else {}
    return [
        {
            "comparison": titles[vote.comparison_id],
            **vote.model_dump(mode="json", include=_OF_A_VOTE),
        }
        for vote in cast
    ]
