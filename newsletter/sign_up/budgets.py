"""Budgets kept in rows, so that many processes share them: so much in so long, and then no more.

A budget opens with its first use and is full again when its time has passed since then. Taking is
one statement, which counts and refuses in one go, whoever else takes at the same moment.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import case, delete, or_
from sqlmodel import Session, col, select

from newsletter.database import insert_into
from newsletter.sign_up.models import BudgetUse

LONGEST = timedelta(days=30)
"""No budget is counted over more; what opened before that is over."""


@dataclass(frozen=True, slots=True)
class Budget:
    """So much in so long, for each key.

    Attributes:
        scope: what is counted, such as "letters-network"; part of the row's name.
        most: uses in one period.
        per: the period, at most LONGEST.
        exact: whether no more than ``most`` may be used in *any* such time, as is right for small
            numbers: each use has a row of its own then. Any other budget can be used up just
            before it opens again, and again just after.
    """

    scope: str
    most: int
    per: timedelta
    exact: bool = False


def take(session: Session, budget: Budget, key: str, now: datetime) -> bool:
    """Use a budget once.

    Returns:
        False when nothing is left of it; nothing is counted then.
    """
    if not budget.exact:
        return _take(session, budget, key, now)
    one = replace(budget, most=1)
    return any(_take(session, one, f"{key}/{place}", now) for place in range(budget.most))


def take_all(
    session: Session, budgets: Sequence[tuple[Budget, str]], now: datetime
) -> tuple[Budget, str] | None:
    """Use several budgets once each, or none of them.

    Args:
        session: a writing session.
        budgets: each with its key; always in the same order, so that two writers cannot deadlock.
        now: aware.

    Returns:
        The first of which nothing is left; None when all were used.
    """
    with session.begin_nested() as attempt:
        for budget, key in budgets:
            if not take(session, budget, key, now):
                attempt.rollback()
                return budget, key
    return None


def used(session: Session, budget: Budget, key: str, now: datetime) -> int:
    """Say how often a budget was used in its present period."""
    row = session.exec(
        select(BudgetUse.used).where(
            BudgetUse.scope == budget.scope,
            BudgetUse.key == key,
            col(BudgetUse.opened_at) > now - budget.per,
        )
    ).first()
    return row or 0


def full_again(session: Session, budget: Budget, key: str, now: datetime) -> datetime:
    """Say when a budget that is used up can be used again."""
    opened_at = session.exec(
        select(BudgetUse.opened_at).where(BudgetUse.scope == budget.scope, BudgetUse.key == key)
    ).first()
    return (opened_at or now) + budget.per


def forget_old(session: Session, now: datetime) -> None:
    """Delete what no budget counts any more."""
    session.execute(delete(BudgetUse).where(col(BudgetUse.opened_at) <= now - LONGEST))


def _take(session: Session, budget: Budget, key: str, now: datetime) -> bool:
    closed = now - budget.per
    opened_at, used = col(BudgetUse.opened_at), col(BudgetUse.used)
    first = insert_into(session, BudgetUse).values(
        scope=budget.scope, key=key, opened_at=now, used=1
    )
    counted = first.on_conflict_do_update(
        index_elements=["scope", "key"],
        set_={
            "used": case((opened_at <= closed, 1), else_=used + 1),
            "opened_at": case((opened_at <= closed, now), else_=opened_at),
        },
        where=or_(opened_at <= closed, used < budget.most),
    )
    return session.execute(counted.returning(used)).first() is not None
