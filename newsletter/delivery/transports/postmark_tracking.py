"""Which links Postmark may count clicks of: it is told of each of the others to leave it alone. Pure."""

import html
import re
from collections.abc import Collection
from functools import partial

from newsletter.rendering.personal import Marked

_LEAVE_ALONE = " data-pm-no-track"
"""Postmark tracks every link of a tracked letter that does not say this."""

_LINK = re.compile(
    r"""(?P<tag><a)(?=[\s>]|$)(?P<rest>[^>]*?\shref="(?P<address>[^"]*)")?""", re.IGNORECASE
)


def tracking_only(letter: Marked, tracked: Collection[str]) -> Marked:
    """Write into every link that is not to be tracked that it is not.

    A link whose address holds a personal mark is none of those: it does not end in its part of the
    letter, so it is never found among them.

    Args:
        letter: the HTML part.
        tracked: addresses, unescaped.
    """
    mend = partial(_mended, tracked=tracked)
    return Marked(tuple(_LINK.sub(mend, part) for part in letter.parts), letter.names)


def _mended(found: re.Match[str], tracked: Collection[str]) -> str:
    address = found["address"]
    if address is not None and html.unescape(address) in tracked:
        return found[0]
    return f"{found['tag']}{_LEAVE_ALONE}{found['rest'] or ''}"
