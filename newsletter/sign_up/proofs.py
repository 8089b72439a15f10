"""Proof of work: a browser computes for a second, and whoever asks ten thousand times for hours.

The challenges are ALTCHA's, signed and bound to this purpose; a solved one is good once. No other
host is asked, and nothing is kept about a challenge before it is solved.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import altcha
from sqlalchemy import delete
from sqlmodel import Session, col

from newsletter.database import insert_into
from newsletter.sign_up.models import SpentProof

GOOD_FOR = timedelta(minutes=10)
"""How long a challenge may be worked on."""

COST = 5_000
"""Rounds of PBKDF2 in one try: a millisecond or two, for us too."""

PREFIX = "00"
"""What a key must begin with: one try in 256 finds one."""

_LONGEST = 4_000
_PURPOSE = "sign-up"


@dataclass(frozen=True, slots=True)
class Proof:
    """A right solution of a challenge of ours.

    Attributes:
        signature: of the challenge; its name.
        until: when the challenge expires.
    """

    signature: str
    until: datetime


def challenge(key: bytes, now: datetime) -> dict[str, Any]:
    """Make a challenge, ready for JSON."""
    # The end is in our own words: the library would compare its own with the system's time.
    until = int((now + GOOD_FOR).timestamp())
    made = altcha.create_challenge(
        "PBKDF2/SHA-256",
        COST,
        key_prefix=PREFIX,
        data={"for": _PURPOSE, "until": until},
        hmac_secret=key,
    )
    return made.to_dict()


def read(key: bytes, payload: str, now: datetime) -> Proof | None:
    """Check what a form brought; None for anything but a right solution in time."""
    if not 0 < len(payload) <= _LONGEST:
        return None
    if not altcha.verify_solution(payload, key, altcha.derive_key_pbkdf2).verified:
        return None
    solved = altcha.Payload.from_base64(payload).challenge
    until = datetime.fromtimestamp((solved.parameters.data or {})["until"], UTC)
    return Proof(solved.signature or "", until) if now < until else None


def spend(session: Session, proof: Proof) -> bool:
    """Use a proof up.

    Returns:
        False when it was used before.
    """
    brought = insert_into(session, SpentProof).values(signature=proof.signature, until=proof.until)
    new = brought.on_conflict_do_nothing()
    return session.execute(new.returning(col(SpentProof.signature))).first() is not None


def forget_expired(session: Session, now: datetime) -> None:
    """Delete the proofs that could not be used again anyway."""
    session.execute(delete(SpentProof).where(col(SpentProof.until) <= now))
