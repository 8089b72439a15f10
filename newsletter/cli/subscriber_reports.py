"""What the subscriber commands print: as text for people, as JSON for scripts."""

from datetime import datetime
from operator import itemgetter
from typing import Any

from subscribers.csv_reading import Table
from subscribers.import_report import ImportReport, Outcome
from subscribers.importing import NO_CONSENT

SHOWN_AT_MOST = 20

_HINT = 'say where and how these people agreed with --consent "…"'

_EMPTY: tuple[Any, ...] = (None, "", [], {})


def import_json(report: ImportReport, table: Table, *, dry_run: bool) -> dict[str, Any]:
    """Give an import's sum, and the lines that need somebody's eye, as plain values."""
    return {
        "dry_run": dry_run,
        **{outcome.value: report.counts[outcome] for outcome in Outcome},
        "held_back": [
            {
                "line": line.line,
                "address": line.address,
                "outcome": line.outcome,
                "state": line.state,
                "reason": line.reason,
            }
            for line in report.held_back
        ],
        "warnings": list(table.warnings),
    }


def import_lines(report: ImportReport, table: Table, *, dry_run: bool) -> list[str]:
    """Give an import's sum as lines of text."""
    counted = ", ".join(f"{report.counts[outcome]} {outcome}" for outcome in Outcome)
    hidden = len(report.held_back) - SHOWN_AT_MOST
    return [
        *(f"warning: {warning}" for warning in table.warnings),
        *(
            f"line {line.line}: {line.outcome}, {line.address}: {line.reason}"
            for line in report.held_back[:SHOWN_AT_MOST]
        ),
        *([f"… and {hidden} more; --json prints all"] if hidden > 0 else []),
        *([_HINT] if any(line.reason == NO_CONSENT for line in report.held_back) else []),
        f"{counted}{' (dry run: nothing was changed)' if dry_run else ''}",
    ]


def person_lines(whole: dict[str, Any]) -> list[str]:
    """Give one person as lines of text: the facts, then what happened in order."""
    facts = [
        f"{name:<18}{_plain(value)}"
        for name, value in whole["subscriber"].items()
        if value not in _EMPTY
    ]
    happened = [
        (change["at"], f"{change['from_state'] or 'nobody'} > {change['to_state']}", change)
        for change in whole["state_changes"]
    ] + [(entry["at"], f"consent: {entry['event']}", entry) for entry in whole["consents"]]
    return [
        *facts,
        "",
        *(
            f"{datetime.fromisoformat(at):%Y-%m-%d %H:%M} UTC  {what}, by {row['actor']}{_because(row)}"
            for at, what, row in sorted(happened, key=itemgetter(0))
        ),
    ]


def _plain(value: object) -> str:
    """Write a value as people would: topics and tools with commas between them."""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _because(row: dict[str, Any]) -> str:
    why = row.get("reason") or row.get("source")
    known = f" ({row['message_id']})" if row.get("message_id") else ""
    return f": {why}{known}" if why else ""
