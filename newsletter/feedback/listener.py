"""The listener: what the webhook and the heartbeat do with events, each act in one transaction."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from newsletter import faults
from newsletter.database import Database
from newsletter.delivery import copies
from newsletter.feedback import counting, folding, forgetting, inbox
from newsletter.feedback.folding import Folded
from newsletter.feedback.reading import read
from schedules.clock import Clock
from subscribers.errors import SubscriberError

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Listener:
    """Hears what the provider tells afterwards.

    Attributes:
        database: the truth.
        clock: the present instant.
        pepper: hides addresses.
        streams: the provider's names of our own streams.
        keep: how long the bodies of events are kept.
    """

    database: Database
    clock: Clock
    pepper: bytes
    streams: Collection[str]
    keep: timedelta

    def hear(self, told: Any, raw: bytes | None = None) -> str:
        """Store what was posted, then work out what follows; only the first may fail.

        Args:
            told: the body that was posted.
            raw: the same as it came; see ``read``.

        Returns:
            What kind of event it is.
        """
        event = read(told, raw)
        with self.database.writing() as session:
            new = inbox.store(
                session, event, source="webhook", pepper=self.pepper, now=self.clock()
            )
            faults.point("webhook.before-commit")
        faults.point("webhook.stored")
        if new:
            self.fold_at_once()
        faults.point("webhook.folded")
        return event.kind.value

    def fold(self) -> Folded:
        """Work out what follows from everything that was stored since the last time."""
        return folding.fold_due(self.database, self.streams, self.clock)

    def count(self) -> int:
        """Count the clicks that came a while ago, and forget whose they were."""
        return counting.count_due(self.database, now=self.clock())

    def tidy(self) -> None:
        """Empty the bodies that have been kept long enough, and what came after an erasing."""
        with self.database.writing() as session:
            forgetting.forget_erased(session)
            copies.disown_erased(session)
        before = self.clock() - self.keep
        emptied = 1
        while emptied:
            with self.database.writing() as session:
                emptied = forgetting.empty_bodies(session, before)

    def fold_at_once(self) -> None:
        """Fold a lot; what cannot be folded now is stored, and the heartbeat comes back to it."""
        try:
            self.database.write(
                lambda session: folding.fold_lot(session, self.streams, now=self.clock())
            )
        except (SQLAlchemyError, SubscriberError) as fault:
            log.warning("events_not_folded", kind=type(fault).__name__)
