"""Tokens in mail addresses, after the plus: the right to leave, and whose letter came back.

18 bytes, written as 29 characters: key id 1, public id 9, tag 8. Systems on the way may turn letters
of an address into small ones, so it is written in base32, where that loses nothing; and with the 32
characters of a Postmark mailbox and the plus it fits the 64 that a name before the @ may have.
The tag is half as long as that of a link: whoever guessed one of 2^64 would make somebody leave, who
is told so and can take it back, or a mailbox look dead, which its owner's next yes puts right.
"""

import binascii
import hmac
import struct
from base64 import b32decode, b32encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from enum import StrEnum

from subscribers.errors import BadSignature, MalformedToken
from subscribers.keys import KeyRing
from subscribers.seals import Seal

CHARACTERS = 29
TAG_BYTES = 8

_PERSON = struct.Struct(">B9s")
_EPOCH = struct.Struct(">I")
_PADDING = "=" * (-CHARACTERS % 8)


class MailPurpose(StrEnum):
    """What the token in an address is good for; each has a key of its own, named so for ever."""

    LEAVE = "unsubscribe-by-mail"
    """A mail to it lets its reader go: with every letter ever sent."""
    RETURN = "returned-mail"
    """The sender in a letter's envelope: a report to it is about this reader's mailbox. It is bound
    to their epoch, so what comes back from a former address says nothing about the new one."""


WITHDRAWABLE = frozenset({MailPurpose.RETURN})


class MailSigner:
    """Signs for one purpose with the newest secret, and reads those of every secret in the ring."""

    def __init__(self, keys: KeyRing, purpose: MailPurpose = MailPurpose.LEAVE) -> None:
        """Derive all keys once."""
        self._purpose = purpose
        self._newest = keys.newest.id
        self._seals = {secret.id: Seal(secret.key_for(purpose)) for secret in keys.secrets}

    def sign(self, public_id: str, *, epoch: int = 0) -> str:
        """Make a token for a subscriber's public id: 29 small letters and digits.

        Args:
            public_id: the subscriber's, 12 characters.
            epoch: the subscriber's token epoch; of no effect for LEAVE.
        """
        payload = _PERSON.pack(self._newest, urlsafe_b64decode(public_id))
        return _write(payload + self._tag(payload, epoch))

    def read(self, token: str, epoch_of: Callable[[str], int | None] | None = None) -> str:
        """Give the public id of whose token it is, in capitals or small letters.

        Args:
            token: as it stands in the address.
            epoch_of: gives a public id's token epoch, None for an unknown id; needed for what can
                be withdrawn, and not asked for LEAVE.

        Raises:
            MalformedToken: no token of ours, or damaged.
            BadSignature: forged, withdrawn, or signed with a secret no longer in the ring.
        """
        raw = _read(token)
        payload, tag = raw[:-TAG_BYTES], raw[-TAG_BYTES:]
        _, person = _PERSON.unpack(payload)
        public_id = urlsafe_b64encode(person).decode("ascii")
        epoch = self._epoch(public_id, epoch_of)
        known = epoch is not None and payload[0] in self._seals
        if not known or not hmac.compare_digest(tag, self._tag(payload, epoch or 0)):
            raise BadSignature
        return public_id

    def _epoch(self, public_id: str, epoch_of: Callable[[str], int | None] | None) -> int | None:
        if self._purpose not in WITHDRAWABLE:
            return 0
        if epoch_of is None:
            raise ValueError(f"a token for {self._purpose.name} can be withdrawn: give its epoch")
        return epoch_of(public_id)

    def _tag(self, payload: bytes, epoch: int) -> bytes:
        bound = _EPOCH.pack(epoch) if self._purpose in WITHDRAWABLE else b""
        return self._seals[payload[0]].digest(payload + bound)[:TAG_BYTES]


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
