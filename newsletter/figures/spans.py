"""Several spans of time as a table of the statement, so that one statement counts in all of them."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import CTE, Integer, column, values

from schedules.clock import UtcDateTime


def spans(of: Mapping[int, tuple[datetime, datetime]]) -> CTE:
    """Give a table with the columns ``number``, ``since`` and ``until``; ``of`` must not be empty."""
    kinds = (column("since", UtcDateTime), column("until", UtcDateTime))
    rows = [(number, since, until) for number, (since, until) in of.items()]
    return values(column("number", Integer), *kinds).data(rows).cte("spans")
