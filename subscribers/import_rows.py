"""What one line of a file says about a person: address, state, profile, instants."""

import ast
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from typing import Any

from subscribers.address import Address
from subscribers.csv_cells import read_names
from subscribers.csv_reading import Line
from subscribers.errors import RefusedLine
from subscribers.profile import (
    ATTRIBUTES_AT_MOST_BYTES,
    CADENCES,
    Profile,
    attributes_from,
    profile,
    split_tags,
)
from subscribers.states import State, strictest
from subscribers.tokens import PUBLIC_ID_CHARACTERS

STATUSES: Mapping[State, frozenset[str]] = {
    State.ACTIVE: frozenset(
        ["active", "subscribed", "enabled", "confirmed", "regular", "premium", "gifted", "trialed"]
    ),
    State.PAUSED: frozenset(["paused"]),
    State.PENDING: frozenset(["pending", "unconfirmed", "unactivated", "inactive"]),
    State.UNSUBSCRIBED: frozenset(["unsubscribed", "disabled", "cancelled", "canceled", "removed"]),
    State.BOUNCED: frozenset(["bounced", "cleaned", "undeliverable", "unreachable"]),
    State.COMPLAINED: frozenset(["complained", "complaint", "spam"]),
    State.SUPPRESSED: frozenset(
        ["suppressed", "blocked", "blocklisted", "blacklisted", "spammy", "banned"]
    ),
}
"""What ours and other services call each state; a word that stands nowhere refuses the line."""

_STATE_OF = {word: state for state, words in STATUSES.items() for word in words}
_YES = frozenset(["true", "yes", "1", "y"])
_NO = frozenset(["false", "no", "0", "n"])
_PUBLIC_ID = re.compile(rf"[A-Za-z0-9_-]{{{PUBLIC_ID_CHARACTERS}}}")
_GO_INSTANT = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?) ([+-]\d{4})(?: \w+)?")
_NEVER = "0001-01-01"
"""How Go and .NET write that there is no date."""
_SHOWN = 40
"""Characters of a cell that a sentence about it repeats."""

_DAY_FIRST = re.compile(r"(\d\d)-(\d\d)-(\d{4})(?: (\d\d:\d\d(?::\d\d)?))?")


@dataclass(frozen=True, slots=True)
class Row:
    """A line understood.

    Attributes:
        number: its line in the file.
        state: the strictest of all the line says, in whatever columns.
        public_id: set when the file is an export of ours, so that links in old letters go on working.
        left_out: what of the line made no sense, in words; the person comes in without it.
    """

    number: int
    address: Address
    state: State
    profile: Profile
    public_id: str | None
    created_at: datetime | None
    confirmed_at: datetime | None
    unsubscribed_at: datetime | None
    left_out: tuple[str, ...] = ()


def read_row(line: Line) -> Row:
    """Understand a line.

    Raises:
        RefusedLine: when it is broken, or its status or cadence is a word nobody uses.
        InvalidAddress: when the address is none.
    """
    state, cells = stated_state(line), line.cells
    public_id = cells.get("public_id", "")
    row = Row(
        number=line.number,
        address=Address.parse(cells.get("email", "")),
        state=state,
        profile=_profile(cells),
        public_id=public_id if _PUBLIC_ID.fullmatch(public_id) else None,
        created_at=instant(cells.get("created_at", "")),
        confirmed_at=instant(cells.get("confirmed_at", "")),
        unsubscribed_at=instant(cells.get("unsubscribed_at", "")),
    )
    return replace(row, left_out=tuple(_left_out(cells, row)))


def stated_state(line: Line) -> State:
    """Give the strictest state a line speaks of; a line that says nothing means a subscriber.

    Raises:
        RefusedLine: when it is broken or its status is a word nobody uses.
    """
    if line.problem:
        raise RefusedLine(line.problem)
    cells = line.cells
    said = [_status(cells.get("status", "active"))]
    if not _truth(cells.get("subscribed", "yes")):
        said.append(State.UNSUBSCRIBED)
    if _truth(cells.get("blocked", "no")):
        said.append(State.SUPPRESSED)
    if cells.get("unsubscribed_at"):
        said.append(State.UNSUBSCRIBED)
    if cells.get("bounced_at"):
        said.append(State.BOUNCED)
    return strictest(*said)


