"""Postmark's lists of one stream, whole: who is suppressed, what bounced, and who is let in again."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from newsletter.delivery.transport import Told
from newsletter.delivery.transports.postmark_shelf import Ask

EASTERN = ZoneInfo("America/New_York")
"""In which Postmark reads the dates of a question."""

MOST_ADDRESSES = 50
"""In one call that changes suppressions."""

_A_PAGE = 500
_DEEPEST = 10_000
"""Postmark shows no bounce beyond it, however many there are."""


class _Unsure(Exception):
    """An answer is missing, or is not what it should be."""


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
    more than Postmark shows of one question is asked for in halves.
    """
    first, last = since.astimezone(EASTERN).date(), until.astimezone(EASTERN).date()
    try:
        return list(_between(ask, stream, first, last))
    except (_Unsure, KeyError, TypeError):
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


def _between(ask: Ask, stream: str, first: date, last: date) -> Iterator[Told]:
    rows, total = _page(ask, stream, first, last, 0)
    if total > _DEEPEST and first < last:
        middle = first + (last - first) // 2
        yield from _between(ask, stream, first, middle)
        yield from _between(ask, stream, middle + timedelta(days=1), last)
        return
    if total > _DEEPEST:
        raise _Unsure
    yield from (_bounce(row, stream) for row in rows)
    for offset in range(_A_PAGE, total, _A_PAGE):
        rows, _ = _page(ask, stream, first, last, offset)
        yield from (_bounce(row, stream) for row in rows)


def _page(
    ask: Ask, stream: str, first: date, last: date, offset: int
) -> tuple[list[dict[str, Any]], int]:
    answer = ask(
        "GET",
        "/bounces",
        count=_A_PAGE,
        offset=offset,
        messagestream=stream,
        fromdate=first.isoformat(),
        todate=last.isoformat(),
    )
    if answer.trouble is not None:
        raise _Unsure
    return answer.body["Bounces"], int(answer.body["TotalCount"])


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
