"""Rules about signs and lines: doctype, charset, broken letters, and the shape of the text part."""

import re
from collections.abc import Iterator

import wcwidth

from newsletter.rendering.checks.finding import Finding, Rule
from newsletter.rendering.checks.letter import Letter
from newsletter.rendering.checks.sayings import bare
from newsletter.rendering.environment import TEXT_WIDTH

_CHARSET = re.compile(r"""<meta[^>]*charset\s*=\s*["']?utf-8\b""", re.IGNORECASE)
_HEAD = 4096
_BROKEN = re.compile("\ufffd|â€|Ã[\u0080-\u00bf]")
"""A sign for what could not be read, and UTF-8 read as if it were Latin-1."""
_TIMES_AS_LONG, _TO_SPARE = 3, 3000


def doctype_missing(letter: Letter) -> Iterator[Finding]:
    """Without its first line browsers lay the letter out as in the last century."""
    if not letter.html.lstrip()[:15].lower().startswith("<!doctype html"):
        told = "The HTML does not begin with <!doctype html>; mend the step that dropped it."
        yield Finding("doctype-missing", "hold", told, "html")


def charset_missing(letter: Letter) -> Iterator[Finding]:
    """A program that saves the letter must know that it is UTF-8."""
    if not _CHARSET.search(letter.html[:_HEAD]):
        told = "The HTML does not say charset=utf-8 in its head; bring the <meta> back."
        yield Finding("charset-missing", "hold", told, "html")


def sign_broken(letter: Letter) -> Iterator[Finding]:
    """No sign was lost between encodings; a page may hold such a sign itself."""
    for where, raw in (("html", letter.html), *letter.written):
        if "\0" in raw:
            yield _broken(where)
    for where, words in (*letter.spoken, *letter.inbox):
        if _BROKEN.search(letter.sayings.taken_out_of(words)):
            yield _broken(where)


def text_too_wide(letter: Letter) -> Iterator[Finding]:
    """Lines of the text part keep to 72 columns, but for addresses of every kind."""
    whole = {line.strip() for line in letter.brand.postal_address.splitlines()}
    for line in letter.text.splitlines():
        if len(line) * 2 <= TEXT_WIDTH or "://" in line or line.strip() in whole:
            continue
        if line.strip() != letter.marks.get("email") and wcwidth.width(line) > TEXT_WIDTH:
            told = f"The line {line.strip()[:40]!r} is wider than {TEXT_WIDTH} columns; wrap it."
            yield Finding("text-too-wide", "hold", told, "text")
            return


def text_too_long(letter: Letter) -> Iterator[Finding]:
    """The text part is no longer than the words of the HTML warrant."""
    words, shown = bare(letter.text), bare(letter.page.said)
    if len(words) > _TIMES_AS_LONG * len(shown) + _TO_SPARE:
        told = "The text part is several times as long as the HTML's words; mend its template."
        yield Finding("text-too-long", "hold", told, "text")


RULES: tuple[Rule, ...] = (
    doctype_missing,
    charset_missing,
    sign_broken,
    text_too_wide,
    text_too_long,
)


def _broken(where: str) -> Finding:
    told = "It holds a sign that was broken between encodings; read and write UTF-8 throughout."
    return Finding("sign-broken", "block", told, where)
