"""A mailing and a message become the bytes of one e-mail; pure, and nothing is smuggled in.

The bytes are written here and not by ``email.generator``, which takes several times as long and
turns a List-Unsubscribe of more than some 75 characters into an encoded word: one-click
unsubscribe is dead then, and the parsed header looks fine.
"""

import re
from binascii import b2a_qp
from collections.abc import Iterator, Sequence
from datetime import datetime
from email.header import Header
from email.utils import format_datetime, formataddr, getaddresses
from hashlib import blake2b

from newsletter.delivery.message import Mailing, Message, Outcome, Receipt
from newsletter.errors import NewsletterError
from newsletter.rendering.personal import Marked, MissingValue

LONGEST_VALUE = 900
"""RFC 5322 ends a line at 998 bytes, and a header such as List-Unsubscribe must not be folded."""

WRITTEN_HERE = frozenset(
    {"from", "to", "cc", "bcc", "sender", "reply-to", "subject", "date", "message-id"}
    | {"mime-version", "content-type", "content-transfer-encoding"}
)

# In quoted-printable "=" is followed by two digits or a line end, so no text can hold this.
_BOUNDARY = "=_alternative"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_ADDRESSES = re.compile(r"(?:[!#-'*+./-9=?A-Z^-~-]+@[A-Za-z0-9.-]+\n)*")
"""Each on a line of its own."""

_NAME = re.compile(r"[!-9;-~]+")
_ATOM = re.compile(r"[A-Za-z0-9_-]+")
_DOT_ATOM = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")


class UnsafeHeader(NewsletterError):
    """A header value holds what would end or alter the header; nothing was sent."""

    code = "unsafe-header"

    def receipt(self) -> Receipt:
        """Give the receipt for the one message that this is about."""
        return Receipt(Outcome.REJECTED, code=self.code, detail=str(self))


class Composer:
    """Writes the e-mails of one mailing; what they share is checked and encoded once."""

    def __init__(self, mailing: Mailing) -> None:
        """Check and encode what all messages share.

        Raises:
            UnsafeHeader: when no message of this mailing could be written.
        """
        self._mailing = mailing
        name, self.sender = named_address("From", mailing.sender)
        self._domain = self.sender.rpartition("@")[2]
        self._shared = [f"From: {formataddr((name, self.sender))}", *self._shared_lines()]
        for header, value in mailing.headers:
            if not _NAME.fullmatch(header) or header.lower() in WRITTEN_HERE:
                raise UnsafeHeader(f"the header {header!r} is not a mailing's to write")
            _clean(header, "".join(value.parts))

    def require_values(self, messages: Sequence[Message]) -> None:
        """Make sure that every personal mark can be filled, before the first message leaves.

        Raises:
            MissingValue: naming the marks.
        """
        mailing = self._mailing
        marked: list[Marked | None] = [mailing.text, mailing.html]
        marked += [value for _, value in mailing.headers]
        needed = frozenset(name for part in marked if part for name in part.names)
        for message in messages:
            if missing := sorted(needed - message.values.keys()):
                raise MissingValue(f"no value for the personal mark {', '.join(missing)}")

    def message_id(self, message: Message) -> str:
        """Give the Message-ID: the same at every attempt, so that a second copy is recognisable."""
        return message_id(message.delivery_id, self._domain)

    def message_ids(self, messages: Sequence[Message]) -> list[str]:
        """Give the Message-IDs of many; one look at all names is cheaper than one at each."""
        names = [message.delivery_id for message in messages]
        if all(names) and _ATOM.fullmatch("".join(names)):
            return [f"<{name}@{self._domain}>" for name in names]
        return [message_id(name, self._domain) for name in names]

    def compose(self, message: Message, *, date: datetime) -> bytes:
        """Write one e-mail, lines ended by CRLF, each body line at most 76 bytes.

        Raises:
            UnsafeHeader: when this recipient's address or values cannot stand in a header.
        """
        lines = [
            *self._shared,
            *self.own_lines(message),
            f"Date: {format_datetime(date)}",
            "MIME-Version: 1.0",
        ]
        return "\r\n".join(lines).encode("ascii") + b"\r\n" + self._body(message)

    def own_lines(self, message: Message) -> list[str]:
        """Write the header lines in which a message differs from the others.

        Raises:
            UnsafeHeader: as ``compose``.
        """
        return [
            f"To: {plain_address('To', message.to)}",
            f"Message-ID: {self.message_id(message)}",
            *(_line(name, value.fill(message.values)) for name, value in self._mailing.headers),
        ]

    def _shared_lines(self) -> Iterator[str]:
        yield _line("Subject", self._mailing.subject)
        if self._mailing.reply_to:
            yield f"Reply-To: {formataddr(named_address('Reply-To', self._mailing.reply_to))}"

    def _body(self, message: Message) -> bytes:
        text = _part("plain", self._mailing.text.fill(message.values))
        if self._mailing.html is None:
            return text
        html = _part("html", self._mailing.html.fill_html(message.values))
        opening = f'Content-Type: multipart/alternative; boundary="{_BOUNDARY}"\r\n'.encode()
        edge = f"\r\n--{_BOUNDARY}\r\n".encode()
        return b"".join((opening, edge, text, edge, html, edge[:-2], b"--\r\n"))


