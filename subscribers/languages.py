"""The language in which somebody reads dates, as they chose it."""

from collections.abc import Collection

from sqlmodel import Session

from subscribers.changing import reader_for_change
from subscribers.errors import UnknownLanguage
from subscribers.models import Subscriber


def choose_language(
    session: Session, public_id: str, language: str, offered: Collection[str]
) -> Subscriber:
    """Keep the language in which somebody wants to read dates.

    Args:
        session: a writing session.
        public_id: from the token.
        language: one of those offered, or "" for the newsletter's own.
        offered: the codes of those in which dates can be written.

    Raises:
        UnknownSubscriber: when the id is not on the list.
        HasLeft: when the person has left: nothing new is kept about them.
        UnknownLanguage: when it is not offered.
    """
    if language and language not in offered:
        raise UnknownLanguage
    subscriber = reader_for_change(session, public_id)
    subscriber.locale = language
    session.add(subscriber)
    session.flush()
    return subscriber
