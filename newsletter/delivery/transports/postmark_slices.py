"""A time as Postmark's questions name it, and its halves: Eastern, to the second, both ends included."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

EASTERN = ZoneInfo("America/New_York")
"""In which Postmark reads the dates of a question."""

_SECOND = timedelta(seconds=1)
"""The finest that Postmark tells two times apart."""


@dataclass(frozen=True, slots=True)
class Slice:
    """A time on a clock in New York."""

    first: datetime
    last: datetime

    @classmethod
    def between(cls, since: datetime, until: datetime) -> "Slice":
        """Give the time between two instants, in whole seconds that hold both."""
        first, last = (
            at.astimezone(EASTERN).replace(tzinfo=None, microsecond=0) for at in (since, until)
        )
        return cls(first, last + _SECOND)

    @classmethod
    def of_days(cls, first: date, last: date) -> "Slice":
        """Give the time of some whole days, up to the midnight that ends them."""
        end = last + timedelta(days=1)
        return cls(datetime.combine(first, time.min), datetime.combine(end, time.min))

    @property
    def query(self) -> dict[str, str]:
        """Give the fields of a question that name it."""
        ends = {"fromdate": self.first, "todate": self.last}
        return {name: at.isoformat(timespec="seconds") for name, at in ends.items()}

    def halves(self) -> "tuple[Slice, Slice] | None":
        """Cut it in two that share the second at which they meet; None when it is too short."""
        seconds = (self.last - self.first) // _SECOND
        if seconds <= 1:
            return None
        middle = self.first + seconds // 2 * _SECOND
        return Slice(self.first, middle), Slice(middle, self.last)
