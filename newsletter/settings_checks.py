"""What makes a setting usable: one function for each rule, each with a sentence for an operator.

Each takes what was written and gives what is meant, or raises ValueError; none repeats a secret.
"""

import re
import unicodedata
from datetime import timedelta
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from newsletter.delivery.mime import UnsafeHeader, named_address
from newsletter.delivery.transports.smtp_url import InvalidSmtpUrl, parse_smtp_url
from newsletter.rendering.plain import plain
from schedules.errors import InvalidSendAt, InvalidWindow, UnknownZone
from schedules.windows import parse_send_at, window_from
from subscribers.address import Address
from subscribers.errors import InvalidAddress
from subscribers.mail_tokens import CHARACTERS as MAIL_TOKEN

EXAMPLE_SECRETS = frozenset({"changeme", "change-me", "secret", "example", "password"})
SHORTEST_SECRET = 32
NEVER = "off"
"""Of a time that shall not come; an empty variable is one that is not set."""

SHORTEST_API_TOKEN = 16
LONGEST_INBOUND = 64 - len("+") - MAIL_TOKEN
"""What may stand before the @ of an address has 64 characters at most (RFC 5321)."""

_IN_A_HEADER = re.compile(r"[!-~]+")
_IN_AN_ADDRESS = re.compile(r"[A-Za-z0-9._~:/%\[\]-]+")
_INBOUND = re.compile(rf"[A-Za-z0-9._-]{{1,{LONGEST_INBOUND}}}@[A-Za-z0-9.-]+")
_USER = re.compile(r"[!-9;-~]+")
_SCHEME = re.compile(r"([a-z0-9+]+)://")
_PSYCOPG = "postgresql+psycopg"
_DRIVERS = {"sqlite": "sqlite", _PSYCOPG: _PSYCOPG, "postgresql": _PSYCOPG, "postgres": _PSYCOPG}


def none_if_blank(value: object) -> object:
    """Take blanks for nothing: an unset variable of a container often comes as an empty one."""
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    return (value.strip() or None) if isinstance(value, str) else value


def web_address(value: str | None) -> str | None:
    """Give an address without the slash at its end; letters put paths after it."""
    if value is None:
        return None
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        raise ValueError("has a host or a port that cannot be read") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must start with http:// or https:// and name a host")
    if not _IN_AN_ADDRESS.fullmatch(value):
        raise ValueError(
            "must be an address without user, query, fragment and blanks, "
            "in ASCII (a host in another script as xn--…)"
        )
    return value.rstrip("/")


def visible_line(value: str) -> str:
    """Give a name as it is shown."""
    shown = unicodedata.normalize("NFC", value.strip())
    if not shown or plain(shown) != shown:
        raise ValueError(
            "must be one line that can be seen, without control characters and with single blanks"
        )
    return shown


def visible_lines(value: str) -> str:
    """Give a postal address as it is shown, line by line."""
    return "\n".join(filter(None, map(plain, value.splitlines())))


def header_address(value: str | None) -> str | None:
    """Give a From or Reply-To by the rule of those who write it into messages."""
    if value is None:
        return None
    try:
        name, _ = named_address("it", value)
    except UnsafeHeader:
        raise ValueError(
            "must be one address, such as Weekly Verdict <digest@example.org>; a name with a comma "
            "stands in quotes, and a domain in another script is written in ASCII, as xn--…"
        ) from None
    if name:
        visible_line(name)
    return value


def addresses(value: str) -> str:
    """Give a list of addresses in the form mail is sent to, each once."""
    found: dict[str, str] = {}
    for place, part in enumerate(value.split(","), start=1):
        if not part.strip():
            continue
        try:
            address = Address.parse(part)
        except InvalidAddress as refusal:
            raise ValueError(f"address {place} is not valid: {refusal}") from None
        found.setdefault(address.key, address.text)
    return ",".join(found.values())


def redirect_targets(value: str) -> str:
    """Give a list of web addresses, each as it was written: a form must name one of them exactly."""
    targets = list(filter(None, (part.strip() for part in value.split(","))))
    for target in targets:
        web_address(target)
    return ",".join(targets)


def require_window(send_at: str, time_zone: str, lateness: timedelta) -> None:
    """Refuse a weekly window that could not open, under the name of the variable at fault."""
    try:
        window_from(send_at, time_zone, lateness)
    except InvalidSendAt as refusal:
        raise ValueError(f"NEWSLETTER_SEND_AT: {refusal}") from None
    except UnknownZone as refusal:
        raise ValueError(f"NEWSLETTER_TIME_ZONE: {refusal}") from None
    except InvalidWindow as refusal:
        raise ValueError(f"NEWSLETTER_LATENESS_HOURS: {refusal}") from None


