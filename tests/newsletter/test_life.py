"""Whatever people, operators and providers do through the doors, in whatever order: promises hold."""

import itertools
import shutil
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from fastapi.testclient import TestClient
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import ColumnElement, func, select
from sqlmodel import col

from newsletter.content.catalogue.store import save
from newsletter.database import Database
from newsletter.delivery.message import Mailing, Message
from newsletter.web.app import create_app
from subscribers import queries
from subscribers.address import Address
from subscribers.changing import record
from subscribers.consent import Actor, stated
from subscribers.errors import SubscriberError
from subscribers.models import Subscriber
from subscribers.signup import CONFIRM_WITHIN, add
from subscribers.states import Event, State
from subscribers.suppression import suppress
from subscribers.unsubscribe import UNDO_WITHIN
from tests.conftest import empty
from tests.factories import MONDAY, make_comparison
from tests.journeys.world import BASE, World, world
from tests.snapshot import changed, snapshot

DOOR_OF = {
    **{mark: mark for mark in ("unsubscribe", "confirm", "never", "undo", "manage")},
    "preferences": "manage",
    "link": "erase",
}
"""Where a mark of a letter leads."""

RECEIVING = (State.ACTIVE, State.PAUSED)
DAY = timedelta(days=1)
SUNDAY = MONDAY - timedelta(hours=20)
"""Who asks now has a letter, and its way out, while the request could still be open."""

WHO = st.sampled_from(["ines", "omar"])
_HOSTS = itertools.count()
OLD_OR_NEW = st.sampled_from([0, -1])


@dataclass
class Link:
    """A link that somebody's mailbox holds."""

    path: str
    came: datetime


@dataclass
class Person:
    """What somebody has said, and what their mailbox holds: all that the promises depend on.

    Attributes:
        address: theirs.
        wants: whether their last word was a yes.
        said_no: when they, or somebody for them, last said no.
        closed: whether nothing may be sent to the address ever again.
        rests_until: end of their pause.
        monthly: whether they chose a letter a month.
        links: by mark, oldest first.
    """

    address: Address
    wants: bool = False
    said_no: datetime | None = None
    closed: bool = False
    rests_until: datetime | None = None
    monthly: bool = False
    links: dict[str, list[Link]] = field(default_factory=dict)

    def says_yes(self) -> None:
        self.wants, self.rests_until = True, None

    def says_no(self, now: datetime) -> None:
        self.wants, self.said_no = False, now


