"""At the door: a request is noted, the same way for every address, and nobody is looked up."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from newsletter.sign_up import queue
from newsletter.sign_up.budgets import take
from newsletter.sign_up.domains import is_disposable
from newsletter.sign_up.limits import EVERYBODY, LATER, POSTS, POSTS_OF_NETWORK
from newsletter.sign_up.models import SignUpRequest
from newsletter.sign_up.places import hidden
from newsletter.sign_up.proofs import Proof, spend
from newsletter.sign_up.wording import Wording
from subscribers.address import Address, address_hash
from subscribers.profile import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What came with a form that a person may have sent.

    Attributes:
        address: for which letters are asked.
        profile: what else they said about themselves.
        wording: what they were shown.
        privacy_version: of the privacy notice that our pages showed then; see ``privacy``.
        network: they typed it in, as ``places.network`` gives it.
        proof: the solution the form brought, if it did.
        hasty: whether the form came back faster than anybody types.
    """

    address: Address
    profile: Profile
    wording: Wording
    privacy_version: str
    network: str
    proof: Proof | None = None
    hasty: bool = False


def note(session: Session, asked: Asked, *, pepper: bytes, now: datetime) -> None:
    """Note a request; it is answered later, by ``answering``.

    The statements are the same whoever's address it is: nothing here knows the list.

    Args:
        session: a writing session.
        asked: the request.
        pepper: hides addresses and networks.
        now: aware.
    """
    proven = asked.proof is not None and spend(session, asked.proof)
    request = _request(asked, proven=proven, pepper=pepper, now=now)
    has_room = take(session, POSTS_OF_NETWORK, request.network, now)
    has_room = has_room and take(session, POSTS, EVERYBODY, now)  # one network uses up its own only
    if proven or has_room:
        queue.put(session, request)


def _request(asked: Asked, *, proven: bool, pepper: bytes, now: datetime) -> SignUpRequest:
    odd = asked.hasty or is_disposable(asked.address.domain)
    return SignUpRequest(
        address_hash=address_hash(asked.address.key, pepper),
        email=asked.address.text,
        name=asked.profile.name,
        timezone=asked.profile.timezone,
        tags=list(asked.profile.tags),
        source=asked.profile.source,
        wording=asked.wording.text,
        wording_version=asked.wording.version,
        privacy_version=asked.privacy_version,
        network=hidden(pepper, "network", asked.network),
        domain=hidden(pepper, "domain", asked.address.domain),
        proven=proven,
        asked_at=now,
        due_at=now + LATER if odd and not proven else now,
    )