def require_draft_at(draft_at: str | None) -> None:
    """Refuse a time for drafts that cannot be read."""
    try:
        if draft_at not in (None, NEVER):
            parse_send_at(draft_at)
    except InvalidSendAt as refusal:
        raise ValueError(f"NEWSLETTER_DRAFT_AT: {refusal}, or {NEVER}") from None


def root_secrets(value: SecretStr | None) -> SecretStr | None:
    """Refuse keys that can be guessed."""
    for secret in value.get_secret_value().split(",") if value else ():
        if secret.strip().lower() in EXAMPLE_SECRETS or len(secret.strip()) < SHORTEST_SECRET:
            raise ValueError(
                f"needs at least {SHORTEST_SECRET} characters and must not be an example"
            )
    return value


def api_token(value: SecretStr | None) -> SecretStr | None:
    """Refuse a token that can be guessed or never be sent."""
    if value is not None and len(value.get_secret_value()) < SHORTEST_API_TOKEN:
        raise ValueError(f"needs at least {SHORTEST_API_TOKEN} characters")
    return header_token(value)


def header_token(value: SecretStr | None) -> SecretStr | None:
    """Refuse a token that no HTTP header can hold."""
    if value is not None and not _IN_A_HEADER.fullmatch(value.get_secret_value()):
        raise ValueError("must be plain ASCII without blanks")
    return value


def inbound_address(value: str | None) -> str | None:
    """Give the address at which mail reaches us; a token is put behind its name with a plus."""
    if value is not None and not _INBOUND.fullmatch(value):
        raise ValueError(
            f"must be one plain address, such as HASH@inbound.postmarkapp.com, without a plus and "
            f"with at most {LONGEST_INBOUND} characters before the @"
        )
    return value


def webhook_user(value: str) -> str:
    """Refuse a user name that Basic authentication cannot carry."""
    if not _USER.fullmatch(value):
        raise ValueError("must be plain ASCII without blanks and colons")
    return value


def webhook_passwords(value: SecretStr | None) -> SecretStr | None:
    """Refuse passwords that can be guessed or not be sent; there may be several, with commas."""
    for password in value.get_secret_value().split(",") if value else ():
        api_token(SecretStr(password.strip()))
    return value


def smtp_address(value: SecretStr | None) -> SecretStr | None:
    """Refuse what is no address of an SMTP server."""
    try:
        if value is not None:
            parse_smtp_url(value.get_secret_value())
    except InvalidSmtpUrl as refusal:
        raise ValueError(str(refusal)) from None
    return value


def database_address(value: SecretStr | None) -> SecretStr | None:
    """Give a database URL with the driver that is installed."""
    if value is None:
        return None
    url = value.get_secret_value()
    found = _SCHEME.match(url)
    driver = _DRIVERS.get(found[1]) if found else None
    if found is None or driver is None or re.match(r"sqlite://(?!/[^:])", url):
        raise ValueError("must be sqlite:///a/file or start with postgresql://")
    url = f"{driver}://{url[found.end() :]}"
    try:
        make_url(url)
    except (ArgumentError, ValueError):
        raise ValueError(
            "cannot be read; write / : @ # ? in a user or password as %2F %3A %40 %23 %3F"
        ) from None
    return SecretStr(url)


_OrUnset = BeforeValidator(none_if_blank)

WebAddress = Annotated[str, AfterValidator(web_address)]
WebAddressOrNone = Annotated[str | None, _OrUnset, AfterValidator(web_address)]
VisibleLine = Annotated[str, AfterValidator(visible_line)]
VisibleLines = Annotated[str, AfterValidator(visible_lines)]
HeaderAddress = Annotated[str, AfterValidator(header_address)]
HeaderAddressOrNone = Annotated[str | None, _OrUnset, AfterValidator(header_address)]
Addresses = Annotated[str, AfterValidator(addresses)]
RedirectTargets = Annotated[str, AfterValidator(redirect_targets)]
PathOrNone = Annotated[Path | None, _OrUnset]
RootSecrets = Annotated[SecretStr | None, _OrUnset, AfterValidator(root_secrets)]
ApiToken = Annotated[SecretStr | None, _OrUnset, AfterValidator(api_token)]
HeaderToken = Annotated[SecretStr | None, _OrUnset, AfterValidator(header_token)]
InboundAddress = Annotated[str | None, _OrUnset, AfterValidator(inbound_address)]
WebhookUser = Annotated[str, AfterValidator(webhook_user)]
WebhookPasswords = Annotated[SecretStr | None, _OrUnset, AfterValidator(webhook_passwords)]
SmtpUrl = Annotated[SecretStr | None, _OrUnset, AfterValidator(smtp_address)]
DatabaseUrl = Annotated[SecretStr | None, _OrUnset, AfterValidator(database_address)]
