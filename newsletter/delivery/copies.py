"""One reader's copies of all issues: listed, and left without a name."""

from sqlalchemy import update
from sqlmodel import Session, col, select

from newsletter.delivery.models import Delivery
from subscribers.models import Subscriber


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
