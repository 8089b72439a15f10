"""A reader's months with changing wishes: no comparison comes twice, and none that is due is missed."""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from newsletter.content.comparison import Comparison
from newsletter.database import Database
from newsletter.delivery import audience
from newsletter.delivery.models import Delivery
from newsletter.editions.choosing import Choice, MatchUp, Reason, choose
from newsletter.editions.models import Edition
from newsletter.issues.models import Issue
from subscribers.models import Subscriber
from subscribers.states import State
from subscribers.wishes import Wishes
from tests.factories import make_tool
from tests.newsletter.editions.weeks import (
    at_nine,
    compare,
    freeze_issue,
    items_of,
    reader,
    topic,
    want,
)

GROUPS = ("Audio", "Design", "Models")
TOOLS = ("hum", "think", "film")

topics = st.frozensets(st.sampled_from(GROUPS), max_size=2)
wishes = st.one_of(
    st.builds(Wishes, st.sampled_from(["weekly", "monthly"]), topics),
    st.builds(
        Wishes, st.just("followed"), topics, st.frozensets(st.sampled_from(TOOLS), min_size=1)
    ),
)


def match_ups(issue: int, first: int, last: int) -> st.SearchStrategy[list[MatchUp]]:
    one = st.builds(
        MatchUp,
        st.integers(first, last),
        st.just(issue),
        st.frozensets(st.sampled_from(GROUPS), max_size=2),
        st.frozensets(st.sampled_from(TOOLS), max_size=2),
    )
    return st.lists(one, max_size=5, unique_by=lambda match_up: match_up.id)


def fits(match_up: MatchUp, wish: Wishes) -> bool:
    return not wish.topics or not match_up.groups or bool(match_up.groups & wish.topics)


@given(wishes, match_ups(9, 1, 20), match_ups(8, 11, 40), st.booleans())
def test_a_choice_holds_each_wanted_match_up_once_and_nothing_else(wish, offered, waiting, monthly):
    outcome = choose(wish, offered, waiting, is_monthly=monthly)

    if wish.cadence == "followed":
        wanted = [m.id for m in offered if m.tools & wish.follows]
    elif wish.cadence == "monthly" and not monthly:
        wanted = []
    else:
        wanted = [m.id for m in [*offered, *waiting] if fits(m, wish)]
    assert list(outcome.items if isinstance(outcome, Choice) else ()) == list(dict.fromkeys(wanted))
    assert isinstance(outcome, Reason) or outcome.items
    assert choose(wish, offered, waiting, is_monthly=monthly) == outcome


@dataclass(frozen=True, slots=True)
class Week:
    """What happens before an issue and to it: wishes, pauses, match-ups, and who refuses the mail."""

    wanted: Mapping[int, Wishes]
    paused: frozenset[int]
    categories: tuple[tuple[str | None, str | None], ...]
    refused: frozenset[int]
    goes_out: bool


READERS = (0, 1, 2)
whom = st.frozensets(st.sampled_from(READERS), max_size=1)
categories = st.sampled_from((*GROUPS, None))
weeks = st.builds(
    Week,
    wanted=st.dictionaries(st.sampled_from(READERS), wishes, max_size=2),
    paused=whom,
    categories=st.lists(st.tuples(categories, categories), min_size=1, max_size=3).map(tuple),
    refused=whom,
    goes_out=st.sampled_from([True, True, True, False]),
)


@dataclass
class Life:
    """What a reader has seen, and what waits for them, told independently of the product."""

    id: int
    wish: Wishes = field(default_factory=Wishes)
    seen: list[int] = field(default_factory=list)
    owed: list[MatchUp] = field(default_factory=list)

    def expects(self, offered: list[MatchUp], *, monthly: bool) -> set[int] | None:
        """Which comparisons are due; None while a monthly reader waits."""
        if self.wish.cadence == "followed":
            return {m.id for m in offered if m.tools & self.wish.follows}
        if self.wish.cadence == "monthly" and not monthly:
            return None
        return {m.id for m in [*offered, *self.owed] if fits(m, self.wish)}

    def takes(self, offered: list[MatchUp], due: set[int] | None, *, arrived: bool) -> None:
        if due is None:
            self.owed += offered
        elif arrived and due:
            self.seen += sorted(due)
            self.owed = []
        elif not due and self.wish.cadence != "followed":
            self.owed = []


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Iterator[Database]:
    copy = tmp_path_factory.mktemp("months") / "newsletter.sqlite3"
    shutil.copy(migrated_file, copy)
    database = Database(f"sqlite:///{copy}")
    yield database
    database.close()


@settings(max_examples=25, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(st.lists(weeks, min_size=3, max_size=14))
def test_nobody_sees_a_comparison_twice_or_misses_one(file: Database, months: list[Week]) -> None:
    with Session(file.writer) as session:  # rolled back: each example begins on an empty list
        lives = [Life(reader(session, f"reader{number}")) for number in READERS]
        reader(session, "plain")
        months_begun: set[tuple[int, int]] = set()
        for number, week in enumerate(months, start=1):
            prepare(session, lives, week)
            issue, offered = new_issue(session, number, week)
            if not week.goes_out:
                continue
            month = (issue.local_date.year, issue.local_date.month)
            send(session, issue, {lives[who].id for who in week.refused})
            for who, life in enumerate(lives):
                letter = letter_of(session, issue, life.id)
                due = life.expects(offered, monthly=month not in months_begun)
                if who in week.paused:
                    assert letter is None
                else:
                    assert sorted(letter or ()) == sorted(due or ())
                    life.takes(offered, due, arrived=who not in week.refused)
                assert len(life.seen) == len(set(life.seen))
            months_begun.add(month)


def prepare(session: Session, lives: list[Life], week: Week) -> None:
    for who, life in enumerate(lives):
        life.wish = week.wanted.get(who, life.wish)
        want(session, life.id, life.wish)
        subscriber = session.get_one(Subscriber, life.id)
        subscriber.state = State.PAUSED if who in week.paused else State.ACTIVE


def new_issue(session: Session, number: int, week: Week) -> tuple[Issue, list[MatchUp]]:
    """An issue of new comparisons; each week other slugs bear the names that are followed."""
    entries, offered = [], []
    for name, (a, b) in zip(TOOLS, week.categories, strict=False):
        left = make_tool(f"{name}-{number}", name=name.title(), category=a)
        without_words = Comparison(left, topic(b, f"other-{name}-{number}"))
        entries.append(compare(session, without_words))
        groups = frozenset(filter(None, (a, b)))
        offered.append(MatchUp(entries[-1].id, number, groups, frozenset({name})))
    return freeze_issue(session, number, entries, begun=False), offered


def send(session: Session, issue: Issue, refused: set[int]) -> None:
    """Freeze the audience as a Monday does, and answer for every copy."""
    issue.sending_at = now = at_nine(issue.local_date)
    session.flush()
    audience.freeze(session, issue.number, batch_size=2, now=now)
    for copy in session.exec(select(Delivery).where(Delivery.issue_number == issue.number)):
        if copy.state == "queued":
            copy.state = "rejected" if copy.subscriber_id in refused else "accepted"
    session.flush()


def letter_of(session: Session, issue: Issue, subscriber_id: int) -> tuple[int, ...] | None:
    """What stands in one reader's letter; nothing when there is none, None without a row."""
    copy = session.get(Delivery, (issue.number, subscriber_id))
    if copy is None:
        return None
    if copy.state == "skipped":
        return ()
    if copy.edition is None:
        return items_of(session, issue)
    return tuple(session.get_one(Edition, (issue.number, copy.edition)).items)