class Life(RuleBasedStateMachine):
    """Two people at the doors of the service, an operator behind it, and a Monday now and then."""

    def __init__(self, fresh: Callable[[], Database], folder: Path, seen: set[str]) -> None:
        super().__init__()
        self._stack = ExitStack()
        self.database = fresh()
        host = folder / f"host-{next(_HOSTS)}"  # a host remembers which database it sent from
        self.here: World = self._stack.enter_context(world(self.database, host))
        self.here.now = SUNDAY
        self.client = TestClient(create_app(self.here.service), base_url=BASE)
        self.people = {
            name: Person(Address.parse(f"{name}@{name}.example")) for name in ("ines", "omar")
        }
        self.read, self.issues, self.visited = 0, 0, seen

    def teardown(self) -> None:
        self._stack.close()
        self.database.close()

    @initialize(omar=st.booleans())
    def some_have_come_already(self, omar: bool) -> None:
        for name, comes in {"ines": True, "omar": omar}.items():
            self.somebody_fills_in_the_form(name)
            if comes:
                self.the_mailbox_confirms(name)
        self.an_issue_leaves()

    @rule(hours=st.sampled_from([1, 7, 23, 25, 73]))
    def time_passes(self, hours: int) -> None:
        self.here.now += timedelta(hours=hours)

    @rule(who=WHO)
    def somebody_fills_in_the_form(self, who: str) -> None:
        answer = self.client.post("/subscribe", data={"email": self.people[who].address.text})
        assert answer.status_code == 200
        self._mail_arrives()

    @rule(who=WHO)
    def the_mailbox_confirms(self, who: str) -> None:
        person, before = self.people[who], self._state(who)
        for link in person.links.get("confirm", ()):  # those of earlier requests too
            self.client.post(link.path)
        if before not in RECEIVING and self._state(who) in RECEIVING:
            newest = person.links["confirm"][-1]
            assert not person.closed
            assert self.here.now - newest.came <= CONFIRM_WITHIN
            assert person.said_no is None or newest.came >= person.said_no
            person.says_yes()

    @rule(who=WHO, which=OLD_OR_NEW)
    def a_reader_leaves(self, who: str, which: int) -> None:
        person = self.people[who]
        if link := self._link(person, "unsubscribe", which):
            answer = self.client.post(link.path, data={"List-Unsubscribe": "One-Click"})
            assert answer.status_code == 200
            assert self._state(who) not in RECEIVING
            person.says_no(self.here.now)
            self._old_links_bring_nobody_back(who, "confirm")
            self._mail_arrives()

    @rule(who=WHO, which=OLD_OR_NEW, choice=st.sampled_from(["back", "monthly", "pause-4"]))
    def a_reader_takes_it_back(self, who: str, which: int, choice: str) -> None:
        person, before = self.people[who], self._state(who)
        if link := self._link(person, "undo", which):
            self.client.post(link.path, data={"choice": choice})
        if before not in RECEIVING and self._state(who) in RECEIVING:
            assert not person.closed
            assert person.said_no is not None
            assert self.here.now - person.said_no <= UNDO_WITHIN
            person.says_yes()
            person.monthly |= choice == "monthly"
            if choice == "pause-4":
                person.rests_until = self.here.now + timedelta(weeks=4)

    @rule(who=WHO)
    def a_reader_asks_for_the_preferences(self, who: str) -> None:
        if link := self._link(self.people[who], "preferences"):
            self.client.post(link.path)
            self._mail_arrives()

    @rule(who=WHO, action=st.sampled_from(["pause-4", "resume", "weekly", "monthly"]))
    def a_reader_chooses(self, who: str, action: str) -> None:
        person, link = self.people[who], self._link(self.people[who], "manage")
        if link is None:
            return
        choice = {"action": action}
        if action in ("weekly", "monthly"):
            choice = {"action": "letters", "cadence": action}
        before = self._state(who)
        answer = self.client.post(link.path, data=choice)
        assert self._state(who) in RECEIVING or self._state(who) == before
        if answer.status_code != 200 or before not in RECEIVING:
            return
        if action == "pause-4":
            person.rests_until = self.here.now + timedelta(weeks=4)
        elif action == "resume":
            person.rests_until = None
        else:
            person.monthly = action == "monthly"

    @rule(who=WHO)
    def a_reader_is_erased(self, who: str) -> None:
        person, link = self.people[who], self._link(self.people[who], "manage")
        if link is None:
            return
        self.client.post(f"{link.path}/data", data={"send": "erase"})
        self._mail_arrives()
        if erase := self._link(person, "link"):
            erased = self.client.post(erase.path).status_code == 200
            if erased:
                assert self._row(who) is None
                person.says_no(self.here.now)
                self._old_links_bring_nobody_back(who, "confirm", "undo")

    @rule(who=WHO)
    def the_mailbox_wants_no_letter_ever_again(self, who: str) -> None:
        person = self.people[who]
        known = self._row(who) is not None
        if link := self._link(person, "never"):
            assert self.client.post(link.path).status_code == 200
            if known and self._state(who) not in RECEIVING:
                self._close(who)

    @rule(who=WHO)
    def an_operator_states_a_yes(self, who: str) -> None:
        person, before = self.people[who], self._state(who)
        with self.database.writing() as session:
            consent = stated("said so on the phone", at=self.here.now)
            try:
                add(session, person.address, consent=consent, pepper=self.here.service.pepper)
            except SubscriberError:
                assert person.closed or person.said_no is not None
        if before not in RECEIVING and self._state(who) in RECEIVING:
            assert person.said_no is None
            assert not person.closed
            person.says_yes()

    @rule(who=WHO)
    def the_operator_suppresses(self, who: str) -> None:
        with self.database.writing() as session:
            pepper, now = self.here.service.pepper, self.here.now
            suppress(session, self.people[who].address, pepper=pepper, now=now)
        self._close(who)

    @rule(who=WHO, event=st.sampled_from([Event.HARD_BOUNCED, Event.COMPLAINED]))
    def the_provider_brings_bad_news(self, who: str, event: Event) -> None:
        with self.database.writing() as session:
            row = queries.locked_by_address(session, self.people[who].address)
            if row is None:
                return
            record(session, row, event, now=self.here.now, actor=Actor.PROVIDER)
        self._close(who)

    @precondition(lambda self: self.issues < 3)
    @rule()
    def an_issue_leaves(self) -> None:
        self.issues += 1
        with self.database.writing() as session:
            for place in range(3):
                name = f"{self.issues}-{place}"
                save(session, make_comparison(f"left-{name}", f"right-{name}"), now=self.here.now)
        before = self.read
        self.here.monday()
        self._mail_arrives()
        left = [one for one in self.here.outbox.sent[before:] if _is_issue(one[0])]
        for person in self.people.values():
            self._is_served_right(person, [to.to for _, to in left].count(person.address.text))

    @rule(who=WHO)
    def a_scanner_opens_everything(self, who: str) -> None:
        before = snapshot(self.database)
        for links in self.people[who].links.values():
            for link in links[-2:]:
                assert self.client.get(link.path).status_code < 500
                assert self.client.head(link.path).status_code < 500
        assert changed(before, snapshot(self.database)) == {}

    @invariant()
    def one_person_is_one_row_and_only_a_yes_receives(self) -> None:
        with self.database.reading() as session:
            keys = list(session.scalars(select(col(Subscriber.address_key)).where(_on_the_list())))
            doubled = session.execute(
                select(func.count())
                .select_from(Subscriber)
                .group_by(col(Subscriber.address_key))
                .having(func.count() > 1, col(Subscriber.address_key).is_not(None))
            ).all()
        assert doubled == []
        assert Counter(keys) == Counter(p.address.key for p in self.people.values() if p.wants)
        self.visited.add(" ".join(f"{self._state(who)}" for who in self.people))

    def _is_served_right(self, person: Person, copies: int) -> None:
        """Hold against what somebody said how many copies of an issue they got."""
        rests = person.rests_until is not None and self.here.now < person.rests_until - 2 * DAY
        might_rest = person.rests_until is not None and self.here.now < person.rests_until + 2 * DAY
        if not person.wants or rests:
            assert copies == 0
        elif person.monthly or might_rest:
            assert copies <= 1
        else:
            assert copies == 1

    def _mail_arrives(self) -> None:
        """Let single letters leave, and put what came into the mailboxes."""
        self.here.deliver()
        new = self.here.outbox.sent[self.read :]
        self.read += len(new)
        for mailing, message in new:
            for person in self.people.values():
                if message.to == person.address.text:
                    self._keep(person, mailing, message)

    def _keep(self, person: Person, mailing: Mailing, message: Message) -> None:
        assert not person.closed, f"a letter after the address was closed: {mailing.key}"
        for mark, token in message.values.items():
            if mark in DOOR_OF:
                link = Link(f"/{DOOR_OF[mark]}/{token}", self.here.now)
                person.links.setdefault(mark, []).append(link)

    def _link(self, person: Person, mark: str, which: int = -1) -> Link | None:
        held = person.links.get(mark)
        return held[which] if held else None

    def _close(self, who: str) -> None:
        self.people[who].says_no(self.here.now)
        self.people[who].closed = True
        self._old_links_bring_nobody_back(who, "confirm", "undo")

    def _old_links_bring_nobody_back(self, who: str, *marks: str) -> None:
        """Press every button that the mailbox has had until now."""
        for mark in marks:
            for link in self.people[who].links.get(mark, ()):
                self.client.post(link.path, data={"choice": "back"})
        assert self._state(who) not in RECEIVING

    def _row(self, who: str) -> Subscriber | None:
        with self.database.reading() as session:
            return queries.by_address(session, self.people[who].address)

    def _state(self, who: str) -> State | None:
        row = self._row(who)
        return row.state if row else None


