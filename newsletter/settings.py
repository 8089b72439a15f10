"""Every knob, with its unit, its default and a sentence; read in ``wiring.py`` and ``parts.py`` only.

Each setting is an environment variable with the prefix ``NEWSLETTER_``; each is also read from the
file that ``NEWSLETTER_<NAME>_FILE`` names, which is how secrets reach a container.
"""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from newsletter.delivery_settings import DeliverySettings
from newsletter.errors import NewsletterError
from newsletter.issues.policy import Policy
from newsletter.settings_checks import (
    NEVER,
    Addresses,
    ApiToken,
    DatabaseUrl,
    HeaderAddress,
    HeaderAddressOrNone,
    InboundAddress,
    RedirectTargets,
    RootSecrets,
    VisibleLine,
    VisibleLines,
    WebAddress,
    WebAddressOrNone,
    WebhookPasswords,
    WebhookUser,
    require_draft_at,
    require_window,
)

PREFIX = "NEWSLETTER_"


class InvalidSettings(NewsletterError):
    """A setting is missing or wrong."""

    code = "invalid-settings"


class Settings(DeliverySettings):
    """What an operator decides. Defaults are for one process on one machine."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        populate_by_name=True,
    )

    data_dir: Path = Field(Path("data"), description="folder for database, outbox and keys")
    database_url: DatabaseUrl = Field(
        None, description="SQLAlchemy URL; default a SQLite file in the data folder"
    )
    base_url: WebAddress = Field(
        "http://127.0.0.1:8000", description="public address of this service, no trailing slash"
    )
    site_url: WebAddressOrNone = Field(
        None, description="address of the comparison site; letters link to its pages when set"
    )
    secret_key: RootSecrets = Field(
        None,
        description="signs links, hides suppressed addresses; the same on all hosts that share a "
        "database; default a generated key, secret.key in the data folder; several keys, newest first, "
        "are separated by commas, and the oldest stays",
    )
    name: VisibleLine = Field("Weekly Verdict", description="name of the newsletter")
    sender: HeaderAddress = Field(
        "Weekly Verdict <digest@localhost.localdomain>",
        validation_alias=f"{PREFIX}FROM",
        description="From header: a name, then an address in angle brackets",
    )
    reply_to: HeaderAddressOrNone = Field(None, description="Reply-To address")
    inbound_address: InboundAddress = Field(
        None,
        description="address whose mail Postmark posts to /webhooks/postmark; with it, letters can "
        "also be left by mail; it may be the Reply-To address",
    )
    postal_address: VisibleLines = Field(
        "", description="postal address in each footer; nothing is sent without it"
    )
    editors: Addresses = Field(
        "", description="addresses, separated by commas, that get the notices"
    )
    time_zone: str = Field("UTC", description="IANA zone of the schedule, such as Europe/Berlin")
    send_at: str = Field("mon 09:00", description="weekday and wall time of the weekly issue")
    local_time: bool = Field(
        True,
        description="whether the weekly issue leaves at that time where each reader is, in waves; "
        "else everybody gets it at once",
    )
    draft_at: str | None = Field(
        None,
        description="weekday and wall time at which the draft of the next issue is made and editors "
        f"are told, such as fri 10:00, or {NEVER}; default three days before the issue, at 10:00",
    )
    policy: Policy = Field(
        Policy.GOES,
        description="what becomes of an issue about which nobody has said a word when its hour comes: "
        "goes-unless-held, or held-unless-approved",
    )
    remind_hours: float = Field(
        4,
        ge=0,
        le=48,
        description="hours before an issue would begin to leave at which editors are reminded of one "
        "that would not as it stands; 0 for no reminder",
    )
    lateness_hours: float = Field(
        6,
        gt=0,
        le=144,
        description="hours after which a slot is missed instead of sent late, and what is left of an "
        "issue that could have left waits for an editor's word",
    )
    issue_size: int = Field(8, ge=1, le=40, description="most comparisons in an issue")
    votes_least: int = Field(
        25, ge=1, description="votes for one of the two tools from which on a share is told"
    )
    issue_least: int = Field(1, ge=1, description="fewest new comparisons worth an issue")
    audience_fall_percent: float = Field(
        20,
        gt=0,
        le=100,
        description="percent by which an audience may be below the last issue's before a Monday "
        "waits for an editor",
    )
    audience_rise_percent: float = Field(
        30,
        gt=0,
        description="percent by which an audience may be above the last issue's before a Monday "
        "waits for an editor",
    )
    check_links: bool = Field(
        True, description="whether preflight asks other hosts if the letter's links are alive"
    )
    link_seconds: float = Field(
        5, gt=0, le=60, description="seconds that one link has to answer, redirects included"
    )
    all_links_seconds: float = Field(
        30, gt=0, le=600, description="seconds that all links of a letter have together"
    )
    confirmations_per_hour: int = Field(
        600, ge=1, description="most letters in an hour that forms can bring about, to everybody"
    )
    confirmations_unproven: int = Field(
        120,
        ge=1,
        description="most of these in an hour to forms without a proof of work; from as many posts "
        "on, or 100 of its network, our own form brings one",
    )
    confirmations_per_network: int = Field(
        20, ge=1, description="most of these in an hour for one network (/24, or /64 of IPv6)"
    )
    confirmations_per_domain: int = Field(
        60,
        ge=1,
        description="most of these in an hour to one domain, the large ones excepted; twice as "
        "many in a day",
    )
    unconfirmed_days: float = Field(
        7, ge=3, le=30, description="days after which a request without a yes is deleted"
    )
    redirects: RedirectTargets = Field(
        "",
        description="addresses, separated by commas, to which a form may send its visitor on; the "
        "form names one of them, exactly as here",
    )
    privacy_url: WebAddressOrNone = Field(
        None,
        description="the publisher's own privacy policy; /privacy says what this service keeps, and "
        "links to it",
    )
    api_token: ApiToken = Field(None, description="bearer token of the JSON API")
    webhook_user: WebhookUser = Field(
        "postmark", description="user name that Postmark brings to /webhooks/postmark"
    )
    webhook_password: WebhookPasswords = Field(
        None,
        description="its password; the address is closed without it; while you change it, both, "
        "separated by a comma",
    )
    webhook_secret: WebhookPasswords = Field(
        None,
        description="what Postmark's event webhooks bring in the header X-Webhook-Secret as well; "
        "those for inbound mail cannot; while you change it, both, separated by a comma",
    )
    log_format: Literal["auto", "console", "json"] = Field(
        "auto", description="console on a terminal, JSON elsewhere, or one of the two always"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="least level that is logged"
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let plain variables win over files, and arguments over both."""
        return init_settings, env_settings, _SecretFiles(settings_cls)

    @model_validator(mode="after")
    def _mail_is_heard(self) -> Self:
        if self.inbound_address is not None and self.webhook_password is None:
            raise ValueError(
                "NEWSLETTER_INBOUND_ADDRESS needs NEWSLETTER_WEBHOOK_PASSWORD: letters would name "
                "an address at which nobody listens"
            )
        if self.bounce_address is not None and self.webhook_password is None:
            raise ValueError(
                "NEWSLETTER_BOUNCE_ADDRESS needs NEWSLETTER_WEBHOOK_PASSWORD: letters would come "
                "back to where nobody listens"
            )
        return self

    @model_validator(mode="after")
    def _window_can_open(self) -> Self:
        require_window(self.send_at, self.time_zone, self.lateness)
        require_draft_at(self.draft_at)
        return self

    @property
    def database(self) -> str:
        """The database URL in force."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.data_dir / 'newsletter.sqlite3'}"

    @property
    def outbox(self) -> Path:
        """The outbox folder in force."""
        return self.outbox_dir or self.data_dir / "outbox"

    @property
    def mail_leaves(self) -> bool:
        """Whether letters reach other people: not from an outbox, nor from a loopback Postmark."""
        host = urlsplit(self.postmark_api_url).hostname
        rehearsing = self.transport == "postmark" and host in {"127.0.0.1", "::1", "localhost"}
        return self.transport != "outbox" and not rehearsing

    @property
    def lateness(self) -> timedelta:
        """How late a slot may start."""
        return timedelta(hours=self.lateness_hours)

    @property
    def redirect_targets(self) -> frozenset[str]:
        """Where a form may send its visitor on."""
        return frozenset(filter(None, self.redirects.split(",")))

    @property
    def editor_addresses(self) -> tuple[str, ...]:
        """Who gets the notices."""
        return tuple(self.editors.split(",")) if self.editors else ()


class _SecretFiles(EnvSettingsSource):
    """Reads ``NEWSLETTER_<NAME>_FILE`` and gives the file's content, stripped."""

    def __call__(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for field in self.settings_cls.model_fields:
            variable = outside_name(field) + "_FILE"
            if path := os.environ.get(variable):
                found[_inside_name(field)] = _content(variable, path)
        return found


def outside_name(field: str) -> str:
    """Give the environment variable of a field."""
    alias = Settings.model_fields[field].validation_alias
    return alias if isinstance(alias, str) else PREFIX + field.upper()


def load(**overrides: Any) -> Settings:
    """Read the settings from the environment.

    Args:
        overrides: by field name; they win over the environment.

    Raises:
        InvalidSettings: naming each variable and what is wrong with it.
    """
    try:
        return Settings(**overrides)
    except ValidationError as error:
        raise InvalidSettings("; ".join(map(_sentence, error.errors()))) from None


def _content(variable: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InvalidSettings(f"{variable}: cannot read {path}: {reason}") from None
    except UnicodeDecodeError:
        raise InvalidSettings(f"{variable}: {path} is not a text in UTF-8") from None


def _inside_name(field: str) -> str:
    return str(Settings.model_fields[field].validation_alias or field)


def _sentence(problem: Any) -> str:
    where = str(problem["loc"][0]) if problem["loc"] else ""
    message = str(problem["msg"]).removeprefix("Value error, ")
    if not where:
        return message
    return f"{where if where.startswith(PREFIX) else outside_name(where)}: {message}"
