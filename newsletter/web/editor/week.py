"""The week as one page tells it: gathered in a fixed number of questions to the database."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from newsletter.delivery.books import Books, are_gone, balance
from newsletter.delivery.models import DeliveryState
from newsletter.delivery.oddities import in_doubt
from newsletter.issues import store
from newsletter.issues.models import Issue
from newsletter.issues.store import Outline
from newsletter.service import Service
from newsletter.web.editor.issue.standing import Standing, standing
from schedules.windows import Slot
from subscribers import queries
from subscribers.states import State


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is there to read.

    Attributes:
        states: how many subscribers are in each state in which anybody is.
        topics: how many active ones want each topic, most wanted first; one reader may want several.
        everything: how many of the active ones chose no topics.
        followers: how many get only what is about tools that they follow.
    """

    states: Mapping[State, int]
    topics: Sequence[tuple[str, int]]
    everything: int
    followers: int


@dataclass(frozen=True, slots=True)
class Doubt:
    """Copies of one issue that somebody may have to decide about."""

    number: int
    unknown: int
    held: int


@dataclass(frozen=True, slots=True)
class Week:
    """The week at a glance.

    Attributes:
        slot: the next Monday.
        begins: when its issue begins to leave: then, or where readers have their hour earlier.
        draft: its issue, if there is one, and where it stands.
        made_at: when the draft is made that is not there yet; None when its hour has to come.
        waiting: other issues that are not over, held ones and those that are leaving.
        doubts: what is unknown or held of copies.
        last: the latest issue that began to leave.
        books: its balance.
        audience: who is there to read.
    """

    slot: Slot
    begins: datetime
    draft: Standing | None
    made_at: datetime | None
    waiting: Sequence[Outline]
    doubts: Sequence[Doubt]
    last: Issue | None
    books: Books | None
    audience: Audience

    @property
    def is_leaving(self) -> bool:
        """Whether that Monday's issue has begun to leave, to readers further east."""
        return self.draft is not None and self.draft.issue.has_begun

    @property
    def are_gone(self) -> bool:
        """Whether the copies of the last issue are no longer kept."""
        return bool(self.last and self.books and are_gone(self.last, self.books))


def gather(service: Service, now: datetime) -> Week:
    """Gather what is known of the week."""
    slot = service.desk.slots.next()
    begins = service.desk.slots.opens(slot)
    with service.database.reading() as session:
        issue = store.of_slot(session, slot.schedule, slot.local_date)
        last = next(iter(store.published(session, most=1)), None)
        return Week(
            slot=slot,
            begins=begins if begins > now else slot.instant,
            draft=standing(session, service.desk, issue, now) if issue else None,
            made_at=_made_at(service, slot, now),
            waiting=[one for one in store.unfinished(session) if one.local_date != slot.local_date],
            doubts=list(_doubts(session)),
            last=last,
            books=balance(session, last.number, last.audience) if last else None,
            audience=_audience(session),
        )


def _made_at(service: Service, slot: Slot, now: datetime) -> datetime | None:
    at = service.lead.next_draft(now)
    return at if at and at < slot.instant else None


def _doubts(session: Session) -> Iterator[Doubt]:
    for number, copies in in_doubt(session).items():
        yield Doubt(number, copies.get(DeliveryState.UNKNOWN, 0), copies.get(DeliveryState.HELD, 0))


def _audience(session: Session) -> Audience:
    states = {state: count for state, count in queries.counts(session).items() if count}
    topics: Counter[str] = Counter()
    followers = choosy = 0
    for (cadence, chosen), count in queries.wishes(session).items():
        if cadence == "followed":
            followers += count
        elif chosen:
            choosy += count
            topics.update(dict.fromkeys(chosen, count))
    everything = states.get(State.ACTIVE, 0) - followers - choosy
    return Audience(states, topics.most_common(), everything, followers)
