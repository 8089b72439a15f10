"""Postmark's lists of one stream, whole: who is suppressed, what bounced, and who is let in again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from newsletter.delivery.transport import Told
from newsletter.delivery.transports.postmark_shelf import Ask
from newsletter.delivery.transports.postmark_slices import (
    A_PAGE,
    EASTERN,
    Page,
    Slice,
    Unsure,
    sliced,
)

MOST_ADDRESSES = 50
"""In one call that changes suppressions."""

_Row = dict[str, Any]


def suppressions(ask: Ask, stream: str) -> list[Told] | None:
    """Give every suppression of a stream as the change that its webhook told of."""
    answer = ask("GET", f"/message-streams/{stream}/suppressions/dump")
    if answer.trouble is not None:
        return None
    try:
        return [_change(row, stream) for row in answer.body["Suppressions"]]
    except (KeyError, TypeError):
        return None


def bounces(ask: Ask, stream: str, since: datetime, until: datetime) -> list[Told] | None:
    """Give the bounces of a stream, from the Eastern day of an instant to that of another one.

    The stream is named, because Postmark lists those of ``outbound`` otherwise. A time that holds
    more than Postmark shows of one question is asked for in halves, down to a second.
    """
    try:
        return _Bounces(ask, stream).between(since, until)
    except (Unsure, KeyError, TypeError, ValueError):
        return None


def reopen(ask: Ask, stream: str, addresses: Sequence[str]) -> list[str]:
    """Delete suppressions, and give the addresses of which Postmark said that it has."""
    opened: list[str] = []
    for start in range(0, len(addresses), MOST_ADDRESSES):
        some = addresses[start : start + MOST_ADDRESSES]
        body = {"Suppressions": [{"EmailAddress": address} for address in some]}
        answer = ask("POST", f"/message-streams/{stream}/suppressions/delete", data=body)
        if answer.trouble is not None:
            return opened
        rows = answer.body.get("Suppressions", []) if isinstance(answer.body, dict) else []
        deleted = {str(row.get("EmailAddress")).casefold() for row in rows if _is_deleted(row)}
        opened += [address for address in some if address.casefold() in deleted]
    return opened


class _Bounces:
    """One reading of the bounces of a stream; each is kept once, for slices of time share a second."""

    def __init__(self, ask: Ask, stream: str) -> None:
        self._ask, self._stream = ask, stream
        self._found: dict[int, Told] = {}

    def between(self, since: datetime, until: datetime) -> list[Told]:
        """Read all of some days; times are named only where days hold too much."""
        first, last = (at.astimezone(EASTERN).date() for at in (since, until))
        days = {"fromdate": first.isoformat(), "todate": last.isoformat()}
        page, time = self._page(days, 0), Slice.of_days(first, last)
        for query, found in sliced(days, page, time, lambda query: self._page(query, 0)):
            self._read(query, found)
        if len(self._found) < page.total:
            raise Unsure
        return list(self._found.values())

    def _read(self, query: Mapping[str, str], page: Page[_Row]) -> None:
        """Turn the pages; as the newest come first, one that comes meanwhile moves the others on."""
        offset = 0
        while page.rows:
            self._found |= {row["ID"]: _bounce(row, self._stream) for row in page.rows}
            offset += A_PAGE
            if offset >= page.total:
                return
            page = self._page(query, offset)

    def _page(self, query: Mapping[str, str], offset: int) -> Page[_Row]:
        asked = {"messagestream": self._stream, **query}
        answer = self._ask("GET", "/bounces", count=A_PAGE, offset=offset, **asked)
        if answer.trouble is not None:
            raise Unsure
        return Page(answer.body["Bounces"], int(answer.body["TotalCount"]))


def _change(row: dict[str, Any], stream: str) -> Told:
    return {
        "RecordType": "SubscriptionChange",
        "MessageStream": stream,
        "Recipient": row["EmailAddress"],
        "ChangedAt": row["CreatedAt"],
        "Origin": row["Origin"],
        "SuppressSending": True,
        "SuppressionReason": row["SuppressionReason"],
    }


def _bounce(row: dict[str, Any], stream: str) -> Told:
    """Give a bounce as its webhook told it; complaints stand on the same list."""
    record = "SpamComplaint" if row.get("Type") == "SpamComplaint" else "Bounce"
    return {**row, "RecordType": record, "MessageStream": stream}


def _is_deleted(row: object) -> bool:
    return isinstance(row, dict) and row.get("Status") == "Deleted"
