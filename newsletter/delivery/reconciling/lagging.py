"""When to look for a call whose answer is known, and how far behind a search was by what that showed. Pure."""

from datetime import datetime, timedelta

from newsletter.delivery.reconciling.rules import Patience


def wants_look(
    accepted_at: datetime, missed_at: datetime | None, at: datetime, patience: Patience
) -> bool:
    """Say whether to look now for a call whose answer is known: soon, then each time after twice as long.

    Args:
        accepted_at: when it was answered.
        missed_at: the last look that did not show all of it.
        at: the present instant.
        patience: how long it is looked for.
    """
    waited = at - accepted_at
    if missed_at is None:
        return patience.step(1) <= waited <= patience.prompt
    return 2 * (missed_at - accepted_at) <= waited <= patience.longest


def lag(
    accepted_at: datetime,
    missed_at: datetime | None,
    seen_at: datetime | None,
    at: datetime,
    prompt: timedelta,
) -> timedelta | None:
    """Say how far a search was behind, at most; None when that was not learnt.

    What was missed is behind for as long as it is not seen. Where nobody looked when it was time,
    because the service was stopped, nothing more follows from that than the next look in time.

    Args:
        accepted_at: when a call was answered.
        missed_at: the last look that did not show all of it.
        seen_at: the first look that did.
        at: the present instant.
        prompt: see ``Patience.prompt``.
    """
    took = (seen_at or at) - accepted_at
    if missed_at is None:
        return took if seen_at is not None and took <= prompt else None
    return min(took, 2 * (missed_at - accepted_at) + prompt)
