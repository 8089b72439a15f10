"""The knobs of delivery: how messages leave, how fast, and when to stop; part of ``settings``."""

from datetime import timedelta
from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings

from newsletter.delivery.message import Stream
from newsletter.settings_checks import (
    Addresses,
    HeaderToken,
    InboundAddress,
    PathOrNone,
    SmtpUrl,
    WebAddress,
)


class DeliverySettings(BaseSettings):
    """What an operator decides about the way out."""

    transport: Literal["outbox", "smtp", "postmark"] = Field(
        "outbox", description="how messages leave: outbox, smtp or postmark"
    )
    outbox_dir: PathOrNone = Field(
        None, description="folder for .eml files; default outbox/ in the data folder"
    )
    smtp_url: SmtpUrl = Field(
        None, description="smtp://, smtp+starttls:// or smtps:// with user:password@host:port"
    )
    bounce_address: InboundAddress = Field(
        None,
        description="address whose mail Postmark posts to /webhooks/postmark; with transport smtp it "
        "becomes the sender in each letter's envelope, and what comes back to it is understood; it "
        "may be the inbound address",
    )
    postmark_server_token: HeaderToken = Field(None, description="Postmark server token")
    postmark_api_url: WebAddress = Field(
        "https://api.postmarkapp.com", description="Postmark address; a loopback one in tests"
    )
    postmark_handover: Literal["template", "batch", "bulk"] = Field(
        "template",
        description="template (issue uploaded once), batch (full bodies), or bulk for accounts that "
        "have it",
    )
    postmark_stream: str = Field("broadcast", description="message stream of the newsletter")
    postmark_notice_stream: str = Field("outbound", description="message stream of notices")
    postmark_unsubscribe: Literal["custom", "postmark"] = Field(
        "custom",
        description="who handles unsubscribing on the newsletter's stream: custom is this service, "
        "which Postmark's support must allow; postmark is Postmark itself",
    )
    track_clicks: bool = Field(
        False,
        description="whether Postmark counts clicks on the match-ups of an issue, of which this service "
        "keeps numbers by link; opens are never counted",
    )
    batch_size: int = Field(
        100, ge=1, le=500, description="messages in one batch: what one crash can put in doubt"
    )
    lease_minutes: float = Field(
        10, gt=0, le=1440, description="minutes after which a silent worker's batch is unknown"
    )
    settle_minutes: float = Field(
        15,
        gt=0,
        le=360,
        description="minutes after which the provider's search is believed when it shows nothing of "
        "a call whose answer was lost; it grows with the lag that is measured, and is never shorter "
        "than the longest call, six minutes with Postmark",
    )
    when_absent: Literal["resend", "hold"] = Field(
        "resend",
        description="what becomes of copies that have provably not left: sent again, or held for a "
        "person's word",
    )
    messages_per_second: float | None = Field(
        None, gt=0, description="most messages a second of all workers together; default no limit"
    )
    bounce_percent: float = Field(
        5, gt=0, le=100, description="percent of hard bounces at which an issue is paused"
    )
    complaint_percent: float = Field(
        0.1, gt=0, le=100, description="percent of spam complaints at which an issue is paused"
    )
    rejection_percent: float = Field(
        10, gt=0, le=100, description="percent of rejected messages at which an issue is paused"
    )
    ramp: bool = Field(
        False,
        description="whether an issue leaves in stages: to the seeds, to one reader in a hundred, "
        "then to all",
    )
    ramp_seeds: Addresses = Field(
        "", description="addresses of subscribers, separated by commas, who get it first"
    )
    ramp_minutes: float = Field(
        15, ge=0, le=1440, description="minutes between the end of a stage and the next one"
    )
    instance: str | None = Field(
        None,
        description="name of this installation where several hosts share a database; default one "
        "that is kept in the data folder",
    )
    engine: Literal["local", "workers"] = Field(
        "local",
        description="who sends: local is serve itself, workers are newsletter worker processes on "
        "PostgreSQL",
    )
    event_days: int = Field(
        90, ge=7, description="days after which the raw events of the provider are emptied"
    )

    @model_validator(mode="after")
    def _transport_is_complete(self) -> Self:
        if self.transport == "smtp" and self.smtp_url is None:
            raise ValueError("transport smtp needs NEWSLETTER_SMTP_URL")
        if self.transport == "postmark" and self.postmark_server_token is None:
            raise ValueError("transport postmark needs NEWSLETTER_POSTMARK_SERVER_TOKEN")
        if self.track_clicks and self.transport != "postmark":
            raise ValueError(
                "NEWSLETTER_TRACK_CLICKS needs NEWSLETTER_TRANSPORT=postmark: nobody else counts clicks"
            )
        return self

    @property
    def streams(self) -> dict[Stream, str]:
        """Postmark's names of our streams."""
        return {"broadcast": self.postmark_stream, "transactional": self.postmark_notice_stream}

    @property
    def settling(self) -> timedelta:
        """How long the provider's search is given at least."""
        return timedelta(minutes=self.settle_minutes)

    @property
    def lease(self) -> timedelta:
        """How long a worker may be silent about a batch."""
        return timedelta(minutes=self.lease_minutes)
