"""Where a request comes from, coarsely, and known afterwards by a keyed hash only. Pure."""

import hmac
from ipaddress import IPv6Address, ip_address, ip_network

NOWHERE = "nowhere"
_PREFIX = {4: 24, 6: 64}


def network(host: str | None) -> str:
    """Give the network that one household or office has: a /24, or a /64 of IPv6.

    Args:
        host: the asker's address, as the server knows it.

    Returns:
        The network, or NOWHERE for what is no address, so that all of these share one budget.
    """
    try:
        address = ip_address(host or "")
    except ValueError:
        return NOWHERE
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or address
    return str(ip_network((address.packed, _PREFIX[address.version]), strict=False))


def hidden(key: bytes, kind: str, text: str) -> str:
    """Give the keyed hash of a network or a domain, which are personal data too."""
    return hmac.digest(key, f"{kind}\0{text}".encode(), "sha256").hex()[:32]
