"""What was handed in to be read: bytes with where they came from, and what form they are in."""

import codecs
import re
from dataclasses import dataclass
from typing import Literal

from newsletter.content.refusals import Unreadable

Form = Literal["text", "html", "json"]

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HTML_START = re.compile(r"\s*<(?:!doctype|!--|\?xml|[a-z][a-z0-9]*[\s/>])", re.IGNORECASE)
_HTML_SOMEWHERE = re.compile(r"<(?:!doctype html|html|head|body)[\s>]", re.IGNORECASE)
_JSON_START = re.compile(r"\s*(?:\{\s*[\"}]|\[\s*[\"{\[\]])")
_WEB_ARCHIVE = re.compile(
    r"[\w-]+:[ \t].*\n(?:.+\n){0,20}?content-type:\s*multipart/related\b", re.IGNORECASE
)
_SNIFFED_CHARACTERS = 2048


@dataclass(frozen=True, slots=True)
class Document:
    """Something to import.

    Attributes:
        source: path, address, or "-" for standard input; shown in reports.
        content: the bytes as they came.
        address: where it was fetched from; it may be no page address at all.
    """

    source: str
    content: bytes
    address: str | None = None


def text_of(document: Document) -> str:
    """Decode the bytes; a character that a cut has split at the very end is dropped.

    Raises:
        Unreadable: not text, not UTF-8 (UTF-16 is read by its byte order mark), or the page as a
            browser packs it into a single file (MHTML), with its letters in code.
    """
    encoding = next(
        (name for mark, name in _BYTE_ORDER_MARKS if document.content.startswith(mark)), "utf-8"
    )
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(document.content)
    except UnicodeDecodeError as error:
        line = document.content[: error.start].count(b"\n") + 1
        raise Unreadable("not UTF-8 text; save the page as UTF-8", line=line) from error
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise Unreadable("a binary file, not the text of a page", line=line)
    if _WEB_ARCHIVE.match(text):
        raise Unreadable("a web archive (MHTML); save the page as HTML only, or its text", line=1)
    return text.removeprefix("\ufeff")


def form_of(text: str, *, file_name: str = "") -> Form:
    """Tell page text, HTML and JSON apart by what is in it; the name only decides a doubt."""
    beginning = text[:_SNIFFED_CHARACTERS].removeprefix("\ufeff")
    if _HTML_START.match(beginning) or _HTML_SOMEWHERE.search(beginning):
        return "html"
    is_json = _JSON_START.match(beginning) or file_name.casefold().endswith(".json")
    return "json" if is_json else "text"
