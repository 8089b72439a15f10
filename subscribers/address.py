"""An e-mail address: the form mail is sent to, the key that makes one person one row, the mask for logs."""

import hmac
import re
import unicodedata
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

from subscribers.errors import InvalidAddress

_BLANK = r"[\s\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]+"
_BLANK_ENDS = re.compile(rf"\A{_BLANK}|{_BLANK}\Z")
_MASKED_DOMAIN_AT_MOST = 60
_LOOKED_AT = 1000
"""Characters of the longest text that may hold an address, which has 254 at most: to look for blanks, and
to put marks in order, takes time that grows with the square of it."""


@dataclass(frozen=True, slots=True, repr=False)
class Address:
    """A valid address; its repr is masked, for it may end up in a log.

    Attributes:
        text: for sending; the local part as the person writes it, the domain in ASCII lower case.
        key: for identity; the same for every spelling of one mailbox's address.
    """

    text: str
    key: str

    @classmethod
    def parse(cls, raw: str) -> "Address":
        """Read an address as people paste it; blanks around it, also invisible ones, are dropped.

        No mailbox or domain is looked up. Addresses that need SMTPUTF8 are refused, because not
        every server on the way would take them.

        Raises:
            InvalidAddress: with a reason that repeats nothing of the address.
        """
        if len(raw) > _LOOKED_AT:
            raise InvalidAddress("The email address is too long.")
        text = unicodedata.normalize("NFC", _BLANK_ENDS.sub("", raw))
        try:
            checked = validate_email(
                text, allow_smtputf8=False, check_deliverability=False, strict=True
            )
        except EmailNotValidError as error:
            raise InvalidAddress(_reason(error)) from None
        domain = checked.ascii_domain.lower()
        local = checked.local_part
        return cls(f"{local}@{domain}", f"{local.casefold()}@{domain}")

    @property
    def domain(self) -> str:
        """What follows the at sign, in ASCII lower case."""
        return self.key.rpartition("@")[2]

    def __repr__(self) -> str:
        return f"Address({mask(self.text)})"


def mask(address: str) -> str:
    """Show enough of an address to recognise one's own: ``i…@reader.example``.

    Takes any text, also one that is no address, since refused lines are reported too.
    """
    local, at, domain = address.strip().rpartition("@")
    if not at:
        return "…"
    shown = f"{local[:1]}…@{domain[:_MASKED_DOMAIN_AT_MOST]}"
    return shown if shown.isprintable() else "…"


def address_hash(key: str, pepper: bytes) -> str:
    """Give the keyed hash under which an address stays known after it was erased (64 hex digits).

    A plain hash of an address can be guessed; the pepper lives outside the database.
    """
    return hmac.digest(pepper, key.encode(), "sha256").hex()


def _reason(error: EmailNotValidError) -> str:
    # What follows a colon or a bracket quotes from the address, which must not reach a log.
    sentence, *_ = re.split(r"[:(]", str(error))
    return f"{sentence.strip(' .')}."
