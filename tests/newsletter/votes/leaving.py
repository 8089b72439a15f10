"""An issue that has begun to leave, which is all a poll asks of it."""

from newsletter.content.catalogue.store import save
from newsletter.issues import life, store
from newsletter.issues.states import IssueEvent
from newsletter.service import Service
from newsletter.votes.models import Vote
from tests.factories import MONDAY, make_comparison


def begin_to_leave(service: Service) -> int:
    """Build the next issue and let it begin to leave; give its number."""
    number = service.desk.build(service.desk.slots.next(), actor="test").number
    with service.database.writing() as session:
        issue, now = store.locked(session, number), service.clock()
        life.change(session, issue, IssueEvent.APPROVED, now=now, actor="test")
        life.change(session, issue, IssueEvent.STARTED, now=now, actor="test")
    return number


def begin_the_next(service: Service) -> int:
    """Let one more issue begin to leave, with one match-up that no other issue has."""
    with service.database.writing() as session:
        save(session, make_comparison("new-left", "new-right"), now=MONDAY)
    return begin_to_leave(service)


def match_ups(service: Service, number: int = 1) -> list[int]:
    """Give the row ids of an issue's comparisons, in the order in which links count them."""
    with service.database.reading() as session:
        items = store.items(session, store.get(session, number))
        return [item.comparison_id for item in items]


def answer(service: Service, place: int, *, number: int = 1, **counts: int) -> None:
    """Cast so many votes of nobody's for each answer to a match-up."""
    comparison = match_ups(service, number)[place - 1]
    with service.database.writing() as session:
        session.add_all(
            Vote(
                issue_number=number,
                comparison_id=comparison,
                choice=choice,
                cast_at=MONDAY,
                changed_at=MONDAY,
            )
            for choice, count in counts.items()
            for _ in range(count)
        )


def make_unreadable(service: Service, number: int) -> None:
    """Store an issue as a release to come might, in a form that this one does not know."""
    with service.database.writing() as session:
        issue = store.locked(session, number)
        issue.content = '{"form": 2}'
        session.add(issue)
