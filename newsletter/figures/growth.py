"""Who came and who went, week by week, counted in the steps that readers' states went through."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, text
from sqlmodel import Session, col

from newsletter.figures.spans import spans
from newsletter.figures.weeks import Week
from subscribers.models import CAME_OR_WENT, StateChange, Subscriber
from subscribers.states import ON_THE_LIST, State

_LEFT = frozenset({State.UNSUBSCRIBED, State.ERASED})


@dataclass(frozen=True, slots=True)
class Growth:
    """One week of the list: what it had before, and joined, less left and lost, is what it has.

    Attributes:
        week: which one.
        readers: how many got letters at its end, or get them now; those who pause included.
        joined: who came, or came back.
        left: who went by their own word.
        lost: whose mailbox is gone, who complained, or whom an operator suppressed.
    """

    week: Week
    readers: int
    joined: int
    left: int
    lost: int


def growth(session: Session, weeks: Sequence[Week]) -> Sequence[Growth]:
    """Count some weeks, of which the last is under way.

    What is known of the past are steps; so the readers of a week are counted back from today's.

    Args:
        session: for reading; asked twice.
        weeks: one after the other, oldest first, at least one.
    """
    counted = _steps(session, weeks)
    readers, found = _readers(session), []
    for number in reversed(range(len(weeks))):
        joined = sum(counted[number, state] for state in ON_THE_LIST)
        left = sum(counted[number, state] for state in _LEFT)
        gone = sum(counted[number, state] for state in State if state not in ON_THE_LIST)
        found.append(Growth(weeks[number], readers, joined, left, gone - left))
        readers += gone - joined
    return found[::-1]


def _readers(session: Session) -> int:
    on_the_list = select(func.count()).where(col(Subscriber.state).in_(ON_THE_LIST))
    return int(session.execute(on_the_list).scalar_one())


def _steps(session: Session, weeks: Sequence[Week]) -> Mapping[tuple[int, State], int]:
    """Count steps onto the list and off it, by the number of the week and the state they lead to."""
    of = spans({number: (week.since, week.until) for number, week in enumerate(weeks)})
    at, to = col(StateChange.at), col(StateChange.to_state)
    rows = session.execute(
        select(of.c.number, to, func.count())
        .where(text(CAME_OR_WENT), at >= of.c.since, at < of.c.until)
        .group_by(of.c.number, to)
    )
    return Counter({(number, State(state)): count for number, state, count in rows})
