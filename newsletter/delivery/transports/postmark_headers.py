"""Which headers of a letter Postmark is not given. Pure."""

from dataclasses import replace

from newsletter.delivery.message import Mailing

_LEFT_OUT = frozenset({"feedback-id", "list-archive", "list-post"})
"""Postmark writes a Feedback-ID of its own. The other two are optional (RFC 2369): no mailbox
provider asks for them, and they would be a tenth of what goes over the line for each reader."""


def without_the_optional(mailing: Mailing) -> Mailing:
    """Leave out, by every hand-over alike, what is not worth its bytes for each reader."""
    return without(mailing, _LEFT_OUT)


def without(mailing: Mailing, names: frozenset[str]) -> Mailing:
    """Leave headers out by their names, which are given in small letters."""
    kept = (header for header in mailing.headers if header[0].lower() not in names)
    return replace(mailing, headers=tuple(kept))
