"""Short signed tokens for links in letters: bound to one purpose, one subscriber and one issue.

29 bytes, written as 39 characters of base64url: key id 1, purpose 1, public id 9, issue 2, tag 16.
Purposes that expire carry 3 more bytes and have 43 characters: the end, in steps of ten minutes
since 1970. So every link of a host with a name of usual length fits a line of mail (76 characters).
The tag is the first half of an HMAC-SHA-256 over all of it and the subscriber's epoch, which is not
in the token: raising the epoch withdraws all of one person's links, except those for leaving.
"""

import binascii
import hmac
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum

from subscribers.errors import BadSignature, ExpiredToken, MalformedToken, WrongPurpose
from subscribers.keys import KeyRing
from subscribers.mail_tokens import MailPurpose, MailSigner
from subscribers.seals import Seal

PUBLIC_ID_BYTES = 9
PUBLIC_ID_CHARACTERS = 12
TAG_BYTES = 16

_HEAD = struct.Struct(">BB9sH")
_ISSUE = struct.Struct(">H")
_KEY = 2
"""Bytes of the beginning that say which key a token is signed with: key id and purpose."""
_LINK = 39
"""Characters of a token without an end."""
_EXPIRY_BYTES = 3
_EPOCH = struct.Struct(">I")
_EPOCH_START = datetime(1970, 1, 1, tzinfo=UTC)
_TO_URL = bytes.maketrans(b"+/", b"-_")
_FROM_URL = bytes.maketrans(b"-_", b"+/")


class Purpose(IntEnum):
    """What a link may be used for. The numbers are in mails already sent: never change one."""

    UNSUBSCRIBE = 1
    PREFERENCES = 2
    CONFIRM = 3
    VOTE = 4
    EXPORT = 6
    NEVER = 7
    MANAGE = 8
    ERASE = 9
    UNDO = 10
    CHANGE_FROM = 11
    CHANGE_TO = 12
    DECIDE = 13
    """Of editors; what it names in the place of a person is an issue."""


EXPIRING = frozenset(
    {
        Purpose.CONFIRM, Purpose.EXPORT, Purpose.MANAGE, Purpose.ERASE, Purpose.UNDO,
        Purpose.CHANGE_FROM, Purpose.CHANGE_TO, Purpose.DECIDE,
    }
)  # fmt: skip
"""These end by themselves. A vote ends with its poll; an unsubscribe never; and the link of a
letter to the preferences only asks for a fresh one, which is mailed to the address itself."""

EXPIRY_STEP = timedelta(minutes=10)
"""An end is rounded up to a multiple of it."""

UNWITHDRAWABLE = frozenset({Purpose.UNSUBSCRIBE, Purpose.NEVER})
"""Leaving, and asking never to be written to, work with every link ever sent."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token says.

    Attributes:
        public_id: the subscriber's, 12 characters.
        issue: the issue's number, 0 for none.
        expires: aware, in UTC; None for purposes without an end.
    """

    purpose: Purpose
    public_id: str
    issue: int
    expires: datetime | None


class Signer:
    """Signs tokens with the newest secret and opens those of every secret in the ring.

    Attributes:
        by_mail: does so for the addresses to which one writes to leave: tokens in mail addresses
            are written in another way.
        returned: likewise, for the addresses to which undelivered letters come back.
    """

    def __init__(self, keys: KeyRing) -> None:
        """Derive all keys once."""
        self.by_mail = MailSigner(keys, MailPurpose.LEAVE)
        self.returned = MailSigner(keys, MailPurpose.RETURN)
        self._newest = keys.newest.id
        self._seals = {
            bytes((secret.id, purpose)): Seal(secret.key_for(purpose.name.lower()))
            for secret in keys.secrets
            for purpose in Purpose
        }

    def sign(
        self,
        purpose: Purpose,
        public_id: str,
        *,
        issue: int = 0,
        epoch: int = 0,
        expires: datetime | None = None,
    ) -> str:
        """Make a token: 39 characters, or 43 when the purpose expires.

        Args:
            purpose: the only thing the token is good for.
            public_id: the subscriber's, 12 characters.
            issue: 0 to 65,535; 0 for none.
            epoch: the subscriber's token epoch; of no effect for UNSUBSCRIBE.
            expires: aware; required for the purposes in EXPIRING, refused for all others.
        """
        if purpose in EXPIRING:
            if expires is None:
                raise ValueError(f"a token for {purpose.name} needs an end")
            end = _steps(expires).to_bytes(_EXPIRY_BYTES, "big")
        elif expires is None:
            end = b""
        else:
            raise ValueError(f"a token for {purpose.name} has no end")
        payload = _HEAD.pack(self._newest, purpose, raw_id(public_id), issue) + end
        return _write(payload + self._tag(payload, epoch))

    def sign_letters(
        self, purposes: Sequence[Purpose], people: Sequence[tuple[str, int]], *, issue: int
    ) -> list[tuple[str, ...]]:
        """Make the tokens of one letter to many subscribers, quicker than one by one.

        Args:
            purposes: what its links are for; none of those in EXPIRING.
            people: public id and token epoch of each subscriber.
            issue: 0 to 65,535.

        Returns:
            For each subscriber their tokens, in the order of the purposes.
        """
        persons = raw_ids([public_id for public_id, _ in people])
        epochs = [epoch for _, epoch in people]
        of_purposes = (self._sign_links(one, persons, epochs, issue) for one in purposes)
        return list(zip(*of_purposes, strict=True))

    def open(
        self,
        token: str,
        purpose: Purpose,
        *,
        epoch_of: Callable[[str], int | None],
        now: datetime,
    ) -> Claims:
        """Read a token and believe it only if everything about it is right.

        Args:
            token: as it stands in the link.
            purpose: what the page it was brought to is for.
            epoch_of: gives a public id's token epoch, None for an unknown id; not asked for links
                that cannot be withdrawn.
            now: aware.

        Raises:
            MalformedToken: no token of ours, damaged or written in another way.
            WrongPurpose: made for another purpose.
            BadSignature: forged, withdrawn, or signed with a secret no longer in the ring.
            ExpiredToken: genuine, and too old.
        """
        claims, payload, tag = _split(token, purpose)
        epoch = 0 if purpose in UNWITHDRAWABLE else epoch_of(claims.public_id)
        if epoch is None:
            raise BadSignature
        self._check(payload, tag, epoch)
        if claims.expires is not None and now >= claims.expires:
            raise ExpiredToken(public_id=claims.public_id)
        return claims

    def read(self, token: str, purpose: Purpose) -> Claims:
        """Read a token of a purpose in UNWITHDRAWABLE: nothing but its signature need be asked.

        Raises:
            MalformedToken: as ``open`` does.
            WrongPurpose: as ``open`` does.
            BadSignature: as ``open`` does.
        """
        if purpose not in UNWITHDRAWABLE:
            raise ValueError(f"a token for {purpose.name} can be withdrawn: open it")
        claims, payload, tag = _split(token, purpose)
        self._check(payload, tag, 0)
        return claims

    def _sign_links(
        self, purpose: Purpose, persons: Sequence[bytes], epochs: Sequence[int], issue: int
    ) -> list[str]:
        """Make the tokens of one purpose, of the bytes of public ids and their epochs."""
        begins, ends = bytes((self._newest, purpose)), _ISSUE.pack(issue)
        payloads = [begins + person + ends for person in persons]
        bound = {epoch: _bound(purpose, epoch) for epoch in set(epochs)}
        sealed = [payload + bound[epoch] for payload, epoch in zip(payloads, epochs, strict=True)]
        tags = self._seals[begins].digests(sealed)
        return _write_links(
            [payload + tag[:TAG_BYTES] for payload, tag in zip(payloads, tags, strict=True)]
        )

    def _check(self, payload: bytes, tag: bytes, epoch: int) -> None:
        known = payload[:_KEY] in self._seals
        if not known or not hmac.compare_digest(tag, self._tag(payload, epoch)):
            raise BadSignature

    def _tag(self, payload: bytes, epoch: int) -> bytes:
        sealed = payload + _bound(payload[1], epoch)
        return self._seals[payload[:_KEY]].digest(sealed)[:TAG_BYTES]


