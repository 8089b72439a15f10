"""What ``doctor`` looks at: settings, database, schedule and books, each finding with its cure."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parseaddr
from enum import StrEnum
from urllib.parse import urlsplit

from sqlalchemy import text
from sqlmodel import Session

from newsletter.delivery.books import Books, are_gone, balance, last_moved
from newsletter.delivery.models import DeliveryState
from newsletter.delivery.reconciling.measuring import worst_lag
from newsletter.delivery.reconciling.standing import Doubts
from newsletter.delivery.silence import Silence, silence
from newsletter.delivery.transport import Checks, Evidence
from newsletter.feedback import health
from newsletter.issues import store
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState
from newsletter.notices import losses
from newsletter.notices.sending import MOST_ATTEMPTS
from newsletter.parts import key_file
from newsletter.service import Service
from newsletter.unfinished import gets_on, is_paused, why_unfinished
from schedules import ledger
from schedules.models import RunState
from subscribers.address import mask

SAFE_SQLITE = (3, 51, 3)
"""Before it, two connections that checkpoint at the same moment can corrupt a WAL file."""


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    code: str
    level: Level
    message: str


def examine(service: Service) -> list[Finding]:
    """Look at everything that can be looked at without sending anything."""
    return [
        *_settings(service),
        *_settle_time(service),
        *_way_out(service),
        *_database(service),
        *_instance(service),
        *_schedule(service),
        *_books(service),
        *_index_lag(service),
        *_feedback(service),
        *_letters(service),
    ]


def _settings(service: Service) -> Iterator[Finding]:
    settings = service.settings
    if not settings.postal_address.strip():
        yield Finding(
            "postal-address",
            Level.WRONG,
            "set NEWSLETTER_POSTAL_ADDRESS; nothing leaves without it",
        )
    parts = urlsplit(settings.base_url)
    if settings.mail_leaves and parts.scheme != "https":
        yield Finding(
            "base-url", Level.WRONG, "NEWSLETTER_BASE_URL must be https where mail leaves this host"
        )
    if settings.mail_leaves and parseaddr(settings.sender)[1].endswith(".localdomain"):
        yield Finding("sender", Level.WRONG, "set NEWSLETTER_FROM to an address of your domain")
    if not settings.editor_addresses:
        yield Finding(
            "editors", Level.NOTE, "set NEWSLETTER_EDITORS, or nobody is told of a held issue"
        )
    if settings.secret_key is None:
        yield Finding(
            "secret-key",
            Level.NOTE,
            f"links are signed with {key_file(settings)}; back it up, no backup of the database has it",
        )


def _settle_time(service: Service) -> Iterator[Finding]:
    """Warn of a settle time that a call which is still under way could outlast."""
    settings, transport = service.settings, service.dispatch.sender.transport
    if isinstance(transport, Evidence) and settings.settling < transport.longest:
        least = transport.longest.total_seconds() / 60
        message = (
            f"NEWSLETTER_SETTLE_MINUTES is {settings.settle_minutes:g}, but a call may take "
            f"{least:.0f} minutes, which count instead; leave the search more, 15 is usual"
        )
        yield Finding("settle-minutes", Level.NOTE, message)


def _way_out(service: Service) -> Iterator[Finding]:
    """Ask a provider that can be asked whether it would take anything, without sending it any."""
    transport = service.dispatch.sender.transport
    if not isinstance(transport, Checks):
        return
    problems = dict.fromkeys(transport.check().values())
    for problem in problems:
        level = Level.WRONG if problem.needs_operator else Level.NOTE
        yield Finding("way-out", level, f"{transport.name}, code {problem.code}: {problem.detail}")
    if not problems:
        yield Finding("way-out", Level.OK, f"{transport.name} takes letters as the settings are")


def _database(service: Service) -> Iterator[Finding]:
    with service.database.reading() as session:
        session.execute(text("SELECT 1"))
    yield Finding("database", Level.OK, f"{service.database.engine.dialect.name} answers")
    if service.database.is_sqlite and sqlite3.sqlite_version_info < SAFE_SQLITE:
        yield Finding(
            "sqlite-version",
            Level.NOTE,
            f"SQLite {sqlite3.sqlite_version} has the WAL-reset fault, mended in 3.51.3: "
            "run one process only, keep backups",
        )


def _instance(service: Service) -> Iterator[Finding]:
    because = service.fence.objection()
    if because:
        yield Finding("passive-instance", Level.WRONG, f"nothing leaves from here: {because}")
    else:
        yield Finding("instance", Level.OK, "this host owns the database")
        if behind := service.fence.behind():
            yield Finding("newest-key", Level.WRONG, behind)


def _schedule(service: Service) -> Iterator[Finding]:
    slot = service.desk.slots.next()
    local = service.window.local(slot.instant)
    yield Finding(
        "schedule",
        Level.OK,
        f"next slot {local:%a %Y-%m-%d %H:%M} {service.window.zone} = {slot.instant:%H:%M} UTC",
    )
    with service.database.reading() as session:
        run = ledger.last(session, service.window.name)
    if (
        run is not None
        and run.state in {RunState.FAILED, RunState.MISSED}
        and service.desk.in_use_at(run.due_at)
    ):
        yield Finding(
            "last-slot", Level.WRONG, f"the slot of {run.local_date} is {run.state}: {run.note}"
        )


def _books(service: Service) -> Iterator[Finding]:
    with service.database.reading() as session:
        for issue in store.published(session):
            books = balance(session, issue.number, issue.audience)
            if are_gone(issue, books):
                message = f"issue {issue.number}: its copies are no longer kept"
                yield Finding("books", Level.NOTE, message)
            else:
                yield from _books_of(service, session, issue, books)


def _books_of(service: Service, session: Session, issue: Issue, books: Books) -> Iterator[Finding]:
    counted = sum(count for _, _, count in books.lines)
    if counted != books.eligible:
        message = f"issue {issue.number}: {books.eligible} frozen, {counted} rows"
        yield Finding("books", Level.WRONG, message)
    doubts = service.dispatch.doubts(issue.number)
    yield from _doubtful(doubts)
    if missed := silence(session, issue.number, issue.sending_at, now=service.clock()):
        yield _silent(missed)
    queued = books.count(DeliveryState.QUEUED)
    if queued or is_paused(issue):
        yield _unfinished(service, session, issue, doubts, queued)
    elif issue.state == IssueState.SETTLED.value:
        yield Finding("books", Level.OK, f"issue {issue.number} balances: {counted}")


def _doubtful(doubts: Doubts) -> Iterator[Finding]:
    """Say what is in doubt: nothing is wrong while evidence is looked for, or before it has failed."""
    about = f"issue {doubts.issue_number}"
    for call in doubts.calls:
        if call.held:
            yield Finding("in-doubt", Level.WRONG, f"{about}: {call}; {doubts.way_on}")
        else:
            yield Finding("in-doubt", Level.NOTE, f"{about}: {call}")
    if doubts.calls and doubts.lag is not None:
        yield Finding("in-doubt", Level.NOTE, f"{about}: the provider's search was {doubts.lag}")


def _silent(missed: Silence) -> Finding:
    """Say how many copies were accepted and never heard of."""
    message = f"issue {missed.issue}: {missed.copies} accepted copies neither arrived nor came back"
    return Finding("silent", Level.WRONG if missed.is_grave else Level.NOTE, message)


def _index_lag(service: Service) -> Iterator[Finding]:
    """Say how far the provider's search was behind at worst, which decides how long doubt lasts."""
    reconciler, timer = service.dispatch.reconciler, service.dispatch.sender.timer()
    with service.database.reading() as session:
        lag = worst_lag(session, reconciler.patience(), timer)
    if lag is not None:
        minutes = reconciler.patience(lag).settled_after.total_seconds() / 60
        message = f"the provider's search was {lag}; it is believed after {minutes:.0f} minutes"
        yield Finding("index-lag", Level.OK, message)


