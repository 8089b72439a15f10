"""Text from outside made plain: cleaned as reviews are, and without anything invisible."""

import re

from newsletter.content.verdicts.sentences import clean

_INVISIBLE = re.compile(
    "["
    "\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u3164\uffa0"  # fillers and soft hyphens
    "\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # zero width, directions
    "\U000e0000-\U000e007f"  # tags, readable for machines only
    "]"
)
_STRAY_JOINER = re.compile("(?<![^\x00-\x7f])[\u200c\u200d]+|[\u200c\u200d]+(?![^\x00-\x7f])")


def plain(text: str) -> str:
    """Give the text in NFC, with single blanks and nothing that a reader cannot see.

    Joiners stay between two non-ASCII characters, where emoji and several scripts need them.
    """
    return clean(_STRAY_JOINER.sub("", _INVISIBLE.sub("", text)))


def plain_or_none(text: str | None) -> str | None:
    """Give the plain text, or None when there is none or nothing of it can be seen."""
    return (plain(text) or None) if text is not None else None
