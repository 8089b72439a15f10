"""A whole mailing as Postmark's search shows it, however many copies it has: page by page, slice by slice."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from newsletter.delivery.transport import Shown, Take
from newsletter.delivery.transports.postmark_shelf import Ask
from newsletter.delivery.transports.postmark_slices import (
    A_PAGE,
    DEEPEST,
    Page,
    Slice,
    Unsure,
    sliced,
)
from newsletter.delivery.transports.postmark_streams import listed


@dataclass(frozen=True, slots=True)
class Span:
    """Between which instants the copies of a mailing were accepted."""

    since: datetime
    until: datetime


def recall(ask: Ask, tag: str, stream: str, span: Span, take: Take) -> bool:
    """Hand on every copy of a mailing that Postmark's search shows, on whatever stream it left.

    The stream of the settings must be there: an empty answer would mean nothing otherwise. All
    others are read, too, for it may have had another name when the copies left.

    Returns:
        Whether that is all. What was handed on is true anyway.
    """
    streams = listed(ask)
    if not isinstance(streams, Mapping) or stream not in streams:
        return False
    outbound = [stream, *(name for name, found in streams.items() if found.outbound)]
    names = dict.fromkeys(outbound)
    whole = [_is_whole(_Reading(ask, tag, name, take), span) for name in names]  # all of them
    return all(whole)


def _is_whole(reading: "_Reading", span: Span) -> bool:
    try:
        return reading.whole(span)
    except Unsure:
        return False


class _Reading:
    """One reading of a mailing's rows on one stream; each is handed on once."""

    def __init__(self, ask: Ask, tag: str, stream: str, take: Take) -> None:
        self._ask, self._tag, self._stream, self._take = ask, tag, stream, take
        self._before: frozenset[str] = frozenset()
        self._count = 0

    def whole(self, span: Span) -> bool:
        """Read all; dates are named only where nothing else helps."""
        page = self._page({}, 0)
        if page.total < DEEPEST:
            return self._read({}, page)
        slice_ = Slice.between(span.since, span.until)
        first = self._page(slice_.query, 0)
        parts = sliced(slice_.query, first, slice_, lambda query: self._page(query, 0))
        whole = [self._read(query, found) for query, found in parts]
        return all(whole) and self._count >= page.total

    def _read(self, query: Mapping[str, str], page: Page[Shown]) -> bool:
        """Turn the pages of what is not too long for it; say whether all rows were seen.

        The newest rows come first, so that one which appears between two pages moves the others.
        """
        seen: set[str] = set()
        totals = {page.total}
        for offset in range(A_PAGE, DEEPEST + A_PAGE, A_PAGE):
            self._hand_on(page.rows, seen)
            if not page.rows or offset >= page.total:
                break
            page = self._page(query, offset)
            totals.add(page.total)
        self._before = frozenset(seen)
        return totals == {len(seen)}

    def _hand_on(self, rows: list[Shown], seen: set[str]) -> None:
        fresh = [row for row in rows if row[1] not in seen and row[1] not in self._before]
        seen.update(message_id for _, message_id in rows)
        self._count += len(fresh)
        if fresh:
            self._take(fresh)

    def _page(self, query: Mapping[str, str], offset: int) -> Page[Shown]:
        """Ask for one page.

        A row of another mailing shows that Postmark did not look for ours.
        """
        asked = {"messagestream": self._stream, "tag": self._tag, **query}
        answer = self._ask("GET", "/messages/outbound", count=A_PAGE, offset=offset, **asked)
        if answer.trouble is not None:
            raise Unsure
        try:
            rows, total = answer.body["Messages"], int(answer.body["TotalCount"])
            if any(row["Tag"] != self._tag for row in rows):
                raise Unsure
            shown = [(str(row["Metadata"]["delivery-id"]), str(row["MessageID"])) for row in rows]
        except (KeyError, TypeError, ValueError):
            raise Unsure from None
        return Page(shown, total)
