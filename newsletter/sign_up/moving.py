"""A reader wants letters to go elsewhere: a wish is noted, and both mailboxes are asked.

The budgets are those of the form: whatever the door, nobody's mailbox is filled through this
service. The statements are the same whoever's address it is; see ``subscribers.address_change``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from newsletter.notices import reader_rows
from newsletter.notices import rows as notice_rows
from newsletter.notices.letters import LetterKind
from newsletter.sign_up.budgets import Budget, take_all
from newsletter.sign_up.domains import LARGE
from newsletter.sign_up.limits import EVERYBODY, Limits, of_mailbox
from newsletter.sign_up.places import hidden
from subscribers import address_change
from subscribers.address import Address

OF_A_READER = Budget("address-changes", 3, timedelta(days=1), exact=True)
"""How many addresses one reader can try."""

_BOTH = (LetterKind.CHANGE_FROM, LetterKind.CHANGE_TO)


@dataclass(frozen=True, slots=True)
class Move:
    """Who wants letters to go where.

    Attributes:
        public_id: the reader's.
        address: the new one.
    """

    public_id: str
    address: Address


def ask_both(session: Session, move: Move, limits: Limits, *, pepper: bytes, now: datetime) -> bool:
    """Note a wish and order the letter to each mailbox, unless a budget is used up.

    Args:
        session: a writing session.
        move: the wish; it replaces an earlier one of this reader.
        limits: the budgets of letters.
        pepper: hides addresses.
        now: aware.

    Returns:
        False when nothing was noted; whoever asked is told the same.

    Raises:
        UnknownSubscriber: when the id is not on the list.
        HasLeft: when the person gets no letters anyway.
    """
    if take_all(session, list(_budgets(move, limits, pepper)), now) is not None:
        return False
    wish = address_change.ask(session, move.public_id, move.address, pepper=pepper, now=now)
    reader_rows.keep_back(session, move.public_id, _BOTH, now=now)  # they would name this wish
    for kind in _BOTH:
        key = f"{kind} {wish.round} {now.isoformat()}"
        notice_rows.write_to(session, move.public_id, kind, key=key, now=now)
    return True


def _budgets(move: Move, limits: Limits, pepper: bytes) -> Iterator[tuple[Budget, str]]:
    """Give the budgets that a wish uses, in the order of ``Limits.of_letter``."""
    yield from of_mailbox(move.address.key, pepper)
    if move.address.domain not in LARGE:
        key = hidden(pepper, "domain", move.address.domain)
        yield limits.domain, key
        yield limits.domain_daily, key
    yield OF_A_READER, hidden(pepper, "reader", move.public_id)
    yield limits.total, EVERYBODY
