"""The window's hour where each reader is: one instant for all zones that have it at once. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from schedules.errors import UnknownZone
from schedules.windows import Window

LONGEST_LEAD = timedelta(hours=26)
"""From UTC+14 to UTC-12: no day begins earlier than that before the same day elsewhere."""

Zone = str | None
"""An IANA name as somebody gave it once; None for the newsletter's own."""


@dataclass(frozen=True, slots=True)
class Wave:
    """Everybody whose hour it is at one instant.

    Attributes:
        at: the instant, in UTC.
        zones: where it is that hour then, None among them for the newsletter's own zone.
    """

    at: datetime
    zones: frozenset[Zone]


@dataclass(frozen=True, slots=True)
class Waves:
    """The hour of a window on one date, wherever it is looked for.

    Attributes:
        window: the newsletter's own.
        local_date: the date that it is there, and on which each reader has their hour.
    """

    window: Window
    local_date: date

    @property
    def own(self) -> datetime:
        """The newsletter's own hour: also of those who told no zone."""
        return self._in(self.window)

    def at(self, zone: Zone) -> datetime:
        """Give the first instant with that wall time in a zone, or the first after its gap.

        A zone that this machine's tables do not know counts as the newsletter's own: names are
        renamed, and nobody is to go without a letter for that.
        """
        if zone is None:
            return self.own
        try:
            return self._in(replace(self.window, zone=zone))
        except UnknownZone:
            return self.own

    def first(self, zones: Iterable[Zone]) -> datetime:
        """Give the earliest hour there is, at the latest the newsletter's own."""
        return min([self.own, *map(self.at, zones)])

    def of(self, zones: Collection[Zone]) -> tuple[Wave, ...]:
        """Put zones that have their hour at one instant into one wave; earliest first."""
        together: defaultdict[datetime, set[Zone]] = defaultdict(set)
        for zone in zones:
            together[self.at(zone)].add(zone)
        return tuple(Wave(at, frozenset(together[at])) for at in sorted(together))

    def _in(self, window: Window) -> datetime:
        return window.from_local(datetime.combine(self.local_date, window.at))
