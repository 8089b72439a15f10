"""Who lets readers go: this service by its link and headers, or Postmark by its own. Pure."""

import re
from dataclasses import replace
from typing import Literal

from newsletter.delivery.message import UNSUBSCRIBE, Mailing
from newsletter.delivery.transports.postmark_headers import without
from newsletter.delivery.transports.postmark_mustachio import LEAVING
from newsletter.rendering.personal import Marked

Unsubscribe = Literal["custom", "postmark"]
"""As the setting has it: "custom" is this service."""

_WRITTEN_BY_POSTMARK = frozenset({"list-unsubscribe", "list-unsubscribe-post"})
_ADDRESS = re.compile(r"https?://[^\s<>\"']*\Z")


def left_to_postmark(mailing: Mailing) -> Mailing:
    """Leave out what Postmark writes itself, and let the visible link be Postmark's.

    Where Postmark handles unsubscribing, it writes the List-Unsubscribe headers and lets nobody
    change them; our address in the body would make a second way out, of which it knows nothing.
    """
    return replace(
        without(mailing, _WRITTEN_BY_POSTMARK),
        text=_with_their_link(mailing.text),
        html=mailing.html and _with_their_link(mailing.html),
    )


def _with_their_link(part: Marked) -> Marked:
    """Put their mark in place of the whole address that ends in ours."""
    before = (
        _ADDRESS.sub("", text) if name == UNSUBSCRIBE else text
        for text, name in zip(part.parts, part.names, strict=False)
    )
    names = tuple(LEAVING if name == UNSUBSCRIBE else name for name in part.names)
    return Marked((*before, part.parts[-1]), names)
