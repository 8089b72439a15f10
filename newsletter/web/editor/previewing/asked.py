"""What of a letter somebody wants to see, as it stands in the address of a page; no address of a person."""

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from newsletter.previews.looks import Look
from newsletter.rendering.dates import ENGLISH, language
from subscribers.profile import CADENCES, MOST_FOLLOWED, MOST_TOPICS
from subscribers.wishes import Wishes
from subscribers.zones import zones_by_region

_ANCHOR = re.compile(r"[a-z0-9][a-z0-9-]{0,120}", re.ASCII)
_READER = re.compile(r"[A-Za-z0-9_-]{12}", re.ASCII)
_LONGEST_WISH = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """One look at one person's letter.

    Attributes:
        look: how it is looked at.
        at: a place in the letter to begin with.
        reader: public id of whose letter it is; empty for everybody's.
        wishes: of somebody made up, in the place of a reader; None for everybody's letter.
        zone: where they are; empty for where the newsletter is.
        locale: the language of their dates; empty for English.
    """

    look: Look = Look.LETTER
    at: str = ""
    reader: str = ""
    wishes: Wishes | None = None
    zone: str = ""
    locale: str = ""

    @classmethod
    def of(cls, query: QueryParams) -> "Asked":
        """Read an address; what nobody can have meant is left out."""
        look, at, reader = (query.get(name, "") for name in ("look", "at", "reader"))
        zone, locale = query.get("zone", ""), query.get("lang", "")
        return cls(
            look=Look(look) if look in set(Look) else Look.LETTER,
            at=at if _ANCHOR.fullmatch(at) else "",
            reader=reader if _READER.fullmatch(reader) else "",
            wishes=_wishes(query),
            zone=zone if zone in zones_by_region().get(zone.partition("/")[0], ()) else "",
            locale=locale if locale and language(locale) == locale != ENGLISH else "",
        )

    def query(self, look: Look) -> str:
        """Write the same person's letter, looked at in another way, as an address has it."""
        said: list[tuple[str, str]] = [("look", look)]
        if self.reader:
            return urlencode([*said, ("reader", self.reader)])
        if self.wishes is not None:
            said.append(("cadence", self.wishes.cadence))
            said += [("topics", topic) for topic in sorted(self.wishes.topics)]
            said += [("follows", slug) for slug in sorted(self.wishes.follows)]
        said += [(name, one) for name, one in (("zone", self.zone), ("lang", self.locale)) if one]
        return urlencode(said)


def _wishes(query: QueryParams) -> Wishes | None:
    cadence = query.get("cadence", "")
    if cadence not in CADENCES:
        return None
    topics, follows = (
        frozenset(one[:_LONGEST_WISH] for one in query.getlist(name)[:most])
        for name, most in (("topics", MOST_TOPICS), ("follows", MOST_FOLLOWED))
    )
    return Wishes(cadence, topics, follows)
