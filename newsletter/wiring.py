"""The only place that chooses implementations: settings go in, a wired service comes out."""

import os
import secrets
import socket
import threading
from collections.abc import Callable
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.exc import ArgumentError

from newsletter import private_files, schema
from newsletter.database import Database
from newsletter.delivery.breakers import Limits as Brakes
from newsletter.delivery.guards import Guards
from newsletter.delivery.letterhead import Letterhead
from newsletter.delivery.nudging import Nudge, look_later
from newsletter.delivery.ramp import Ramp
from newsletter.delivery.reconciling.reconciler import Reconciler
from newsletter.delivery.sending import Sender
from newsletter.delivery.transport import Transport
from newsletter.delivery.transports.outbox import OutboxTransport
from newsletter.desk import Desk
from newsletter.instance import FILE, Fence, Memory
from newsletter.issues.building import Press
from newsletter.links.asking import Patience
from newsletter.preflight.inspector import Inspector
from newsletter.preflight.pages import Router
from newsletter.preflight.surroundings import Band
from newsletter.rendering.views import Brand
from newsletter.selection.rules import Rules
from newsletter.service import Service
from newsletter.settings import InvalidSettings, Settings
from newsletter.sign_up.limits import Limits, limits
from newsletter.sign_up.reception import Reception
from newsletter.votes.returning import ReturningVotes
from schedules.clock import Clock, system_clock
from schedules.windows import window_from
from subscribers.keys import KeyRing, RootSecret
from subscribers.tokens import Signer