def raw_id(public_id: str) -> bytes:
    """Give the nine bytes of a public id.

    Raises:
        ValueError: when it has not 12 characters of base64url.
    """
    [raw] = raw_ids([public_id])
    return raw


def raw_ids(public_ids: Sequence[str]) -> list[bytes]:
    """Give the nine bytes of each of several public ids, which are read as one text.

    Raises:
        ValueError: when one of them has not 12 characters of base64url.
    """
    text = "".join(public_ids)
    if set(map(len, public_ids)) - {PUBLIC_ID_CHARACTERS} or "=" in text:
        raise ValueError("a public id has 12 characters")
    raw = binascii.a2b_base64(text.encode().translate(_FROM_URL), strict_mode=True)
    return [raw[start : start + PUBLIC_ID_BYTES] for start in range(0, len(raw), PUBLIC_ID_BYTES)]


def _bound(purpose: int, epoch: int) -> bytes:
    """Give what a tag is made over besides the token: the epoch, where it can withdraw a link."""
    return _EPOCH.pack(0 if purpose in UNWITHDRAWABLE else epoch)


def _split(token: str, purpose: Purpose) -> tuple[Claims, bytes, bytes]:
    """Take a token apart into what it says, the signed bytes and the tag, believing none of it."""
    raw = _read(token)
    payload, tag = raw[:-TAG_BYTES], raw[-TAG_BYTES:]
    claims = _claims(payload)
    if claims.purpose is not purpose:
        raise WrongPurpose
    return claims, payload, tag


def _claims(payload: bytes) -> Claims:
    try:
        purpose = Purpose(payload[1])
        _, _, person, issue = _HEAD.unpack_from(payload)
    except (ValueError, IndexError, struct.error):
        raise MalformedToken from None
    end = payload[_HEAD.size :]
    if len(end) != (_EXPIRY_BYTES if purpose in EXPIRING else 0):
        raise MalformedToken
    return Claims(purpose, _write(person), issue, _instant(end) if end else None)


def _steps(expires: datetime) -> int:
    return -((_EPOCH_START - expires) // EXPIRY_STEP)


def _instant(end: bytes) -> datetime:
    return _EPOCH_START + int.from_bytes(end, "big") * EXPIRY_STEP


def _write(raw: bytes) -> str:
    return binascii.b2a_base64(raw, newline=False).translate(_TO_URL, b"=").decode("ascii")


def _write_links(raws: Sequence[bytes]) -> list[str]:
    """Write several at once: of 29 bytes and a zero each, so that none shares a sign with the next."""
    text = _write(b"\0".join(raws))
    return [text[start : start + _LINK] for start in range(0, len(text), _LINK + 1)]


def _read(token: str) -> bytes:
    try:
        text = token.encode("ascii").translate(_FROM_URL)
        raw = binascii.a2b_base64(text + b"=" * (-len(text) % 4), strict_mode=True)
    except (UnicodeEncodeError, binascii.Error):
        raise MalformedToken from None
    # One token, one spelling: padding, "+", blanks and stray bits in the last character are refused.
    if _write(raw) != token:
        raise MalformedToken
    return raw
