"""What an address alone tells: a slip of the finger, a throw-away mailbox, two names of one. Pure."""

from difflib import get_close_matches
from functools import cache

LARGE = (
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com",
    "yahoo.com", "icloud.com", "me.com", "aol.com", "proton.me", "protonmail.com",
    "gmx.de", "gmx.net", "gmx.com", "web.de", "t-online.de", "freenet.de", "posteo.de",
    "mailbox.org", "fastmail.com", "zoho.com", "orange.fr", "laposte.net", "libero.it",
    "yandex.ru", "mail.ru", "qq.com", "163.com", "126.com", "naver.com", "comcast.net",
)  # fmt: skip
"""Domains with so many mailboxes that a slip is likelier than a small neighbour."""

_NEIGHBOURS = frozenset(
    {"mail.com", "email.com", "ymail.com", "rocketmail.com", "protonmail.ch", "gmx.ch", "gmx.at",
     "live.de", "live.nl", "live.fr", "pm.me", "mac.com", "aol.de", "foxmail.com", "hotmail.co.uk"}
)  # fmt: skip
"""Real ones that look like a slip."""

_GOOGLE = ("gmail.com", "googlemail.com")

_CLOSE = 0.87


def suggestion(domain: str) -> str | None:
    """Give the large domain that was probably meant; None where nothing suggests a slip."""
    if domain in LARGE or domain in _NEIGHBOURS:
        return None
    return next(iter(get_close_matches(domain, LARGE, n=1, cutoff=_CLOSE)), None)


def mailbox(key: str) -> str:
    """Give one name to all addresses that reach the same mailbox, as far as their form tells.

    What follows a plus is the owner's own mark nearly everywhere, and Google overlooks dots. Two
    such addresses may be two people: this is for counting what a mailbox gets, and nothing else.

    Args:
        key: of an address; see ``subscribers.address``.
    """
    local, _, domain = key.rpartition("@")
    name = local.partition("+")[0] or local
    if domain in _GOOGLE:
        return f"{name.replace('.', '')}@{_GOOGLE[0]}"
    return f"{name}@{domain}"


def is_disposable(domain: str) -> bool:
    """Say whether mailboxes there are made to be thrown away; no reason to refuse anybody."""
    parts = domain.split(".")
    return any(".".join(parts[first:]) in _disposable() for first in range(len(parts) - 1))


@cache
def _disposable() -> frozenset[str]:
    from disposable_email_domains import blocklist  # noqa: PLC0415  # ten thousand lines

    return frozenset(blocklist)
