"""Words without their dress: small letters, no accents, no punctuation, single blanks. Pure."""

import re
import unicodedata

_LETTERS = str.maketrans(
    {"ı": "i", "ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ł": "l"}  # those that do not decompose
)
_BETWEEN = re.compile(r"[\W_]+")


def plain(text: str) -> str:
    """Write words as they are compared: "DÉSABONNEZ-MOI !" becomes "desabonnez moi"."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(sign for sign in folded if not unicodedata.combining(sign))
    return _BETWEEN.sub(" ", bare.translate(_LETTERS)).strip()


def listed(phrases: str) -> frozenset[str]:
    """Read phrases with commas between them."""
    return frozenset(filter(None, map(plain, phrases.split(","))))
