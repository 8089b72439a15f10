"""Settings go in, a wired service comes out; here it is decided what is whose."""

import os
import socket
import threading
from importlib.util import find_spec

from newsletter import schema
from newsletter.database import Database
from newsletter.delivery.letterhead import Letterhead
from newsletter.delivery.nudging import Nudge, look_later
from newsletter.delivery.sending import Sender
from newsletter.delivery.transport import Transport
from newsletter.desk import Desk
from newsletter.dispatch import Dispatch
from newsletter.feedback.answering import Answers
from newsletter.instance.fence import Fence
from newsletter.instance.memory import FILE, Memory
from newsletter.mailroom import Mailroom
from newsletter.parts import (
    database_for,
    guards_for,
    inspector_for,
    lead_for,
    limits_for,
    press_for,
    reconciler_for,
    secret_keys,
    transport_for,
)
from newsletter.preflight.pages import Router
from newsletter.service import Service
from newsletter.settings import InvalidSettings, Settings
from newsletter.sign_up.reception import Reception
from schedules.clock import Clock, system_clock
from schedules.windows import window_from
from subscribers.keys import KeyRing, RootSecret
from subscribers.tokens import Signer


def build(
    settings: Settings,
    clock: Clock = system_clock,
    database: Database | None = None,
    transport: Transport | None = None,
    *,
    settling: bool = True,
) -> Service:
    """Build the service and bring an empty database up to the present schema.

    Args:
        settings: as read.
        clock: the present instant.
        database: one that is open already; None opens that of the settings.
        transport: one that is made already; None makes that of the settings.
        settling: whether the database learns whose it is, as at a start; see ``Fence.settle_in``.

    Raises:
        InvalidSettings: when a setting cannot be used.
        StaleSchema: when the database is of another release; says which command to run.
        NoSecretKey: when the database was begun with a key that this host does not have.
    """
    database = database or database_for(settings)
    schema.require_current(database)
    keys = secret_keys(settings, database)
    ring = KeyRing.of(*keys)
    memory = Memory(settings.data_dir / FILE, settings.instance)
    oldest = RootSecret.named_by_itself(keys[-1])
    pepper = oldest.key_for("suppression")
    fence = Fence(database, memory, clock, ring.fingerprints, pepper)
    if settling:
        fence.settle_in()
    window = window_from(settings.send_at, settings.time_zone, settings.lateness)
    signer, stopping = Signer(ring), threading.Event()
    letterhead = Letterhead(
        name=settings.name,
        address=settings.sender,
        reply_to=settings.reply_to,
        base_url=settings.base_url,
        signer=signer,
        inbound=settings.inbound_address,
        returns=settings.bounce_address if settings.transport == "smtp" else None,
    )
    sender = Sender(
        database=database,
        transport=transport or transport_for(settings, clock),
        letterhead=letterhead,
        window=window,
        clock=clock,
        timer=clock,
        worker=f"{socket.gethostname()}-{os.getpid()}",
        lease=settings.lease,
        stopped=stopping.is_set,
        may_send=fence.may_send,
        outdate_copies=fence.outdate_copies,
        wait=stopping.wait,
        guards=guards_for(settings),
        hears=Answers(pepper, settings.streams).take_in,
    )
    press, nudge = press_for(settings), nudge_for(settings, database)
    mailroom = Mailroom(database, sender, press.brand, settings.editor_addresses, clock)
    dispatch = Dispatch(
        database=database,
        sender=sender,
        reconciler=reconciler_for(settings, sender, nudge),
        mailroom=mailroom,
        clock=clock,
        batch_size=settings.batch_size,
        local_time=settings.local_time,
        begin=fence.begin,
        nudge=nudge,
        track_clicks=settings.track_clicks,
        by_jobs=settings.engine == "workers",
    )
    wired = Service(
        settings=settings,
        database=database,
        clock=clock,
        window=window,
        desk=Desk(
            database=database,
            press=press,
            inspector=inspector_for(settings, sender, press, lambda: router_of(wired)),
            dispatch=dispatch,
            window=window,
            clock=clock,
            policy=settings.policy,
        ),
        signer=signer,
        pepper=pepper,
        stopping=stopping,
        reception=Reception(
            database=database,
            clock=clock,
            limits=limits_for(settings),
            key=oldest.key_for("sign-up"),
            pepper=pepper,
        ),
        fence=fence,
        lead=lead_for(settings, window),
    )
    return wired


def router_of(service: Service) -> Router:
    """Put the doors of a service together, to be asked from inside."""
    from newsletter.web.probe import Probe  # noqa: PLC0415  # most commands need no web

    return Probe(service)


def upgrade(settings: Settings, database: Database) -> None:
    """Bring the schema up to this release and, where workers send, the tables of their jobs.

    Raises:
        InvalidSettings: when workers cannot work.
        StaleSchema: when the database is of a newer release.
    """
    schema.upgrade(database)
    if settings.engine == "workers":
        _require_engine(database)
        from newsletter.jobs import tables  # noqa: PLC0415  # an extra brings the engine

        tables.install(database)


def nudge_for(settings: Settings, database: Database) -> Nudge:
    """Choose who is told of batches that are free.

    Raises:
        InvalidSettings: when workers cannot work.
        NoJobTables: when the database is not prepared for them.
    """
    if settings.engine == "local":
        return look_later
    _require_engine(database)
    from newsletter.jobs import queueing, tables  # noqa: PLC0415  # an extra brings the engine

    tables.require(database)
    return queueing.nudge_in_batches_of(settings.batch_size)


def _require_engine(database: Database) -> None:
    """Refuse workers on SQLite, or without their extra."""
    if database.is_sqlite:
        raise InvalidSettings(
            "NEWSLETTER_ENGINE: workers need PostgreSQL; set NEWSLETTER_DATABASE_URL, or "
            "NEWSLETTER_ENGINE=local"
        )
    if find_spec("procrastinate") is None:
        raise InvalidSettings(
            "NEWSLETTER_ENGINE: workers need Procrastinate; install weekly-verdict[scale]"
        )
