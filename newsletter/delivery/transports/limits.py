"""How many messages a call may hand over; the same rule for every transport."""

from collections.abc import Sequence

from newsletter.delivery.message import Message
from newsletter.errors import NewsletterError


class WrongBatchSize(NewsletterError):
    """A call must hand over at least one message and no more than the transport takes."""

    code = "wrong-batch-size"


def require_size(messages: Sequence[Message], most: int) -> None:
    """Let 1 to ``most`` messages pass.

    Raises:
        WrongBatchSize: otherwise; nothing was sent.
    """
    if not 1 <= len(messages) <= most:
        raise WrongBatchSize(f"{len(messages)} messages in one call; it takes 1 to {most}")
