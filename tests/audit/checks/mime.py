"""The raw message against the mail standards; its bytes are read, not what a parser makes of them."""

import re
from collections.abc import Iterator

from rich.cells import cell_len

from tests.audit.finding import Fault, Result
from tests.audit.letters import Letter

LONGEST_LINE = 998
"""Bytes without the line end (RFC 5322)."""

TEXT_WIDTH = 72
"""Columns of the text part, a wide character being two; a line of one address may be longer."""

Head = list[tuple[str, str]]

_ONCE = ("From", "To", "Date", "Message-ID", "Subject", "MIME-Version", "List-Id")
_ONE_CLICK = re.compile(
    r"<(?:https://[^\s<>,]+|http://(?:127\.0\.0\.1|localhost)[^\s<>,]*)>"
    r"(?:, <mailto:[^\s<>,]+>)?"
)
_ENCODED_WORD = re.compile(r"=\?[A-Za-z0-9-]+\?[bBqQ]\?[!-~]*\?=")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]|\n(?![ \t]+\S)")
_LIST_ID = re.compile(r"[^<>]*<[a-z0-9-]+(\.[a-z0-9-]+)+>")
_LEFT_OVER = re.compile(r"\{\{|\{%|\{#|@@")
_LEFT_OVER_IN_HTML = re.compile(rf"{_LEFT_OVER.pattern}|<%|</?mj-[a-z]+")
_DOUBLE_ESCAPE = re.compile(r"&amp;(?:amp|lt|gt|quot|nbsp|middot|#\d+|#x[0-9a-f]+);")
_ADDRESS = re.compile(r"\s*https?://\S+\s*")


def check(letters: list[Letter]) -> list[Result]:
    """Read every message."""
    return [_result(letter) for letter in letters]


def _result(letter: Letter) -> Result:
    head = _head(letter.raw)
    faults = (
        *_head_faults(head),
        *_list_faults(head),
        *_line_faults(letter),
        *_part_faults(letter),
    )
    longest = max(map(len, letter.raw.splitlines()))
    measured = (
        f"{len(head)} headers, {len(letter.raw) / 1024:.1f} KiB, longest line {longest} bytes, "
        f"text {max(map(cell_len, _lines_of_words(letter)), default=0)} columns"
    )
    return Result("mime", letter.name, measured, faults)


def _head(raw: bytes) -> Head:
    """Give the headers as they are written, each with its folded lines."""
    lines = re.sub(rb"\r\n(?=[ \t])", b"\n", raw.partition(b"\r\n\r\n")[0]).split(b"\r\n")
    named = (line.decode("latin-1").partition(":") for line in lines)
    return [(name, value.removeprefix(" ")) for name, _, value in named]


def _head_faults(head: Head) -> Iterator[Fault]:
    for name in _ONCE:
        count = sum(name.lower() == other.lower() for other, _ in head)
        if count != 1:
            yield Fault("header-once", f"{name} occurs {count} times")
    for name, value in head:
        if not value.isascii():
            yield Fault("header-ascii", f"{name} holds bytes beyond ASCII")
        if _CONTROL.search(value):
            yield Fault("header-control", f"{name} holds a control character or a stray line end")
        if not all(map(_ENCODED_WORD.fullmatch, re.findall(r"=\?\S*", value))):
            yield Fault("header-encoded", f"{name} holds a broken encoded word (RFC 2047)")


def _list_faults(head: Head) -> Iterator[Fault]:
    written = dict(head)
    if not _ONE_CLICK.fullmatch(written.get("List-Unsubscribe", "")):
        yield Fault(
            "one-click", "List-Unsubscribe does not begin with its one https address (RFC 8058)"
        )
    if written.get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click":
        yield Fault("one-click-post", "List-Unsubscribe-Post is not as RFC 8058 wants it")
    if not _LIST_ID.fullmatch(written.get("List-Id", "")):
        yield Fault("list-id", "List-Id is not a dotted name in angle brackets (RFC 2919)")


def _line_faults(letter: Letter) -> Iterator[Fault]:
    if any(len(line) > LONGEST_LINE for line in letter.raw.split(b"\r\n")):
        yield Fault("line-length", f"a line is longer than {LONGEST_LINE} bytes")
    if re.search(rb"(?<!\r)\n|\r(?!\n)", letter.raw):
        yield Fault("line-end", "a line does not end in CR LF")
    for line in _lines_of_words(letter):
        if cell_len(line) > TEXT_WIDTH:
            yield Fault("text-width", f"{cell_len(line)} columns: {line[:90]!r}")


def _lines_of_words(letter: Letter) -> list[str]:
    return [line for line in letter.text.splitlines() if not _ADDRESS.fullmatch(line)]


def _part_faults(letter: Letter) -> Iterator[Fault]:
    kinds = [part.get_content_type() for part in letter.message.iter_parts()]
    whole = letter.message.get_content_type()
    if (whole, kinds) != ("multipart/alternative", ["text/plain", "text/html"]):
        yield Fault("parts", f"{whole} of {kinds}, not text first and HTML second")
    for code, pattern, part in (
        ("left-over", _LEFT_OVER_IN_HTML, letter.html),
        ("left-over-in-text", _LEFT_OVER, letter.text),
        ("double-escape", _DOUBLE_ESCAPE, letter.html),
    ):
        for found in pattern.finditer(part):
            yield Fault(code, repr(part[max(0, found.start() - 30) : found.end() + 30]))
