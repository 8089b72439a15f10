"""What commands print about issues: as text for people, as JSON for scripts."""

import json
from collections.abc import Sequence
from typing import Any

import typer
from rich.table import Table

from newsletter.cli import seen_since
from newsletter.cli.context import printable
from newsletter.cli.issue_parts import parts_json, parts_lines
from newsletter.content.catalogue import lookup
from newsletter.delivery.books import Books, Waiting, are_gone
from newsletter.delivery.reconciling.standing import Doubts
from newsletter.issues import frozen, store
from newsletter.issues.models import Issue
from newsletter.rendering.checks import Finding
from newsletter.selection.rules import Selection
from newsletter.service import Service
from newsletter.unfinished import why_unfinished
from schedules.windows import Window

_GONE = "their copies are no longer kept, so what became of each cannot be told"


def issue_json(wired: Service, issue: Issue) -> dict[str, Any]:
    """Give an issue as plain values: state, hash, items in order, and what was passed over."""
    return {
        "number": issue.number,
        "date": issue.local_date.isoformat(),
        "state": issue.state,
        "note": issue.note,
        "subject": issue.subject,
        "preheader": issue.preheader,
        "hash": issue.content_hash,
        "approved_hash": issue.approved_hash,
        "audience": issue.audience,
        "items": [
            {"position": place, "comparison": key, "title": title, "reason": reason, "because": why}
            for place, key, title, reason, why in _items(wired, issue)
        ],
        "passed_over": json.loads(issue.passed_over),
        **parts_json(wired, issue),
    }


def issue_lines(wired: Service, issue: Issue) -> list[str]:
    """Give an issue as lines of text."""
    note = f" ({issue.note})" if issue.note else ""
    return [
        f"issue {issue.number} of {issue.local_date}: {issue.state}{note}",
        f"subject    {issue.subject}",
        f"hash       {issue.content_hash[:16]}",
        *parts_lines(wired, issue),
        *(
            f"  {place}. {title}: {why}"
            for place, _key, title, _reason, why in _items(wired, issue)
        ),
        *(f"  –  {title}: {because}" for title, because in frozen.passed_over(issue)),
    ]


def selection_table(selection: Selection) -> Table:
    """Draw a selection: what is in, what is out, and why."""
    table = Table("", "comparison", "why")
    for place, decision in enumerate(selection.chosen, start=1):
        table.add_row(str(place), decision.title, decision.because)
    for decision in selection.passed_over:
        table.add_row("–", decision.title, decision.because)
    return table


def unfinished(
    issue: Issue, waiting: Waiting, doubts: Doubts, window: Window, *, by_jobs: bool
) -> list[str]:
    """Say what keeps the books open or is in doubt, and what to do about it.

    Args:
        issue: whose books they are.
        waiting: what of it is queued, and why.
        doubts: what of it is in doubt.
        window: in whose zone times are told.
        by_jobs: workers send it, and whatever else runs only gives them jobs.
    """
    lines = why_unfinished(issue, waiting, window, by_jobs=by_jobs)
    return [*lines, *doubts.lines()]


def balances(issue: Issue, books: Books) -> bool:
    """Say whether everybody eligible is accounted for, or was before the copies went."""
    return books.settled or are_gone(issue, books)


def books_json(wired: Service, issue: Issue) -> dict[str, Any]:
    """Give the books of an issue as plain values."""
    books, waiting = wired.dispatch.books(issue.number), wired.dispatch.waiting(issue.number)
    doubts = wired.dispatch.doubts(issue.number)
    return {
        "number": issue.number,
        "state": issue.state,
        "eligible": books.eligible,
        "balanced": balances(issue, books),
        "kept": not are_gone(issue, books),
        "lines": [
            {"state": state.value, "reason": reason, "count": count}
            for state, reason, count in books.lines
        ],
        "afterwards": wired.dispatch.afterwards(issue.number),
        **seen_since.as_json(wired, issue),
        **parts_json(wired, issue),
        "unfinished": unfinished(
            issue, waiting, doubts, wired.window, by_jobs=wired.dispatch.by_jobs
        ),
    }


def books_lines(wired: Service, issue: Issue) -> list[str]:
    """Give the books of an issue as lines of text: the balance, each reason, and what is open."""
    books, waiting = wired.dispatch.books(issue.number), wired.dispatch.waiting(issue.number)
    doubts = wired.dispatch.doubts(issue.number)
    reasons = [
        f"  {count} {state}: {reason}" for state, reason, count in books.lines if reason is not None
    ]
    afterwards = wired.dispatch.afterwards(issue.number).items()
    told = [f"afterwards {', '.join(f'{count} {what}' for what, count in afterwards)}"] * bool(
        afterwards
    )
    return [
        f"issue {issue.number} is {issue.state}",
        f"{books.eligible} eligible; {_GONE}" if are_gone(issue, books) else books.equation,
        *reasons,
        *told,
        *seen_since.as_lines(wired, issue),
        *parts_lines(wired, issue),
        *unfinished(issue, waiting, doubts, wired.window, by_jobs=wired.dispatch.by_jobs),
    ]


def finding_json(finding: Finding) -> dict[str, str]:
    """Give a preflight finding as plain values."""
    return {
        "level": finding.level,
        "code": finding.code,
        "message": finding.message,
        "where": finding.where,
    }


def finding_lines(findings: Sequence[Finding]) -> list[str]:
    """Give preflight findings as lines of text: level, code, what is wrong and what to do, where."""
    return [
        f"{found.level:<6} {found.code:<24} {found.message} [{found.where}]" for found in findings
    ]


def print_findings(findings: Sequence[Finding]) -> None:
    """Print what preflight found on standard error, beside what the command itself prints."""
    for line in finding_lines(findings):
        typer.echo(printable(line), err=True)


def _items(wired: Service, issue: Issue) -> list[tuple[int, str, str, str, str]]:
    with wired.database.reading() as session:
        items = store.items(session, issue)
        if view := frozen.readable(issue):
            titles = {row.entry_id: (row.key, row.title) for row in view.match_ups}
        else:
            found = lookup.of_ids(session, [item.comparison_id for item in items])
            titles = {one.id: (one.comparison.key, one.comparison.title) for one in found}
    return [
        (item.position, *titles[item.comparison_id], item.reason, item.because) for item in items
    ]
