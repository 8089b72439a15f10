"""Readers of whom an answer says that the provider writes to them no more, and who is told of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from newsletter.delivery.claiming import Claim
from newsletter.delivery.message import NEWSLETTER_STREAM, Closed, Outcome, Receipt, Stream


@dataclass(frozen=True, slots=True)
class Inactive:
    """One such reader.

    Attributes:
        public_id: the reader's.
        closed: what the answer says.
        stream: on which the letter should have left.
        call: names the letter and the attempt, so that an answer counts once.
        address: to which the letter was written.
        issue: number of the issue that it was a copy of; None for any other letter.
    """

    public_id: str
    closed: Closed
    stream: Stream
    call: str
    address: str = field(repr=False)
    issue: int | None = None


Hear = Callable[[Session, Sequence[Inactive], datetime], None]
"""Takes in what an answer says, as of an instant, in the transaction in which it is recorded."""


def unheard(_session: Session, _found: Sequence[Inactive], _now: datetime) -> None:
    """Leave it at the refusal: for a way out that suppresses nobody."""


def among(claim: Claim, receipts: Sequence[Receipt]) -> list[Inactive]:
    """Find the inactive readers in the answer to a call; hardly ever there is one.

    Args:
        claim: whose call it was.
        receipts: one for each recipient of the claim, in order.
    """
    return [
        Inactive(
            public_id=recipient.public_id,
            closed=receipt.closed,
            stream=NEWSLETTER_STREAM,
            call=claim.attempt_id,
            address=recipient.email,
            issue=claim.issue_number,
        )
        for recipient, receipt in zip(claim.recipients, receipts, strict=True)
        if receipt.closed is not None and receipt.outcome is Outcome.REJECTED
    ]
