"""What a form says, whoever made it: the field names of other services become one request. Pure.

A site that changes services only changes its form's address: the fields of listmonk, Buttondown,
Keila, Mailcoach, Sendy and Mailchimp are understood as they are. What such a form says about lists
and people beyond this is not kept.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from subscribers.profile import Profile, profile, split_tags

Fields = Iterable[tuple[str, str]]
"""Names and values as they came; a name may come several times."""

MOST_TAGS = 10

_TRAPS = ("nonce", "hp")  # listmonk's, which is ours too, and Sendy's
_TRAP_BEGINNINGS = ("b_", "h[")  # Mailchimp's and Keila's
_NAMES = ("name", "contact[name]")
_FIRST_NAMES = ("first_name", "fname", "contact[first_name]")
_LAST_NAMES = ("last_name", "lname", "contact[last_name]")
_NEXT = ("next", "redirect_after_subscription_pending")


@dataclass(frozen=True, slots=True)
class Submission:
    """What a form says, understood but not yet believed.

    Attributes:
        email: as it was typed.
        name: of the person.
        timezone: the browser's, an IANA name, where the form filled it in.
        tags: the site's own marks.
        trapped: whether a field was filled in that people do not see.
        stamp: when the form was handed out; see ``stamp``.
        proof: a solved challenge; see ``proofs``.
        consent: the version of the words that the form showed.
        page: which of our own pages it stood on.
        next_page: where the form wants its visitor to be sent.
        wants_text: whether a program reads the answer, as Sendy's do.
    """

    email: str = ""
    name: str = ""
    timezone: str = ""
    tags: tuple[str, ...] = ()
    trapped: bool = False
    stamp: str = ""
    proof: str = ""
    consent: str = ""
    page: str = ""
    next_page: str = ""
    wants_text: bool = False

    def profile(self, source: str) -> Profile:
        """Give what is kept about the person, cleaned.

        Args:
            source: where the form stands.
        """
        return profile(self.name, timezone=self.timezone, tags=self.tags, source=source)


def understood(fields: Fields) -> Submission:
    """Read the fields of a form; what is unknown is passed over."""
    given: defaultdict[str, list[str]] = defaultdict(list)
    for name, value in fields:
        given[name.strip().lower()].append(value)

    def first(*names: str) -> str:
        return next((value for name in names for value in given.get(name, ()) if value), "")

    whole = " ".join(filter(None, (first(*_FIRST_NAMES), first(*_LAST_NAMES))))
    return Submission(
        email=first("email", "contact[email]"),
        name=first(*_NAMES) or whole,
        timezone=first("timezone"),
        tags=_tags(given),
        trapped=any(_is_trap(name) and any(values) for name, values in given.items()),
        stamp=first("stamp"),
        proof=first("altcha"),
        consent=first("consent"),
        page=first("page"),
        next_page=first(*_NEXT),
        wants_text=first("boolean").lower() == "true",
    )


def fields_of_json(value: Any) -> list[tuple[str, str]]:
    """Give the fields of a JSON object as a form would send them; lists are fields given twice."""
    if not isinstance(value, dict):
        return []
    pairs = ((name, one) for name, held in value.items() for one in _as_list(held))
    return [(name, one) for name, one in pairs if isinstance(one, str)]


def _as_list(value: Any) -> list[Any]:
    if isinstance(value, bool):
        return ["true" if value else ""]
    return value if isinstance(value, list) else [value]


def _is_trap(name: str) -> bool:
    return name in _TRAPS or name.startswith(_TRAP_BEGINNINGS)


def _tags(given: dict[str, list[str]]) -> tuple[str, ...]:
    joined = (tag for value in given.get("tags", ()) for tag in split_tags(value))
    tags = (tag.strip() for tag in (*given.get("tag", ()), *joined))
    return tuple(dict.fromkeys(filter(None, tags)))[:MOST_TAGS]
