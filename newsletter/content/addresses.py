"""Page addresses to slugs and back; a slug is the identity of a tool on the site."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal
from urllib.parse import unquote, urlsplit

from newsletter.content.refusals import Unreadable

PageKind = Literal["comparison", "tool", "neither"]
_Split = tuple[str, str]

_SLUG = re.compile(r"[a-z0-9]+(?:[._-]+[a-z0-9]+)*")
_PAIR = re.compile(r"-vs-(?=[a-z0-9])")
_MARKS = re.compile(r"[._-]+")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_LONG_WORD = 4  # letters; shorter ones turn up inside others by chance
_LONG_INITIALS = 3


@dataclass(frozen=True, slots=True)
class Address:
    """What an address points to.

    Attributes:
        kind: comparison, tool, or neither of them.
        host: lower case, without "www." and port; empty when none was given.
        slug: the tool's slug, or both slugs still joined by "-vs-"; empty for neither.
    """

    kind: PageKind
    host: str = ""
    slug: str = ""


def parse_address(address: str) -> Address:
    """Read an address; case, query, fragment, "www." and a trailing slash do not matter."""
    text = address.strip()
    try:
        parts = urlsplit(text if _SCHEME.match(text) or text.startswith("/") else f"//{text}")
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return Address("neither")
    match [piece for piece in unquote(parts.path).casefold().split("/") if piece]:
        case ["compare", pair] if is_slug(pair) and _PAIR.search(pair, 1):
            return Address("comparison", host, pair)
        case ["tool", slug] if is_slug(slug):
            return Address("tool", host, slug)
        case _:
            return Address("neither", host)


def pair_in_file_name(source: str) -> str | None:
    """Give ``<slug-a>-vs-<slug-b>`` when the file is named so, whatever its extension."""
    stem = PurePath(source).name.casefold().partition(".")[0]
    return stem if is_slug(stem) and _PAIR.search(stem, 1) else None


def split_pair(
    pair: str, *, names: tuple[str, str] | None = None, known_slugs: frozenset[str] = frozenset()
) -> tuple[str, str]:
    """Split ``<slug-a>-vs-<slug-b>``, though a slug may itself contain "-vs-".

    Slugs that are already known decide first, then the only place there is, then the names: in
    their own order if they can, else in the other.

    Raises:
        Unreadable: several places are possible and nothing decides.
    """
    splits = list(_splits(pair))
    for decide in (_both_known, _one_known, _only, _named):
        chosen = decide(splits, names, known_slugs)
        if chosen is not None:
            return chosen
    raise Unreadable(
        f"“{pair}” can be split into two slugs in {len(splits)} ways; "
        "import a page of one of the two tools first, or give both slugs as JSON"
    )


def possible_pairs(text: str) -> list[tuple[str, str]]:
    """Give every pair of slugs that an address or ``<slug-a>-vs-<slug-b>`` can mean."""
    address = parse_address(text)
    return list(_splits(address.slug if address.kind == "comparison" else text.casefold()))


def is_slug(text: str) -> bool:
    """Say whether the text can be a slug: lower-case letters, digits, single marks between."""
    return _SLUG.fullmatch(text) is not None


def slugify(name: str) -> str:
    """Make a slug of a display name; empty when the name has no letter that could stay."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^a-z0-9]+", "-", plain.casefold()).strip("-")


def provisional_slug(name: str) -> str:
    """Make a slug of a display name that is never empty."""
    return slugify(name) or f"tool-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def resemblance(slug: str, name: str) -> float:
    """Say what share of the words of a name are in a slug, from 0 to 1.

    A slug describes a launch and holds many other words; it may write two words as one
    ("claudemd"), or hold nothing of a name but its initials ("gsd").
    """
    words, held = provisional_slug(name).split("-"), _MARKS.split(slug)
    initials = "".join(word[0] for word in words)
    if len(initials) >= _LONG_INITIALS and initials in held:
        return 1.0
    run_together = "".join(held)
    found = [word in held or (len(word) >= _LONG_WORD and word in run_together) for word in words]
    return sum(found) / len(found)


def _splits(pair: str) -> Iterator[_Split]:
    for place in _PAIR.finditer(pair, 1):
        yield pair[: place.start()], pair[place.end() :]


def _both_known(
    splits: list[_Split], _names: tuple[str, str] | None, known: frozenset[str]
) -> _Split | None:
    return _single([split for split in splits if known.issuperset(split)])


def _one_known(
    splits: list[_Split], _names: tuple[str, str] | None, known: frozenset[str]
) -> _Split | None:
    return _single([split for split in splits if known.intersection(split)])


def _only(
    splits: list[_Split], _names: tuple[str, str] | None, _known: frozenset[str]
) -> _Split | None:
    return _single(splits)


def _named(
    splits: list[_Split], names: tuple[str, str] | None, _known: frozenset[str]
) -> _Split | None:
    if names is None:
        return None
    return _holding(names, splits) or _holding((names[1], names[0]), splits)


def _holding(names: tuple[str, str], splits: list[_Split]) -> _Split | None:
    """Give the split in which both slugs hold the slug of their name, whole words only."""
    wanted = [f"-{provisional_slug(name)}-" for name in names]
    return _single(
        [
            split
            for split in splits
            if all(want in f"-{slug}-" for want, slug in zip(wanted, split, strict=True))
        ]
    )


def _single(splits: list[_Split]) -> _Split | None:
    return splits[0] if len(splits) == 1 else None
