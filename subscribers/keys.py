"""The secrets that sign links: several at a time, so that they can be changed, and one key per purpose."""

import hashlib
import hmac
from dataclasses import dataclass, field

from subscribers.errors import InvalidKeyRing

SECRET_AT_LEAST = 32


@dataclass(frozen=True, slots=True)
class RootSecret:
    """A secret and the number by which tokens name it.

    Attributes:
        id: 0 to 255; never reused for another secret.
        secret: at least 32 random bytes.
    """

    id: int
    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Check the size of both.

        Raises:
            InvalidKeyRing: for a short secret or an id beyond one byte.
        """
        if len(self.secret) < SECRET_AT_LEAST:
            raise InvalidKeyRing(f"a signing secret needs at least {SECRET_AT_LEAST} bytes")
        if not 0 <= self.id <= 255:  # noqa: PLR2004 - one byte in the token
            raise InvalidKeyRing(f"a secret's id must be 0 to 255, not {self.id}")

    @classmethod
    def named_by_itself(cls, secret: bytes) -> "RootSecret":
        """Derive the id from the secret, so that operators need not number their secrets."""
        return cls(hashlib.sha256(b"newsletter secret id\0" + secret).digest()[0], secret)

    def key_for(self, purpose: str) -> bytes:
        """Derive the key of one purpose (HKDF-SHA-256, RFC 5869, one block of 32 bytes)."""
        extracted = hmac.digest(b"newsletter links", self.secret, "sha256")
        return hmac.digest(extracted, purpose.encode() + b"\x01", "sha256")

    @property
    def fingerprint(self) -> str:
        """Tell this secret from others; nothing leads from it to the secret or to another key."""
        return self.key_for("fingerprint")[:8].hex()


@dataclass(frozen=True, slots=True)
class KeyRing:
    """All secrets whose tokens are still good, newest first; the newest signs."""

    secrets: tuple[RootSecret, ...]

    def __post_init__(self) -> None:
        """Refuse an empty ring and two secrets that tokens could not tell apart.

        Raises:
            InvalidKeyRing: in both cases.
        """
        if not self.secrets:
            raise InvalidKeyRing("at least one secret is needed to sign links")
        if len({secret.id for secret in self.secrets}) < len(self.secrets):
            raise InvalidKeyRing("two signing secrets have the same id; choose another new secret")

    @classmethod
    def of(cls, *secrets: bytes) -> "KeyRing":
        """Make a ring from bare secrets, newest first."""
        return cls(tuple(RootSecret.named_by_itself(secret) for secret in secrets))

    @property
    def fingerprints(self) -> tuple[str, ...]:
        """Give what tells the secrets from others, newest first."""
        return tuple(secret.fingerprint for secret in self.secrets)

    @property
    def newest(self) -> RootSecret:
        """Give the secret that signs."""
        return self.secrets[0]
