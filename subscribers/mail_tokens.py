"""The right to leave as the part of a mail address after its plus: good for that and for ever.

18 bytes, written as 29 characters: key id 1, public id 9, tag 8. Systems on the way may turn letters
of an address into small ones, so it is written in base32, where that loses nothing; and with the 32
characters of a Postmark mailbox and the plus it fits the 64 that a name before the @ may have.
The tag is half as long as that of a link: whoever guessed one of 2^64 would make somebody leave, who
is told so and can take it back.
"""

import binascii
import hmac
import struct
from base64 import b32decode, b32encode, urlsafe_b64decode, urlsafe_b64encode

from subscribers.errors import BadSignature, MalformedToken
from subscribers.keys import KeyRing

CHARACTERS = 29
TAG_BYTES = 8

_PURPOSE = "unsubscribe-by-mail"
_PERSON = struct.Struct(">B9s")
_PADDING = "=" * (-CHARACTERS % 8)


class MailSigner:
    """Signs with the newest secret and reads those of every secret in the ring."""

    def __init__(self, keys: KeyRing) -> None:
        """Derive all keys once."""
        self._newest = keys.newest.id
        self._prepared = {
            secret.id: hmac.new(secret.key_for(_PURPOSE), digestmod="sha256")
            for secret in keys.secrets
        }

    def sign(self, public_id: str) -> str:
        """Make a token for a subscriber's public id: 29 small letters and digits."""
        payload = _PERSON.pack(self._newest, urlsafe_b64decode(public_id))
        return _write(payload + self._tag(payload))

    def read(self, token: str) -> str:
        """Give the public id of whose token it is, in capitals or small letters.

        Raises:
            MalformedToken: no token of ours, or damaged.
            BadSignature: forged, or signed with a secret no longer in the ring.
        """
        raw = _read(token)
        payload, tag = raw[:-TAG_BYTES], raw[-TAG_BYTES:]
        if payload[0] not in self._prepared or not hmac.compare_digest(tag, self._tag(payload)):
            raise BadSignature
        _, person = _PERSON.unpack(payload)
        return urlsafe_b64encode(person).decode("ascii")

    def _tag(self, payload: bytes) -> bytes:
        state = self._prepared[payload[0]].copy()
        state.update(payload)
        return state.digest()[:TAG_BYTES]


def _write(raw: bytes) -> str:
    return b32encode(raw).decode("ascii").rstrip("=").lower()


def _read(token: str) -> bytes:
    if len(token) != CHARACTERS or not token.isascii():
        raise MalformedToken
    try:
        raw = b32decode(token + _PADDING, casefold=True)
    except binascii.Error:
        raise MalformedToken from None
    if _write(raw) != token.lower():  # stray bits in the last character
        raise MalformedToken
    return raw
