"""The evidence for messages in doubt: Postmark's search by the metadata of an attempt."""

from collections.abc import Iterator, Mapping
from typing import Any

from newsletter.delivery.transport import Sighting
from newsletter.delivery.transports.postmark_shelf import Ask
from newsletter.delivery.transports.postmark_streams import Found, listed

_A_PAGE = 500
_DEEPEST = 10_000
"""Postmark shows no row beyond it, however many there are."""

Page = tuple[list[tuple[str, str]], int]
"""Delivery id and message id of each row, and how many rows there are on all pages."""


def find(ask: Ask, attempt_id: str, stream: str) -> Sighting | None:
    """Give what Postmark's search shows of an attempt, or None when it cannot be trusted now.

    An empty answer is the dangerous one: whoever believes it sends again. Postmark gives it for a
    stream that does not exist, too, and for one that was renamed in our settings since. So it
    counts only when the stream is on the server's list now, and no other one shows anything, not
    even one that was archived since.
    """
    sighting = _on_stream(ask, attempt_id, stream)
    if sighting is None or sighting.message_ids:
        return sighting
    streams = listed(ask)
    if not isinstance(streams, Mapping) or stream not in streams:
        return None
    for other in _others(streams, stream):
        elsewhere = _on_stream(ask, attempt_id, other)
        if elsewhere is None or elsewhere.message_ids or not elsewhere.complete:
            return elsewhere
    return sighting


def count(ask: Ask, tag: str, stream: str) -> int | None:
    """Give how many accepted messages with a tag the search knows, or None when that is unsure."""
    answer = ask("GET", "/messages/outbound", count=1, offset=0, messagestream=stream, tag=tag)
    if answer.trouble is not None:
        return None
    try:
        tags = {row["Tag"] for row in answer.body["Messages"]}
        return int(answer.body["TotalCount"]) if tags <= {tag} else None
    except (KeyError, TypeError, ValueError):
        return None


def _others(streams: Mapping[str, Found], stream: str) -> Iterator[str]:
    return (name for name, found in streams.items() if found.outbound and name != stream)


def _on_stream(ask: Ask, attempt_id: str, stream: str) -> Sighting | None:
    """Turn the pages until all rows are seen.

    The newest rows come first, so that one which appears between two pages moves the others: then
    the sighting is not complete, though what it shows is true.
    """
    seen: dict[str, str] = {}
    totals: set[int] = set()
    for offset in range(0, _DEEPEST, _A_PAGE):
        page = _page(ask, attempt_id, stream, offset)
        if page is None:
            return _sighting(seen, complete=False) if seen else None
        rows, total = page
        seen |= {message_id: delivery_id for delivery_id, message_id in rows}
        totals.add(total)
        if not rows or offset + _A_PAGE >= total:
            break
    return _sighting(seen, complete=totals == {len(seen)})


def _page(ask: Ask, attempt_id: str, stream: str, offset: int) -> Page | None:
    """Ask for one page.

    The stream is named because the search looks at ``outbound`` otherwise and finds nothing of a
    newsletter; dates are not, because they would be read as US Eastern time. A row of another
    attempt shows that Postmark did not look for ours.
    """
    query: dict[str, Any] = {"count": _A_PAGE, "offset": offset, "messagestream": stream}
    query["metadata_batch-id"] = attempt_id
    answer = ask("GET", "/messages/outbound", **query)
    if answer.trouble is not None:
        return None
    try:
        metadata = [row["Metadata"] for row in answer.body["Messages"]]
        message_ids = [str(row["MessageID"]) for row in answer.body["Messages"]]
        if any(one["batch-id"] != attempt_id for one in metadata):
            return None
        delivery_ids = [str(one["delivery-id"]) for one in metadata]
        return list(zip(delivery_ids, message_ids, strict=True)), int(answer.body["TotalCount"])
    except (KeyError, TypeError, ValueError):
        return None


def _sighting(seen: Mapping[str, str], *, complete: bool) -> Sighting:
    by_delivery: dict[str, tuple[str, ...]] = {}
    for message_id, delivery_id in seen.items():
        by_delivery[delivery_id] = (*by_delivery.get(delivery_id, ()), message_id)
    return Sighting(by_delivery, complete)
