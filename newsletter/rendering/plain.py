"""Text from outside made plain: cleaned as reviews are, and without anything invisible."""

import re

from newsletter.content.verdicts.sentences import clean

_STRAY_JOINER = re.compile("(?<![^\x00-\x7f])[\u200c\u200d]+|[\u200c\u200d]+(?![^\x00-\x7f])")


def plain(text: str) -> str:
    """Give the text in NFC, with single blanks and nothing that a reader cannot see.

    Joiners stay between two non-ASCII characters, where emoji and several scripts need them.
    """
    # Cleaned first, so that nothing unseen stands between a joiner and its neighbours.
    return clean(_STRAY_JOINER.sub("", clean(text)))


def plain_or_none(text: str | None) -> str | None:
    """Give the plain text, or None when there is none or nothing of it can be seen."""
    return (plain(text) or None) if text is not None else None
