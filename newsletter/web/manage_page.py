"""The page of preferences: what a reader gets and when, and what they may choose."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from fastapi.responses import HTMLResponse

from newsletter.content.catalogue import naming
from newsletter.content.catalogue.naming import NamedTool
from newsletter.rendering import dates
from newsletter.service import Service
from newsletter.web.address import moving_to
from newsletter.web.coming import coming, own_window
from newsletter.web.parts import Form, page
from subscribers import queries
from subscribers.address import mask
from subscribers.models import Subscriber
from subscribers.pausing import LONGEST_PAUSE, is_pausing
from subscribers.profile import clean
from subscribers.states import ON_THE_LIST
from subscribers.tokens import Claims, Purpose
from subscribers.zones import zones_by_region

_DAY = timedelta(days=1)
_FOUND_AT_MOST = 20
_WORDS_AT_MOST = 100


@dataclass(frozen=True, slots=True)
class Turn:
    """What the page answers to.

    Attributes:
        token: of the link, as it stands in the address.
        find: a part of a tool's name that was looked for.
        action: the button that was pressed, "" for none.
        about: the name of what it was about.
        problem: code of what kept it from being done.
        typed: the fields around the button, to be shown again when there was a problem.
    """

    token: str
    find: str = ""
    action: str = ""
    about: str | None = None
    problem: str = ""
    typed: Form = field(default_factory=Form)

    def typed_for(self, action: str) -> Form:
        """Give what was typed around one button, if that is the one which was pressed."""
        return self.typed if self.action == action else Form()


def show(service: Service, claims: Claims, turn: Turn, *, status: int = 200) -> HTMLResponse:
    """Make the page; for somebody who is not on the list any more, one that says so.

    Args:
        service: the service.
        claims: of the link.
        turn: what it answers to.
        status: of the answer.
    """
    with service.database.reading() as session:
        reader = queries.by_public_id(session, claims.public_id)
        tools = naming.named_tools(session)
    if reader is None or reader.state not in ON_THE_LIST:
        address = mask(reader.email) if reader and reader.email else None
        return page(service, "manage_away.html", status=status, token=turn.token, address=address)
    return page(
        service,
        "manage.html",
        status=status,
        turn=turn,
        token=turn.token,
        address=mask(reader.email or ""),
        moving_to=moving_to(service, reader),
        unsubscribe=service.signer.sign(Purpose.UNSUBSCRIBE, claims.public_id, issue=claims.issue),
        **_when(service, reader, turn),
        **_letters(reader, tools, turn),
        **_tools(reader, tools, turn.find),
        **_times(service, reader, turn),
    )


def _when(service: Service, reader: Subscriber, turn: Turn) -> dict[str, Any]:
    """Say when letters come, and which days a break can end on."""
    now, own = service.clock(), own_window(service.window, reader.timezone)
    until = reader.paused_until if is_pausing(reader, now) else None
    ends, today = until and own.local(until).date(), own.local(now).date()
    return {
        "coming": coming(service.desk, reader, now),
        "pausing": is_pausing(reader, now),
        "pausing_until": ends,
        "earliest": today + _DAY,
        "latest": today + LONGEST_PAUSE - _DAY,
        "picked_until": turn.typed_for("pause-until").get("until", ends or ""),
    }


def _letters(reader: Subscriber, tools: list[NamedTool], turn: Turn) -> dict[str, Any]:
    """Give rhythm and topics: as they are, and as the boxes are ticked."""
    offered, again = naming.topics(tools), turn.typed_for("letters")
    return {
        "cadence": reader.cadence,
        "topics": reader.topics,
        "offered": [*offered, *(topic for topic in reader.topics if topic not in offered)],
        "ticked_cadence": again.get("cadence", reader.cadence),
        "ticked_topics": again.getlist("topic") if again else reader.topics,
    }


def _tools(reader: Subscriber, tools: list[NamedTool], find: str) -> dict[str, Any]:
    """Give the tools that are followed, and those that were looked for."""
    words = clean(find, _WORDS_AT_MOST)
    found = naming.found(tools, words)
    return {
        "followed": naming.followed(tools, reader.follows),
        "looked_for": words,
        "found": found[:_FOUND_AT_MOST],
        "more": len(found[_FOUND_AT_MOST:]),
    }


def _times(service: Service, reader: Subscriber, turn: Turn) -> dict[str, Any]:
    """Give zone and language: as they are, and as they stand in the form."""
    again = turn.typed_for("times")
    return {
        "zone": service.window.zone,
        "own_zone": reader.timezone,
        "zones": zones_by_region(),
        "picked_zone": again.get("timezone", reader.timezone or ""),
        "languages": dates.LANGUAGES,
        "locale": reader.locale,
        "language": dates.language(reader.locale),
        "picked_language": again.get("language", dates.language(reader.locale)),
    }