def _unfinished(
    service: Service, session: Session, issue: Issue, doubts: Doubts, queued: int
) -> Finding:
    """Say what keeps an issue from having left; one that gets on as it should is nothing wrong."""
    dispatch, sender = service.dispatch, service.dispatch.sender
    left = dispatch.waiting(issue.number)
    why = why_unfinished(issue, left, service.window, by_jobs=dispatch.by_jobs)
    said = "; ".join(why) or f"{issue.state}, and {queued} copies are in somebody's hands"
    now, rest = dispatch.clock(), sender.guards.tempo.rest
    moved = last_moved(session, issue, now=now, timer=sender.timer())
    idle = now - moved if moved else None
    is_well = gets_on(issue, left, idle, in_doubt=bool(doubts.calls), rest=rest)
    level = Level.NOTE if is_well else Level.WRONG
    return Finding("unfinished", level, f"issue {issue.number}: {said}")


def _feedback(service: Service) -> Iterator[Finding]:
    with service.database.reading() as session:
        found = health.examine(session, now=service.clock())
    if found.unfolded:
        message = f"{found.unfolded} events of the provider wait to be understood; see the log"
        yield Finding("events", Level.WRONG, message)
    for one in found.of_issues:
        message = f"issue {one.issue}: {one.copies} of {one.accepted} copies met it in the last day"
        yield Finding(f"{one.alarm}-alarm", Level.WRONG, message)
    if form := found.of_form:
        message = (
            f"of {form.letters} confirmation letters in the last day {form.bounced} came back and "
            f"{form.complained} were called spam; see docs/feedback.md"
        )
        yield Finding("form-alarm", Level.WRONG, message)
    if service.settings.transport != "postmark":
        return
    if service.settings.webhook_password is None:
        message = "set NEWSLETTER_WEBHOOK_PASSWORD and Postmark's webhooks: docs/feedback.md"
        yield Finding("webhooks", Level.NOTE, message)
    if not found.compared:
        message = "Postmark's lists were not compared for a day: newsletter subscribers sync"
        yield Finding("lists", Level.NOTE, message)


def _letters(service: Service) -> Iterator[Finding]:
    """Say which editors were told nothing in the end, and which letters readers wait for in vain."""
    editors, now = service.settings.editor_addresses, service.clock()
    with service.database.reading() as session:
        untold = list(losses.untold(session, editors, now=now))
        given_up = losses.given_up(session, now=now)
    for one in untold:
        message = (
            f'the last notice to {mask(one.address)}, "{one.subject}", {one.why} on {one.at:%Y-%m-%d} '
            "and is not sent again; see that this mailbox takes letters, or name another one in "
            "NEWSLETTER_EDITORS"
        )
        yield Finding("editor-letters", Level.WRONG, message)
    if given_up:
        kinds = ", ".join(f"{count} {kind}" for kind, count in given_up.items())
        message = (
            f"letters to readers were given up in the last week after {MOST_ATTEMPTS} tries "
            f"each ({kinds}); whoever wants one has to ask for it again"
        )
        yield Finding("reader-letters", Level.NOTE, message)
