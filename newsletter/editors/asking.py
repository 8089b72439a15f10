"""At the door: a request for a link is noted, the same way for every address; nobody is looked up."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from newsletter.editors.accounts import hidden_key
from newsletter.notices.rows import order_link
from newsletter.sign_up.budgets import Budget, take, take_all
from newsletter.sign_up.limits import EVERYBODY
from newsletter.sign_up.places import hidden
from subscribers.address import Address

_HOUR = timedelta(hours=1)

OF_ACCOUNT = Budget("editor-links-account", 5, _HOUR, exact=True)
OF_NETWORK = Budget("editor-links-network", 20, _HOUR)
OF_ALL = Budget("editor-links", 300, _HOUR)
"""Letters with links, for one address, from one network, and in all. Who finds none left signs in with a
passkey, or asks whoever runs the service for a link."""

TRIES_OF_NETWORK = Budget("editor-passkeys-network", 60, _HOUR)
"""Passkeys shown from one network; right or wrong, each costs a signature to check."""


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody typed an address in order to sign in.

    Attributes:
        address: as typed.
        network: where they are, as ``places.network`` gives it.
        back: the page of ours to which they want.
    """

    address: Address
    network: str
    back: str = ""


def ask(session: Session, request: Request, *, pepper: bytes, now: datetime) -> None:
    """Note that somebody wants a link; whether there is an editor is seen when the letter leaves.

    Args:
        session: a writing session.
        request: what they want.
        pepper: hides addresses and networks.
        now: aware.
    """
    whose = hidden_key(request.address, pepper)
    budgets = (
        (OF_ACCOUNT, whose),
        (OF_NETWORK, hidden(pepper, "network", request.network)),
        (OF_ALL, EVERYBODY),
    )
    if take_all(session, budgets, now) is None:
        order_link(session, whose, request.back, now=now)


def may_try(session: Session, network: str, *, pepper: bytes, now: datetime) -> bool:
    """Count that a passkey is shown from a network; False when none may be any more."""
    return take(session, TRIES_OF_NETWORK, hidden(pepper, "network", network), now)
