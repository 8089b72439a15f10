"""Text from outside made plain: cleaned as reviews are, and without anything invisible."""

import re

from newsletter.content.verdicts.sentences import clean

_STRAY_JOINER = re.compile("(?<![^\x00-\x7f])[\u200c\u200d]+|[\u200c\u200d]+(?![^\x00-\x7f])")
_UNSEEN = re.compile(
    "[\u034f\u180f\ufe00-\ufe0d\ufff0-\ufff8\U000e0080-\U000e0fff"  # ignorable by default
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"  # of shorthand and of music
    "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"  # private: whatever a font likes
    "\ufdd0-\ufdef]"  # no characters
    # The two that choose between text and emoji stay behind what has both forms.
    "|(?<![#*0-9\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff])[\ufe0e\ufe0f]"
)
_SHOWN_AS_BLANK = "\u2800"  # the pattern of Braille without a dot


def plain(text: str) -> str:
    """Give the text in NFC, with single blanks and nothing that a reader cannot see.

    Joiners stay between two non-ASCII characters, where emoji and several scripts need them.
    """
    # Cleaned first, so that nothing unseen stands between a joiner and its neighbours.
    seen = _UNSEEN.sub("", clean(text.replace(_SHOWN_AS_BLANK, " ")))
    return clean(_STRAY_JOINER.sub("", seen))


def plain_or_none(text: str | None) -> str | None:
    """Give the plain text, or None when there is none or nothing of it can be seen."""
    return (plain(text) or None) if text is not None else None
