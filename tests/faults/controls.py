"""Two honest designs that are wrong, played on the same stage: the bench must see that they are.

Both keep their books in the rows of the product, so that the same judge reads them. A reader who is
"accepted" is one whom the design takes for served.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import cycle

from sqlalchemy import select, update
from sqlmodel import col

from newsletter import faults
from newsletter.database import Database
from newsletter.delivery.claiming import Recipient
from newsletter.delivery.message import Outcome, Receipt
from newsletter.delivery.models import Delivery, DeliveryState
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState
from newsletter.service import Service
from subscribers.models import Subscriber
from tests.faults.judging import Played
from tests.faults.runs import ACTOR, Surroundings
from tests.faults.surroundings import BATCH_SIZE, ISSUE
from tests.faults.trials import Design, Kind, Trial

TRIES = 3


def send_then_mark(surroundings: Surroundings) -> None:
    """Take who is not marked, send, then mark: what is not marked is sent again."""
    service = _started(surroundings)
    while readers := _unserved(service.database):
        receipts = _send(service, readers)
        faults.point("control.sent")
        _mark(service.database, readers, receipts)
        if any(receipt.outcome is not Outcome.ACCEPTED for receipt in receipts):
            return  # the next start tries again
    _close(service.database)


def cursor_at_fetch(surroundings: Surroundings) -> None:
    """Move the cursor when a batch is fetched, then try to send it up to three times."""
    service = _started(surroundings)
    while readers := _unserved(service.database):
        _mark(service.database, readers, [Receipt(Outcome.ACCEPTED)] * len(readers))
        faults.point("control.fetched")
        for _ in range(TRIES):
            receipts = _send(service, readers)
            faults.point("control.sent")
            if receipts[0].outcome is Outcome.ACCEPTED:
                _mark(service.database, readers, receipts)
                break
    _close(service.database)


DESIGNS: Mapping[Design, Callable[[Surroundings], None]] = {
    "send-then-mark": send_then_mark,
    "cursor": cursor_at_fetch,
}


def _started(surroundings: Surroundings) -> Service:
    service = surroundings.service()
    service.dispatch.start(ISSUE, actor=ACTOR)
    return service


def _unserved(database: Database) -> list[Recipient]:
    query = (
        select(
            col(Subscriber.id),
            col(Subscriber.public_id),
            col(Subscriber.email),
            col(Subscriber.token_epoch),
        )
        .join(Delivery, col(Delivery.subscriber_id) == col(Subscriber.id))
        .where(col(Delivery.state) == DeliveryState.QUEUED.value)
        .order_by(col(Subscriber.id))
        .limit(BATCH_SIZE)
    )
    with database.reading() as session:
        return [Recipient(*row) for row in session.execute(query)]


def _send(service: Service, readers: Sequence[Recipient]) -> list[Receipt]:
    sender, issue = service.dispatch.sender, service.desk.issue(ISSUE)
    messages = [
        sender.letterhead.message(ISSUE, issue.local_date, reader, "a-control")
        for reader in readers
    ]
    return sender.transport.send(sender.letterhead.mailing(issue), messages)


def _mark(database: Database, readers: Sequence[Recipient], receipts: Sequence[Receipt]) -> None:
    with database.writing() as session:
        for reader, receipt in zip(readers, receipts, strict=True):
            if receipt.outcome is Outcome.ACCEPTED:
                session.execute(
                    update(Delivery)
                    .where(col(Delivery.subscriber_id) == reader.id)
                    .values(state=DeliveryState.ACCEPTED.value, provider_id=receipt.provider_id)
                )


def _close(database: Database) -> None:
    with database.writing() as session:
        session.execute(update(Issue).values(state=IssueState.SETTLED.value))


_KILLED_AT: Mapping[Design, str] = {"send-then-mark": "control.sent", "cursor": "control.fetched"}


def trials(kinds: Sequence[Kind]) -> list[Trial]:
    """Give the trials of the controls: killed, and with faults of the provider."""
    wrongs = [
        (design, point, nth, script)
        for design, killed_at in _KILLED_AT.items()
        for point, nth, script in (
            (killed_at, 1, "well"),
            (killed_at, 2, "well"),
            (None, 1, "drop-answer@1"),
            (None, 1, "error-500@2"),
            (None, 1, "reset@1+reset@2+reset@3"),
        )
    ]
    return [
        Trial(point, nth, script, kind, 1, "batch", design)
        for kind, (design, point, nth, script) in zip(cycle(kinds), wrongs, strict=False)
    ]


def blind_to(played: Sequence[Played]) -> list[str]:
    """Say what the bench did not see, of what these designs certainly do."""
    duplicated = {one.trial.design for one in played if one.finding.duplicated}
    lost = {one.trial.design for one in played if one.finding.lost}
    return [
        *["blind: send-then-mark showed no duplicate"] * ("send-then-mark" not in duplicated),
        *["blind: cursor lost nobody"] * ("cursor" not in lost),
    ]
