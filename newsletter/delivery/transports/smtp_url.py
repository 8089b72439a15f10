"""An SMTP server as an operator writes it: one address with everything in it."""

from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import unquote, urlsplit

from newsletter.errors import NewsletterError


class Security(StrEnum):
    """How the line to the server is protected; the value is the scheme of the address."""

    NONE = "smtp"
    """In the clear: for a server on this machine or in a trusted network."""
    STARTTLS = "smtp+starttls"
    """Asks for TLS before anything else, and goes no further without."""
    TLS = "smtps"
    """TLS from the first byte."""


PORTS = {Security.NONE: 25, Security.STARTTLS: 587, Security.TLS: 465}


class InvalidSmtpUrl(NewsletterError):
    """The SMTP address is not like smtp+starttls://user:password@mail.example.com:587."""

    code = "invalid-smtp-url"


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """A server and how to speak to it.

    Attributes:
        host: name or address.
        port: TCP port.
        security: see Security.
        user: for AUTH; None when the server asks for none.
        password: never shown.
    """

    host: str
    port: int
    security: Security
    user: str | None = None
    password: str | None = field(default=None, repr=False)


def parse_smtp_url(url: str) -> SmtpServer:
    """Read an SMTP address; user and password are percent-decoded.

    Raises:
        InvalidSmtpUrl: says which part is wrong, and shows neither user nor password.
    """
    try:
        parts = urlsplit(url.strip())
        port, host = parts.port, parts.hostname
    except ValueError as error:
        raise InvalidSmtpUrl(f"the SMTP address cannot be read: {_reason(error)}") from None
    if parts.scheme not in list(Security):
        raise InvalidSmtpUrl(f"the SMTP address must begin with {_schemes()}")
    if not host:
        raise InvalidSmtpUrl("the SMTP address names no host")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise InvalidSmtpUrl(
            "the SMTP address must end after host and port; "
            "write / ? # in a password as %2F %3F %23"
        )
    if bool(parts.username) != bool(parts.password):
        raise InvalidSmtpUrl("the SMTP address needs user and password, or neither")
    security = Security(parts.scheme)
    return SmtpServer(
        host=host,
        port=port or PORTS[security],
        security=security,
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
    )


def _schemes() -> str:
    return ", ".join(f"{security}://" for security in Security)


def _reason(error: ValueError) -> str:
    # urllib repeats the part it could not read, which may be half a password.
    return "its port is no number" if "port" in str(error).lower() else "its host is damaged"
