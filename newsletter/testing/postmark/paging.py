"""Pages and periods of Postmark's lists: 500 rows a page, 10,000 rows deep, Eastern dates."""

from collections.abc import Callable, Mapping
from datetime import datetime

from newsletter.testing.postmark.clock import read_eastern
from newsletter.testing.postmark.exchange import Refused

MOST_ROWS, DEEPEST_ROW = 500, 10_000


def page(query: Mapping[str, str], code: int = 700) -> slice:
    """Read which rows are wanted.

    Raises:
        Refused: with the code, when the two numbers are missing or too large.
    """
    try:
        count, offset = int(query["count"]), int(query["offset"])
    except (KeyError, ValueError):
        raise Refused(code, "The 'count' and 'offset' parameters are required.") from None
    if not 0 < count <= MOST_ROWS or offset < 0 or count + offset > DEEPEST_ROW:
        raise Refused(code, "At most 500 rows can be asked for, and no row beyond 10,000.")
    return slice(offset, offset + count)


def period(query: Mapping[str, str], code: int = 700) -> Callable[[datetime], bool]:
    """Read ``fromdate`` and ``todate``, both included, and give the test for an instant.

    Raises:
        Refused: with the code, when one is no date.
    """
    try:
        start = read_eastern(query["fromdate"]) if "fromdate" in query else None
        end = read_eastern(query["todate"], end_of_day=True) if "todate" in query else None
    except ValueError:
        raise Refused(code, "'fromdate' and 'todate' are YYYY-MM-DD or with a time.") from None
    return lambda instant: (start is None or start <= instant) and (end is None or instant <= end)