def build(
    settings: Settings,
    clock: Clock = system_clock,
    database: Database | None = None,
    transport: Transport | None = None,
) -> Service:
    """Build the service and bring an empty database up to the present schema.

    Args:
        settings: as read.
        clock: the present instant.
        database: one that is open already; None opens that of the settings.
        transport: one that is made already; None makes that of the settings.

    Raises:
        InvalidSettings: when a setting cannot be used.
        StaleSchema: when the database is of another release; says which command to run.
    """
    database = database or database_for(settings)
    schema.require_current(database)
    secret_keys = _secret_keys(settings)
    fence = Fence(database, Memory(settings.data_dir / FILE, settings.instance), clock)
    fence.settle_in()
    window = window_from(settings.send_at, settings.time_zone, settings.lateness)
    signer, stopping = Signer(KeyRing.of(*secret_keys)), threading.Event()
    oldest = RootSecret.named_by_itself(secret_keys[-1])
    pepper = oldest.key_for("suppression")
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
        clock=clock,
        timer=clock,
        worker=f"{socket.gethostname()}-{os.getpid()}",
        lease=settings.lease,
        stopped=stopping.is_set,
        may_send=fence.may_send,
        wait=stopping.wait,
        guards=guards_for(settings),
    )
    nudge = nudge_for(settings, database)
    wired = Service(
        settings=settings,
        database=database,
        clock=clock,
        window=window,
        desk=Desk(
            database=database,
            press=press_for(settings),
            inspector=inspector_for(
                settings, database, letterhead, router=lambda: router_of(wired)
            ),
            sender=sender,
            reconciler=reconciler_for(settings, sender, nudge),
            editors=settings.editor_addresses,
            window=window,
            clock=clock,
            batch_size=settings.batch_size,
            local_time=settings.local_time,
            begin=fence.begin,
            nudge=nudge,
            by_jobs=settings.engine == "workers",
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
    )
    return wired


def reconciler_for(settings: Settings, sender: Sender, nudge: Nudge = look_later) -> Reconciler:
    """Give what settles doubt about what a sender hands over."""
    return Reconciler(
        database=sender.database,
        transport=sender.transport,
        clock=sender.clock,
        timer=sender.timer,
        settling=settings.settling,
        when_absent=settings.when_absent,
        nudge=nudge,
    )


def database_for(settings: Settings) -> Database:
    """Give the database of the settings; a new folder or SQLite file is its owner's alone.

    Raises:
        InvalidSettings: when the data folder cannot be made, or a file's URL names no path.
    """
    try:
        _make_private_folder(settings.data_dir)
    except OSError as error:
        raise InvalidSettings(
            f"NEWSLETTER_DATA_DIR: cannot make the folder {settings.data_dir} ({error.strerror}); "
            "name one that this user may write to"
        ) from None
    try:
        database = Database(settings.database)
    except ArgumentError:  # its message may hold a password
        raise InvalidSettings(
            "NEWSLETTER_DATABASE_URL: a SQLite file is sqlite:///path, with three slashes"
        ) from None
    if database.is_sqlite:
        _make_private_file(Path(database.engine.url.database or ":memory:"))
    return database


def _make_private_folder(folder: Path) -> None:
    if not folder.is_dir():
        _make_private_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def _make_private_file(path: Path) -> None:
    if str(path) != ":memory:" and path.parent.is_dir() and not path.exists():
        path.touch(mode=0o600)


def press_for(settings: Settings) -> Press:
    """Gather what it takes to build an issue."""
    return Press(
        rules=Rules(most=settings.issue_size, least=settings.issue_least),
        brand=Brand(
            name=settings.name,
            base_url=settings.base_url,
            postal_address=settings.postal_address,
            sender=settings.sender,
            site_url=settings.site_url,
            leaves_host=settings.mail_leaves,
        ),
        votes=ReturningVotes(
            at_least=settings.votes_least,
            zone=ZoneInfo(settings.time_zone),
            base_url=settings.base_url.rstrip("/"),
        ),
    )


def guards_for(settings: Settings) -> Guards:
    """Gather how careful the sending loop is."""
    seeds = tuple(settings.ramp_seeds.split(",")) if settings.ramp_seeds else ()
    return Guards(
        limits=Brakes(
            rejections=settings.rejection_percent,
            bounces=settings.bounce_percent,
            complaints=settings.complaint_percent,
        ),
        per_second=settings.messages_per_second,
        ramp=Ramp(seeds, timedelta(minutes=settings.ramp_minutes)) if settings.ramp else None,
    )


def limits_for(settings: Settings) -> Limits:
    """Gather how much may be asked and answered at the form."""
    return limits(
        total=settings.confirmations_per_hour,
        unproven=settings.confirmations_unproven,
        network=settings.confirmations_per_network,
        domain=settings.confirmations_per_domain,
        unconfirmed=timedelta(days=settings.unconfirmed_days),
    )


def inspector_for(
    settings: Settings,
    database: Database,
    letterhead: Letterhead,
    *,
    router: Callable[[], Router],
) -> Inspector:
    """Gather what it takes to say whether an issue may leave."""
    patience = Patience(settings.link_seconds, settings.all_links_seconds)
    return Inspector(
        database=database,
        letterhead=letterhead,
        press=press_for(settings),
        editors=len(settings.editor_addresses),
        band=Band(settings.audience_fall_percent, settings.audience_rise_percent),
        patience=patience if settings.check_links else None,
        router=router,
    )


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


def transport_for(settings: Settings, clock: Clock) -> Transport:
    """Choose how messages leave; a provider's library is imported only where it is used."""
    makers: dict[str, Callable[[Settings, Clock], Transport]] = {
        "outbox": lambda chosen, at: OutboxTransport(chosen.outbox, clock=at),
        "smtp": _smtp,
        "postmark": _postmark,
    }
    return makers[settings.transport](settings, clock)


def _smtp(settings: Settings, clock: Clock) -> Transport:
    from newsletter.delivery.transports.smtp import SmtpTransport  # noqa: PLC0415
    from newsletter.delivery.transports.smtp_url import parse_smtp_url  # noqa: PLC0415

    assert settings.smtp_url is not None  # the settings refuse this transport without it
    return SmtpTransport(parse_smtp_url(settings.smtp_url.get_secret_value()), clock=clock)


def _postmark(settings: Settings, _clock: Clock) -> Transport:
    from newsletter.delivery.transports.postmark import PostmarkTransport  # noqa: PLC0415
    from newsletter.delivery.transports.postmark_streams import StreamSettings  # noqa: PLC0415

    assert settings.postmark_server_token is not None  # as above
    return PostmarkTransport(
        settings.postmark_server_token.get_secret_value(),
        api_url=settings.postmark_api_url,
        handover=settings.postmark_handover,
        streams=StreamSettings(
            broadcast=settings.postmark_stream,
            transactional=settings.postmark_notice_stream,
            unsubscribe=settings.postmark_unsubscribe,
        ),
        sender=settings.sender,
    )


def _secret_keys(settings: Settings) -> tuple[bytes, ...]:
    """Give the root keys, newest first; the last one also hides suppressed addresses."""
    if settings.secret_key:
        parts = settings.secret_key.get_secret_value().split(",")
        return tuple(part.strip().encode() for part in parts)
    return (_generated_key(settings.data_dir / "secret.key"),)


def _generated_key(path: Path) -> bytes:
    if not path.exists():
        private_files.create(path, secrets.token_hex(32))
    key = path.read_text().strip()
    if not key:
        raise InvalidSettings(f"{path} is empty; restore it from a backup or delete it")
    return key.encode()
