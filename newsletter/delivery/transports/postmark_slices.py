"""Long lists of Postmark's, in slices of time that are short enough to be shown whole.

Times are named as its questions name them: Eastern, to the second, both ends included.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

EASTERN = ZoneInfo("America/New_York")
"""In which Postmark reads the dates of a question."""

A_PAGE = 500
DEEPEST = 10_000
"""Postmark shows no row beyond it, and perhaps counts no further, however many there are."""

_SECOND = timedelta(seconds=1)
"""The finest that Postmark tells two times apart."""


_Row = TypeVar("_Row")


class Unsure(Exception):
    """An answer is missing, or is not to what was asked."""


@dataclass(frozen=True, slots=True)
class Page(Generic[_Row]):
    """Some rows of a list, and how many there are on all of its pages."""

    rows: list[_Row]
    total: int


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


def sliced(
    query: Mapping[str, str],
    page: Page[_Row],
    slice_: Slice,
    first_page: Callable[[Mapping[str, str]], Page[_Row]],
) -> Iterator[tuple[Mapping[str, str], Page[_Row]]]:
    """Give a question, or as many as its time is to be cut into, the oldest first, with their first pages.

    Args:
        query: the question.
        page: its first page.
        slice_: the time that it is about.
        first_page: asks another question.

    Raises:
        Unsure: when even a second holds more than is shown, or times are not heeded.
    """
    if page.total < DEEPEST:
        yield query, page
        return
    halves = slice_.halves()
    if halves is None:
        raise Unsure
    pages = [first_page(half.query) for half in halves]
    if pages[0] == pages[1]:
        raise Unsure  # it would not heed them in the smallest part either
    for half, found in zip(halves, pages, strict=True):
        yield from sliced(half.query, found, half, first_page)