def instant(text: str) -> datetime | None:
    """Read a date or time as ISO 8601, Go, Kit and Brevo write it; without a zone it is UTC.

    None when it is written otherwise, or in the first or the last year there is, parts of which lie beyond the
    calendar elsewhere: a date is not worth losing a line for.
    """
    text = text.removesuffix(" UTC")
    if go := _GO_INSTANT.fullmatch(text):
        text = f"{go[1]}{go[2]}"
    elif day_first := _DAY_FIRST.fullmatch(text):
        day, month, year, time = day_first.groups()
        text = f"{year}-{month}-{day} {time or '00:00'}"
    try:
        read = datetime.fromisoformat(text)
        utc = read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return utc if MINYEAR < utc.year < MAXYEAR else None


def _profile(cells: Mapping[str, str]) -> Profile:
    parts = (cells.get("first_name", ""), cells.get("last_name", ""))
    return profile(
        cells.get("name") or " ".join(filter(None, parts)),
        timezone=cells.get("timezone"),
        locale=cells.get("locale"),
        tags=split_tags(cells.get("tags", "")),
        attributes=_attributes(cells.get("attributes", "{}")),
        source=cells.get("source", "import"),
    ).wishing(
        _cadence(cells.get("cadence", "")),
        topics=read_names(cells.get("topics", "")),
        follows=read_names(cells.get("follows", "")),
    )


def _attributes(cell: str) -> dict[str, Any] | None:
    """Read a JSON object, or one as Python writes it, which some services export; None for neither."""
    read = attributes_from(cell)
    if read is not None or len(cell) > ATTRIBUTES_AT_MOST_BYTES:
        return read
    try:
        return attributes_from(json.dumps(ast.literal_eval(cell)))
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None


def _left_out(cells: Mapping[str, str], row: Row) -> Iterator[str]:
    """Say which cells hold something of which nothing came into the row."""
    said = {column: cell.strip() for column, cell in cells.items() if cell.strip()}
    if (zone := said.get("timezone")) and row.profile.timezone is None:
        yield f"the time zone '{zone[:_SHOWN]}' is not known"
    if (language := said.get("locale")) and not row.profile.locale:
        yield f"the language '{language[:_SHOWN]}' is not written like de or pt-BR"
    text = "" if row.profile.attributes else said.get("attributes", "")
    if text and _attributes(text) is None:
        yield "the attributes are no JSON object, or too large"
    if "cadence" in said and row.profile.cadence != _cadence(said["cadence"]):
        yield f"the cadence '{said['cadence'][:_SHOWN]}' wants tools to follow"
    for column in ("created_at", "confirmed_at", "unsubscribed_at"):
        date = said.get(column, "")
        is_said = date.strip("0:- ") and not date.startswith(_NEVER)  # zeros are no date elsewhere
        if getattr(row, column) is None and is_said:
            yield f"the date '{date[:_SHOWN]}' of {column} is not written like 2024-03-01"


def _cadence(word: str) -> str:
    """Read how often; a word that is not known might have meant fewer letters than all."""
    said = word.strip().casefold() or CADENCES[0]
    if said not in CADENCES:
        raise RefusedLine(
            f"the cadence '{word[:40]}' is not known: write one of {', '.join(CADENCES)}"
        )
    return said


def _status(word: str) -> State:
    try:
        return _STATE_OF[re.sub(r"[\s_-]+", "", word.casefold())]
    except KeyError:
        raise RefusedLine(
            f"the status '{word[:40]}' is not known: write one of {', '.join(STATUSES)}"
        ) from None


def _truth(word: str) -> bool:
    plain = word.strip().casefold()
    if plain not in _YES | _NO:
        raise RefusedLine(f"'{word[:40]}' stands where yes or no should stand")
    return plain in _YES