def _is_issue(mailing: Mailing) -> bool:
    return mailing.key.startswith("issue-")


def _on_the_list() -> ColumnElement[bool]:
    return col(Subscriber.state).in_(RECEIVING)


def test_a_readers_life_keeps_every_promise(migrated_file, tmp_path):
    def fresh() -> Database:
        copy = tmp_path / "life.sqlite3"
        for old in tmp_path.glob("life.sqlite3*"):
            old.unlink()
        shutil.copy(migrated_file, copy)
        return Database(f"sqlite:///{copy}")

    assert live(fresh, tmp_path, examples=8) > 3


def test_and_on_postgresql_too(postgres_url, tmp_path):
    def fresh() -> Database:
        database = Database(postgres_url)
        empty(database)
        return database

    assert live(fresh, tmp_path, examples=3) > 1
    fresh().close()


def live(fresh: Callable[[], Database], folder: Path, *, examples: int) -> int:
    """Live some lives; give in how many states that was."""
    visited: set[str] = set()
    run_state_machine_as_test(
        lambda: Life(fresh, folder / "data", visited),  # type: ignore[arg-type]  # any maker does
        settings=settings(
            max_examples=examples, stateful_step_count=25, deadline=None, phases=(Phase.generate,)
        ),
    )
    return len(visited)
