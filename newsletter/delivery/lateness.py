"""Between which instants an issue may leave: not before one, and not after another. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from newsletter.errors import NewsletterError


class UnusableTimes(NewsletterError):
    """An issue cannot leave between these instants."""

    code = "unusable-times"


@dataclass(frozen=True, slots=True)
class Span:
    """When an issue may leave, both instants included.

    Attributes:
        not_before: nothing of it is claimed earlier; None for as soon as its hour has come.
        not_after: nothing of it is claimed later; None for no end.
    """

    not_before: datetime | None = None
    not_after: datetime | None = None

    def __str__(self) -> str:
        """Say it in words, with both instants in UTC."""
        ends = (("not before", self.not_before), ("not after", self.not_after))
        said = [f"{word} {_utc(at)}" for word, at in ends if at is not None]
        return ", ".join(said) or "any time"

    def is_early(self, now: datetime) -> bool:
        """Say whether its time is still to come."""
        return self.not_before is not None and now < self.not_before

    def is_late(self, now: datetime) -> bool:
        """Say whether its time is over."""
        return self.not_after is not None and now > self.not_after

    def begun(self, now: datetime, last: datetime | None, lateness: timedelta) -> "Span":
        """Give the span of an issue that begins to leave, or goes on after it was paused.

        An end that somebody has set, and that is still to come, stays. Otherwise it may be late by
        so much, counted from when the last of its copies can have left.

        Args:
            now: when it begins or goes on.
            last: when that is, by its waves, the rate and the ramp; None for at once.
            lateness: how late it may be.
        """
        if self.not_after is not None and not self.is_late(now):
            return self
        first = max(filter(None, (now, last, self.not_before)))
        return Span(self.not_before, first + lateness)


def checked(span: Span, now: datetime) -> None:
    """Refuse a span in which no issue can leave.

    Raises:
        UnusableTimes: when it is over, or ends before it begins.
    """
    if span.is_late(now):
        raise UnusableTimes(
            f"{_utc(span.not_after)} is over, so nothing could leave; give a later --not-after"
        )
    if span.not_before and span.not_after and span.not_after <= span.not_before:
        raise UnusableTimes(
            f"it would have to leave before {_utc(span.not_after)}, but not before "
            f"{_utc(span.not_before)}; give a --not-after behind the --not-before"
        )


def _utc(instant: datetime | None) -> str:
    return f"{instant:%Y-%m-%d %H:%M} UTC"
