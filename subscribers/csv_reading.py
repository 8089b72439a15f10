"""A CSV file as spreadsheets and other services write it: encoding, delimiter, columns, lines."""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from subscribers.csv_cells import unguard
from subscribers.errors import UnreadableFile

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "public_id": ("uuid",),
    "email": ("email", "email_address", "e_mail", "e_mail_address"),
    "name": ("name", "full_name"),
    "first_name": ("first_name", "firstname"),
    "last_name": ("last_name", "lastname"),
    "status": ("status", "subscriber_type", "type", "subscription_status"),
    "subscribed": ("subscribed_to_emails",),
    "blocked": ("email_disabled", "email_blacklisted"),
    "tags": ("tags", "labels"),
    "created_at": ("created_at", "creation_date", "added_time", "date_created", "optin_time"),
    "confirmed_at": ("confirmed_at", "confirm_time"),
    "unsubscribed_at": ("unsubscribed_at", "unsub_time", "unsubscription_date", "deleted_at"),
    "bounced_at": ("clean_time",),
    "timezone": ("timezone",),
    "locale": ("locale",),
    "cadence": ("cadence",),
    "topics": ("topics",),
    "follows": ("follows",),
    "source": ("source",),
    "attributes": ("attributes", "data", "metadata"),
}
"""Our column names, and what ours, listmonk, Keila, Buttondown, Ghost, Mailchimp, Substack, Kit,
Brevo, ActiveCampaign and Mailcoach call them (lower case, blanks and hyphens as underscores)."""

_OURS = {theirs: ours for ours, aliases in COLUMNS.items() for theirs in aliases}
_DELIMITERS = ",;\t"
_BLOCK_BYTES = 1 << 20
_HEADER_AT_MOST = 64 * 1024
_CODECS = ("utf-8-sig", "cp1252", "latin-1")


@dataclass(frozen=True, slots=True)
class Line:
    """One record of the file.

    Attributes:
        number: the line of the file on which it begins; the first is 1.
        cells: by our column names; empty and unknown ones are left out.
        problem: why the record cannot be read; it has no cells then.
    """

    number: int
    cells: Mapping[str, str]
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Header:
    """How a file is written, and how its first line names the columns.

    Attributes:
        names: as they stand there.
        columns: for each of them our name, or None when it is not known.
    """

    encoding: str
    delimiter: str
    line: int
    names: tuple[str, ...]
    columns: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A readable CSV file. It can be walked several times, but not by two walkers at once.

    Attributes:
        columns: for each column of the file our name, or None when it is not read.
        warnings: sentences for the operator.
    """

    file: BinaryIO
    encoding: str
    delimiter: str
    header_line: int
    columns: tuple[str | None, ...]
    warnings: tuple[str, ...] = ()

    def lines(self) -> Iterator[Line]:
        """Walk the records after the header, holding one at a time; blank ones are left out."""
        with _text(self.file, self.encoding) as text:
            for _ in range(self.header_line):
                text.readline()
            reader = csv.reader(text, delimiter=self.delimiter, strict=True)
            while True:
                number = self.header_line + reader.line_num + 1
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    yield Line(number, {}, f"this is no CSV: {error}")
                    continue
                if any(cell.strip() for cell in cells):
                    yield self._line(number, cells)

    def _line(self, number: int, cells: Sequence[str]) -> Line:
        width = len(self.columns)
        if any(cell.strip() for cell in cells[width:]):
            return Line(number, {}, f"{len(cells)} cells where the header names {width}")
        named: dict[str, str] = {}
        for column, cell in zip(self.columns, cells, strict=False):
            value = unguard(cell).strip()
            if column and value:
                named.setdefault(column, value)
        return Line(number, named)


def read_header(file: BinaryIO) -> Header:
    """Find out how a file is written and what its columns are called.

    UTF-8 with or without a mark, UTF-16 with one; whatever else is read as Western European. The
    delimiter is the one under which the header names most columns we know.

    Args:
        file: seekable; stays open.

    Raises:
        UnreadableFile: when it is a spreadsheet or a ZIP, or empty.
    """
    encoding = _encoding(file)
    line, header, given = _header(file, encoding)
    delimiter = given or max(_DELIMITERS, key=lambda d: _known(_names(header, d)))
    names = tuple(name.strip() for name in _names(header, delimiter))
    return Header(encoding, delimiter, line, names, tuple(_OURS.get(_plain(one)) for one in names))


def open_table(file: BinaryIO, columns: Sequence[str | None] | None = None) -> Table:
    """Make a file ready to be walked; what is odd about it becomes a warning.

    Args:
        file: seekable; stays open.
        columns: what each of its columns is, where somebody says so; None for what their names say.

    Raises:
        UnreadableFile: when it is a spreadsheet or a ZIP, or has no column with addresses.
    """
    header = read_header(file)
    chosen = header.columns if columns is None else tuple(columns)
    if "email" not in chosen:
        raise UnreadableFile(
            "no column with addresses: the first line must name the columns, one of them 'email'"
        )
    warnings = []
    if header.encoding in ("cp1252", "latin-1"):
        warnings.append("the file is not UTF-8 and was read as Western European; check the names")
    if unread := [name for name, ours in zip(header.names, chosen, strict=True) if not ours]:
        warnings.append(f"columns not read: {', '.join(filter(None, unread)) or '(unnamed)'}")
    return Table(file, header.encoding, header.delimiter, header.line, chosen, tuple(warnings))


def _encoding(file: BinaryIO) -> str:
    file.seek(0)
    start = file.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates: tuple[str, ...] = ("utf-16",)
    elif start.startswith(b"PK") or b"\0" in start:
        raise UnreadableFile(
            "this is a spreadsheet or a ZIP: unpack it, or save it as CSV in UTF-8"
        )
    else:
        candidates = _CODECS
    for encoding in candidates:
        if _decodes(file, encoding):
            return encoding
    raise UnreadableFile


def _decodes(file: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while block := file.read(_BLOCK_BYTES):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _header(file: BinaryIO, encoding: str) -> tuple[int, str, str | None]:
    """Give the header's line number, the header, and the delimiter if Excel's ``sep=`` states it."""
    given = None
    with _text(file, encoding) as text:
        for number, line in enumerate(iter(lambda: text.readline(_HEADER_AT_MOST), ""), start=1):
            bare = line.strip("\r\n")
            if number == 1 and (stated := re.fullmatch("sep=([,;\t])", bare)):
                given = stated[1]
            elif bare.strip(" ,;\t"):
                return number, bare, given
    raise UnreadableFile("the file is empty")


def _names(header: str, delimiter: str) -> list[str]:
    return next(csv.reader([header], delimiter=delimiter), [])


def _known(names: Sequence[str]) -> int:
    return sum(_plain(name) in _OURS for name in names)


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]+", "_", name.strip().casefold())


@contextmanager
def _text(file: BinaryIO, encoding: str) -> Iterator[io.TextIOWrapper]:
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        yield text
    finally:
        text.detach()  # closing the wrapper would close the caller's file
