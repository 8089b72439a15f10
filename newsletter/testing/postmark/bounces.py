"""The list of bounces, what can be asked about it, and making an address active again."""

import itertools
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from newsletter.testing.postmark.account import SERVER_ID
from newsletter.testing.postmark.bounce_types import BOUNCE_TYPES
from newsletter.testing.postmark.clock import VirtualClock, eastern_time
from newsletter.testing.postmark.exchange import Refused, Reply, Request
from newsletter.testing.postmark.ledger import Row
from newsletter.testing.postmark.paging import page, period
from newsletter.testing.postmark.suppressions import Suppressions

_FILTERS = {"type": "Type", "tag": "Tag", "messageid": "MessageID"}


class Bounces:
    """The bounces of all streams, in the order in which they became known."""

    def __init__(self, suppressions: Suppressions, clock: VirtualClock) -> None:
        self._suppressions = suppressions
        self._clock = clock
        self._numbers = itertools.count(723626745)
        self._rows: dict[int, Row] = {}

    def add(self, kind: str, message: Row, at: datetime) -> Row:
        """List a bounce of a message; nobody is suppressed here."""
        known = BOUNCE_TYPES[kind]
        number = next(self._numbers)
        self._rows[number] = {
            "ID": number,
            "Type": kind,
            "TypeCode": known.code,
            "Name": known.name,
            "Tag": message["Tag"],
            "MessageID": message["MessageID"],
            "ServerID": SERVER_ID,
            "MessageStream": message["MessageStream"],
            "Description": known.description,
            "Details": f"smtp;loopback {kind}",
            "Email": message["To"],
            "From": message["From"],
            "BouncedAt": at,
            "DumpAvailable": True,
            "Inactive": known.reason is not None,
            "CanActivate": known.can_activate,
            "Subject": message["Subject"],
        }
        return self._rows[number]

    def all(self, request: Request) -> Reply:
        """Find bounces, newest first; of the stream ``outbound`` unless told."""
        query, inside = request.query, period(request.query, code=1000)
        wanted = page(query, code=1000)
        if query.get("type", "HardBounce") not in BOUNCE_TYPES:
            raise Refused(1000, "There is no such type of bounce.")
        asked = [row for row in reversed(self._rows.values()) if inside(_happened(row))]
        newest_first = sorted(asked, key=_happened, reverse=True)
        found = [row for row in map(self._current, newest_first) if _fits(row, query)]
        listed = [{"RecordType": "Bounce", **_listed(row)} for row in found[wanted]]
        return Reply({"TotalCount": len(found), "Bounces": listed})

    def get(self, _: Request, number: str) -> Reply:
        """Show one bounce."""
        return Reply(_listed(self._find(number)))

    def dump(self, _: Request, number: str) -> Reply:
        """Show the raw message that came back."""
        row = self._find(number)
        return Reply({"Body": f"Subject: {row['Subject']}\r\n\r\n{row['Details']}\r\n"})

    def activate(self, _: Request, number: str) -> Reply:
        """Make the address active again, where Postmark allows that."""
        row = self._find(number)
        if not row["CanActivate"]:
            raise Refused(1003, "This bounce cannot be activated.")
        self._suppressions.remove(
            row["MessageStream"], row["Email"], origin="Customer", at=self._clock()
        )
        return Reply({"Message": "OK", "Bounce": _listed(self._find(number))})

    def tags(self, _: Request) -> Reply:
        """List the tags of messages that came back."""
        return Reply(sorted({row["Tag"] for row in self._rows.values()} - {""}))

    def statistics(self, _: Request) -> Reply:
        """Count bounces by their kind."""
        counts = Counter(row["Type"] for row in self._rows.values())
        inactive = sum(row["Inactive"] for row in map(self._current, self._rows.values()))
        kinds = [
            {"Type": kind, "Name": BOUNCE_TYPES[kind].name, "Count": count}
            for kind, count in counts.items()
        ]
        everything = {"Name": "All", "Count": counts.total()}
        return Reply({"InactiveMails": inactive, "Bounces": [everything, *kinds]})

    def _find(self, number: str) -> Row:
        row = self._rows.get(int(number))
        if row is None:
            raise Refused(1001, "This bounce was not found.")
        return self._current(row)

    def _current(self, row: Row) -> Row:
        suppressed = self._suppressions.has(row["MessageStream"], row["Email"])
        return {**row, "Inactive": row["Inactive"] and suppressed}


def _fits(row: Row, query: Mapping[str, str]) -> bool:
    return (
        row["MessageStream"] == query.get("messagestream", "outbound")
        and query.get("emailfilter", "").casefold() in row["Email"].casefold()
        and query.get("inactive", str(row["Inactive"])).casefold()
        == str(row["Inactive"]).casefold()
        and all(query.get(name, row[field]) == row[field] for name, field in _FILTERS.items())
    )


def _happened(row: Row) -> datetime:
    at: datetime = row["BouncedAt"]
    return at


def _listed(row: Row) -> dict[str, Any]:
    return {**row, "BouncedAt": eastern_time(row["BouncedAt"])}
