"""For which site a passkey is good: that of NEWSLETTER_BASE_URL, and no other. Pure."""

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Site:
    """The site as browsers know it.

    Attributes:
        host: without its port; a passkey is bound to it.
        origin: scheme, host and port, as browsers write them.
        name: shown when a passkey is made.
    """

    host: str
    origin: str
    name: str


def site(base_url: str, name: str) -> Site | None:
    """Give the site of a service; None where browsers make no passkeys: without https, or a name.

    Args:
        base_url: address of the service.
        name: of the newsletter.
    """
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    secure = parts.scheme == "https" or host == "localhost"
    if not secure or _is_number(host):
        return None
    standard = {"https": 443, "http": 80}[parts.scheme]
    port = "" if parts.port in (None, standard) else f":{parts.port}"
    return Site(host, f"{parts.scheme}://{host}{port}", name)


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
