"""All links of one person withdrawn at once, as when somebody else reads their letters."""

from sqlmodel import Session

from subscribers.errors import UnknownSubscriber
from subscribers.models import Subscriber
from subscribers.queries import locked_by_public_id


def withdraw_links(session: Session, public_id: str) -> Subscriber:
    """Let every link that was ever sent to somebody lead nowhere, except those for leaving.

    The letters that follow have links that work.

    Args:
        session: a writing session.
        public_id: of the person.

    Raises:
        UnknownSubscriber: when the id is not on the list.
    """
    subscriber = locked_by_public_id(session, public_id)
    if subscriber is None:
        raise UnknownSubscriber
    subscriber.token_epoch += 1
    session.add(subscriber)
    session.flush()
    return subscriber
