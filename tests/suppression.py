"""Looking an address up on the suppression list."""

from sqlmodel import Session

from subscribers.address import Address, address_hash
from subscribers.queries import suppression_of


def is_suppressed(session: Session, address: Address, *, pepper: bytes) -> bool:
    return suppression_of(session, address_hash(address.key, pepper)) is not None