def message_id(delivery_id: str, domain: str) -> str:
    """Name the e-mail that is a copy, as mail systems name it; ``domain`` is the sender's."""
    name = delivery_id
    if not _DOT_ATOM.fullmatch(name):
        name = blake2b(name.encode(), digest_size=16).hexdigest()
    return f"<{name}@{domain}>"


def require_plain(header: str, addresses: Sequence[str]) -> None:
    """Let bare ASCII addresses pass; one look at all of them is cheaper than one at each.

    Raises:
        UnsafeHeader: when one is anything else; it is not repeated.
    """
    lines = "".join([f"{address}\n" for address in addresses])
    # Counted, as an address with a line break in it would pass for two.
    if lines.count("\n") != len(addresses) or not _ADDRESSES.fullmatch(lines):
        raise UnsafeHeader(f"{header} must hold one plain ASCII address (a domain as xn--…)")


def plain_address(header: str, address: str) -> str:
    """Let exactly one bare ASCII address pass.

    Raises:
        UnsafeHeader: otherwise; the address is not repeated.
    """
    require_plain(header, [address])
    return address


def named_address(header: str, value: str) -> tuple[str, str]:
    """Read a name and exactly one plain address, as they are to stand in a header.

    Raises:
        UnsafeHeader: when there is another number of addresses, or one that is not plain ASCII.
    """
    found = getaddresses([_clean(header, value)])
    name, address = found[0] if len(found) == 1 else ("", "")
    return name, plain_address(header, address)


def _line(name: str, value: str) -> str:
    """Write a header line: ASCII as it is, unfolded; anything else in encoded words."""
    _clean(name, value)
    if value.isascii() and "=?" not in value:
        return f"{name}: {value}"
    # One below the limit of RFC 2047: Header counts one too few in a first line.
    encoded = Header(value, "utf-8", header_name=name, maxlinelen=75).encode(linesep="\r\n")
    return f"{name}: {encoded}"


def _clean(name: str, value: str) -> str:
    if _CONTROL.search(value):
        raise UnsafeHeader(f"{name} holds a line break or another control character")
    if len(value) > LONGEST_VALUE:
        raise UnsafeHeader(f"{name} is longer than {LONGEST_VALUE} characters")
    return value


def _part(subtype: str, text: str) -> bytes:
    unix = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n") + "\n"
    encoded = b2a_qp(unix.encode("utf-8", "replace")).replace(b"\n", b"\r\n")
    return (
        f'Content-Type: text/{subtype}; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    ).encode() + encoded
