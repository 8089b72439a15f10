"""One reader's copies of all issues: listed, and left without a name."""

from sqlalchemy import update
from sqlmodel import Session, col, select

from newsletter.delivery.models import Delivery
from subscribers.models import Subscriber
from subscribers.states import State


def of_reader(session: Session, reader: Subscriber) -> list[Delivery]:
    """Read one reader's copies, the first issue first."""
    found = select(Delivery).where(Delivery.subscriber_id == reader.id)
    return list(session.exec(found.order_by(col(Delivery.issue_number))))


def disown(session: Session, reader: Subscriber) -> None:
    """Forget under which name the provider, who knows the address, keeps the copies of a reader.

    The rows stay: without them the books of an issue would not balance.
    """
    session.execute(
        update(Delivery).where(col(Delivery.subscriber_id) == reader.id).values(provider_id=None)
    )


def disown_erased(session: Session) -> None:
    """Forget what was learnt of copies after their reader was erased: a call was under way then."""
    erased = select(Subscriber.id).where(Subscriber.state == State.ERASED.value)
    session.execute(
        update(Delivery)
        .where(col(Delivery.provider_id).is_not(None), col(Delivery.subscriber_id).in_(erased))
        .values(provider_id=None)
        .execution_options(synchronize_session=False)
    )
