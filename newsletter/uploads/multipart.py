"""A file out of a multipart form, piece by piece as it arrives; nothing of it is held but the last piece. Pure."""

import re
from collections.abc import Iterator
from email.message import Message

_BOUNDARY = re.compile(
    r';\s*boundary="?([\w\'()+,./:=?-]{1,70})"?\s*(?:;|\Z)', re.ASCII | re.IGNORECASE
)
_MOST_OF_HEADERS = 8_000
_END_OF_HEADERS = b"\r\n\r\n"
_LONGEST_NAME = 100


class NoMultipart(ValueError):
    """The body is no multipart form, or a damaged one."""


class FilePart:
    """Reads the content of one field of a form that is fed to it.

    Args:
        content_type: of the request.
        field: name of the field that holds the file; others are passed over.

    Raises:
        NoMultipart: when the content type names no boundary.
    """

    def __init__(self, content_type: str, field: str) -> None:
        found = _BOUNDARY.search(content_type)
        if not content_type.lower().startswith("multipart/form-data") or found is None:
            raise NoMultipart
        self.file_name = ""
        self.is_whole = False
        self._field = field
        self._delimiter = b"\r\n--" + found[1].encode()
        self._held = b"\r\n"  # the first boundary has no line before it
        self._within: bool | None = None

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """Take in the next piece of the body, and give what it brings of the file.

        Raises:
            NoMultipart: when headers never end.
        """
        self._held += piece
        while not self.is_whole:
            if self._within is None:
                if not self._open():
                    return
                continue
            content, found, rest = self._held.partition(self._delimiter)
            if not found:  # its last bytes may be the beginning of a boundary
                keep = len(self._delimiter) - 1
                content, self._held = self._held[:-keep], self._held[-keep:]
            if self._within and content:
                yield content
            if not found:
                return
            self.is_whole = self._within or rest.startswith(b"--")
            self._held, self._within = self._delimiter + rest, None

    def _open(self) -> bool:
        """Read on until a part's content begins; False while that has not come yet."""
        _, found, rest = self._held.partition(self._delimiter)
        head, ends, content = rest.partition(_END_OF_HEADERS)
        if not found or not ends:
            if len(self._held) > _MOST_OF_HEADERS:
                raise NoMultipart
            return False
        self._within = self._is_ours(head)
        self._held = content
        return True

    def _is_ours(self, head: bytes) -> bool:
        headers = Message()
        for line in head.decode(errors="replace").split("\r\n"):
            name, _, value = line.partition(":")
            if name.strip().lower() == "content-disposition":
                headers["content-disposition"] = value.strip()
        try:
            field = headers.get_param("name", header="content-disposition")
            given = headers.get_filename() or ""
        except (ValueError, TypeError):  # parts of a name without order, or in no character set
            raise NoMultipart from None
        if field != self._field:
            return False
        self.file_name = "".join(c for c in given if c.isprintable())[-_LONGEST_NAME:]
        return True
