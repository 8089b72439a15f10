"""A reader's own time zone: the names there are to choose from, and the choice."""

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from zoneinfo import available_timezones

from sqlmodel import Session

from subscribers.changing import reader_for_change
from subscribers.errors import UnknownTimeZone
from subscribers.models import Subscriber
from subscribers.profile import profile

_REGIONS = frozenset(
    {
        "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe",
        "Indian", "Pacific",
    }
)  # fmt: skip


@cache
def zones_by_region() -> Mapping[str, tuple[str, ...]]:
    """Give the IANA names that are a place, by region; old abbreviations are left out."""
    regions: defaultdict[str, list[str]] = defaultdict(list)
    for zone in sorted(available_timezones()):
        region, _, place = zone.partition("/")
        if place and region in _REGIONS:
            regions[region].append(zone)
    return {region: tuple(zones) for region, zones in regions.items()}


def choose_zone(session: Session, public_id: str, zone: str | None) -> Subscriber:
    """Keep the time zone that somebody lives in.

    Args:
        session: a writing session.
        public_id: from the token.
        zone: any IANA name, also one that is not offered; None or "" for the newsletter's own.

    Raises:
        UnknownSubscriber: when the id is not on the list.
        HasLeft: when the person has left: nothing new is kept about them.
        UnknownTimeZone: when there is no such zone.
    """
    known = profile(timezone=zone).timezone
    if zone and known is None:
        raise UnknownTimeZone
    subscriber = reader_for_change(session, public_id)
    subscriber.timezone = known
    session.add(subscriber)
    session.flush()
    return subscriber
