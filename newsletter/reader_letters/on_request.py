"""Letters that a button brings: whoever was forwarded a letter can press it, so few go to one mailbox."""

from datetime import datetime, timedelta

from sqlmodel import Session

from newsletter.notices.letters import LetterKind
from newsletter.notices.rows import write_to
from newsletter.sign_up.budgets import Budget, take_all
from newsletter.sign_up.places import hidden
from subscribers.models import Subscriber

AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)

MOST_A_DAY = 3
"""Of a kind: enough for somebody who loses one, and no flood for somebody who asked for none."""


def order(
    session: Session, reader: Subscriber, kind: LetterKind, *, pepper: bytes, now: datetime
) -> None:
    """Order a letter, unless one of its kind was ordered within the hour, or MOST_A_DAY in a day.

    Args:
        session: a writing session.
        reader: who gets it.
        kind: what it is about.
        pepper: hides whose budget it is.
        now: aware.
    """
    whose = hidden(pepper, "reader", reader.public_id)
    budgets = (
        Budget(f"letters-{kind}", 1, AN_HOUR, exact=True),
        Budget(f"letters-{kind}-day", MOST_A_DAY, A_DAY, exact=True),
    )
    if take_all(session, [(budget, whose) for budget in budgets], now) is None:
        write_to(session, reader.public_id, kind, key=f"{kind} {now.isoformat()}", now=now)
