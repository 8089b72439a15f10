"""HMAC-SHA-256 for very many short messages under one key."""

import hashlib
from collections.abc import Iterable

_BLOCK = 64
_INNER = bytes(byte ^ 0x36 for byte in range(256))
_OUTER = bytes(byte ^ 0x5C for byte in range(256))


class Seal:
    """HMAC-SHA-256 (RFC 2104) with one key.

    What hangs on the key alone is hashed once. ``hmac`` can do so as well, but passes each message
    through several layers of Python, which took longer than the hash.
    """

    def __init__(self, key: bytes) -> None:
        """Take a key of at most one block, 64 bytes."""
        padded = key.ljust(_BLOCK, b"\0")
        self._inner = hashlib.sha256(padded.translate(_INNER))
        self._outer = hashlib.sha256(padded.translate(_OUTER))

    def digest(self, message: bytes) -> bytes:
        """Give the 32 bytes that only who knows the key can give for a message."""
        [digest] = self.digests([message])
        return digest

    def digests(self, messages: Iterable[bytes]) -> list[bytes]:
        """Give those of many messages."""
        fresh_inner, fresh_outer = self._inner.copy, self._outer.copy
        found = []
        for message in messages:
            inner, outer = fresh_inner(), fresh_outer()
            inner.update(message)
            outer.update(inner.digest())
            found.append(outer.digest())
        return found
