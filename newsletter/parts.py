"""Each part of the service as the settings want it: the only place that chooses implementations."""

import secrets
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.exc import ArgumentError

from newsletter import private_files
from newsletter.ahead import Lead, draft_window
from newsletter.database import Database
from newsletter.delivery.breakers import Limits as Brakes
from newsletter.delivery.guards import Guards
from newsletter.delivery.nudging import Nudge, look_later
from newsletter.delivery.ramp import Ramp
from newsletter.delivery.reconciling.reconciler import Reconciler
from newsletter.delivery.sending import Sender
from newsletter.delivery.transport import Transport
from newsletter.delivery.transports.outbox import OutboxTransport
from newsletter.errors import NewsletterError
from newsletter.instance import store
from newsletter.instance.keys import CURE
from newsletter.issues.building import Press
from newsletter.links.asking import Patience
from newsletter.preflight.inspector import Inspector
from newsletter.preflight.pages import Router
from newsletter.preflight.surroundings import Band
from newsletter.rendering.views import Brand
from newsletter.selection.rules import Rules
from newsletter.settings import InvalidSettings, Settings
from newsletter.settings_checks import NEVER
from newsletter.sign_up.limits import Limits, limits
from newsletter.votes.returning import ReturningVotes
from schedules.clock import Clock
from schedules.windows import Window


class NoSecretKey(NewsletterError):
    """The database was begun with a secret key that this host does not have."""

    code = "no-secret-key"


def database_for(settings: Settings) -> Database:
    """Give the database of the settings; a new folder or SQLite file is its owner's alone.

    Raises:
        InvalidSettings: when the data folder cannot be made, or a file's URL names no path.
    """
    _make_data_folder(settings)
    try:
        database = Database(settings.database)
    except ArgumentError:  # its message may hold a password
        raise InvalidSettings(
            "NEWSLETTER_DATABASE_URL: a SQLite file is sqlite:///path, with three slashes"
        ) from None
    if database.is_sqlite:
        _make_private_file(Path(database.engine.url.database or ":memory:"))
    return database


def _make_data_folder(settings: Settings) -> None:
    try:
        _make_private_folder(settings.data_dir)
    except OSError as error:
        raise InvalidSettings(
            f"NEWSLETTER_DATA_DIR: cannot make the folder {settings.data_dir} ({error.strerror}); "
            "name one that this user may write to"
        ) from None


def _make_private_folder(folder: Path) -> None:
    if not folder.is_dir():
        _make_private_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def _make_private_file(path: Path) -> None:
    if str(path) != ":memory:" and path.parent.is_dir() and not path.exists():
        path.touch(mode=0o600)


def secret_keys(settings: Settings, database: Database) -> tuple[bytes, ...]:
    """Give the root keys, newest first; the last one also hides suppressed addresses.

    The first start makes one. A database that has an installation has a key, too: another one
    would open no link in the letters it sent.

    Raises:
        NoSecretKey: when the key of the database is not on this host.
    """
    if settings.secret_key:
        parts = settings.secret_key.get_secret_value().split(",")
        return tuple(part.strip().encode() for part in parts)
    if because := missing_key(settings, database):
        raise NoSecretKey(because)
    return (_generated_key(key_file(settings)),)


def missing_key(settings: Settings, database: Database) -> str | None:
    """Say that a database has a key of which this host has none; None when it is not so."""
    with database.reading() as session:
        has_begun = store.found(session).known is not None  # asked first: its key was there before
    if not has_begun or _has_key(settings):
        return None
    return (
        f"this database was begun with a secret key, and there is no {key_file(settings)}: {CURE}"
    )


def key_file(settings: Settings) -> Path:
    """Name the file of the generated key, which stands for NEWSLETTER_SECRET_KEY where that is not set."""
    return settings.data_dir / "secret.key"


def new_secret_key(settings: Settings) -> str | None:
    """Choose a key for a host that has none; it is kept by ``keep_secret_key``. None for any other."""
    return None if _has_key(settings) else secrets.token_hex(32)


def keep_secret_key(settings: Settings, key: str) -> None:
    """Write down a key that was chosen for this host.

    Raises:
        InvalidSettings: when another process has written down another one meanwhile.
    """
    path = key_file(settings)
    private_files.create(path, key)
    if _generated_key(path) != key.encode():
        raise InvalidSettings(f"another process has made {path} meanwhile; try again")


def _has_key(settings: Settings) -> bool:
    return settings.secret_key is not None or key_file(settings).exists()


def _generated_key(path: Path) -> bytes:
    if not path.exists():
        private_files.create(path, secrets.token_hex(32))
    key = path.read_text().strip()
    if not key:
        raise InvalidSettings(f"{path} is empty; restore it from a backup or delete it")
    return key.encode()


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


def inspector_for(
    settings: Settings, sender: Sender, press: Press, router: Callable[[], Router]
) -> Inspector:
    """Gather what it takes to say whether an issue may leave."""
    patience = Patience(settings.link_seconds, settings.all_links_seconds)
    return Inspector(
        database=sender.database,
        letterhead=sender.letterhead,
        press=press,
        transport=sender.transport,
        editors=len(settings.editor_addresses),
        band=Band(settings.audience_fall_percent, settings.audience_rise_percent),
        patience=patience if settings.check_links else None,
        router=router,
    )


def lead_for(settings: Settings, window: Window) -> Lead:
    """Gather when editors are asked before an issue leaves."""
    drafts = None if settings.draft_at == NEVER else draft_window(window, settings.draft_at)
    return Lead(drafts, timedelta(hours=settings.remind_hours))


def limits_for(settings: Settings) -> Limits:
    """Gather how much may be asked and answered at the form."""
    return limits(
        total=settings.confirmations_per_hour,
        unproven=settings.confirmations_unproven,
        network=settings.confirmations_per_network,
        domain=settings.confirmations_per_domain,
        unconfirmed=timedelta(days=settings.unconfirmed_days),
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
