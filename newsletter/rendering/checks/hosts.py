"""Which hosts are this machine itself: what they are called is of no use to anybody else. Pure."""

from ipaddress import ip_address

_NAMES = ("localhost", "localdomain")


def is_here(host: str) -> bool:
    """Tell whether a host name or an address leads to the machine that asks for it."""
    try:
        address = ip_address(host)
    except ValueError:
        return host.rstrip(".").rpartition(".")[2] in _NAMES
    return address.is_loopback or address.is_unspecified
