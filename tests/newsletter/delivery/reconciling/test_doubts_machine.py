"""Doubt in every order: lost answers, dead and frozen workers, late indexes, crashes, webhooks."""

from collections import Counter
from contextlib import contextmanager, suppress
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlmodel import col, select

from newsletter.database import Database
from newsletter.delivery.claiming import Claim
from newsletter.delivery.letterhead import delivery_id
from newsletter.delivery.message import Outcome, Receipt
from newsletter.delivery.models import Delivery, DeliveryState
from newsletter.delivery.proving import prove
from newsletter.delivery.reconciling import keeping
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState
from newsletter.tables import metadata
from subscribers.models import Subscriber
from tests.factories import MONDAY
from tests.newsletter.delivery.reconciling.desks import desk_at, let_pass, states, written_issue
from tests.newsletter.delivery.reconciling.provider import Crash, Provider, Watch

READERS = 8
MOODS = st.sampled_from(["loses", "drops", "answers", "busy"])
LAG = st.sampled_from([0, 1, 6, 14])
PICK = st.integers(min_value=0, max_value=99)


class Doubts(RuleBasedStateMachine):
    """An issue that leaves in four batches through a provider of which everything may go wrong.

    The search is behind by less than the settle time, as the rules suppose; in any order, and
    differently for each message. ``frozen`` holds the workers that have not recorded their answer.
    """

    @initialize()
    def start(self):
        self.database = Database("sqlite://")
        metadata.create_all(self.database.engine)
        self.watch = Watch(MONDAY)
        self.provider = Provider(self.watch)
        self.desk = desk_at(self.database, self.provider, self.watch, batch_size=2)
        written_issue(self.desk, READERS)
        self.desk.dispatch.start(1, actor="test")
        self.mailing = self.desk.dispatch.sender.letterhead.mailing(self.desk.issue(1))
        self.frozen: list[tuple[Claim, list[Receipt]]] = []
        with self.database.writing() as session:
            session.get_one(Issue, 1).not_after = None  # to be late is another story
            rows = session.exec(select(Subscriber.public_id, Subscriber.id))
            self.who = {delivery_id(1, public): row_id or 0 for public, row_id in rows}

    @rule(mood=MOODS, minutes=LAG)
    def one_batch(self, mood, minutes):
        with self._in_a_mood(mood, minutes):
            self.desk.dispatch.sender.send_some(1, 1)

    @rule(mood=MOODS, minutes=LAG)
    def a_worker_freezes_before_it_records(self, mood, minutes):
        held = self.desk.dispatch.sender._claim(1)
        if held is not None:
            letterhead = self.desk.dispatch.sender.letterhead
            messages = [
                letterhead.message(1, held.issue_date, recipient, held.attempt_id)
                for recipient in held.recipients
            ]
            with self._in_a_mood(mood, minutes):
                receipts = self.provider.send(self.mailing, messages) if messages else []
            self.frozen.append((held, receipts))

    @rule(pick=PICK)
    def a_frozen_worker_wakes_up(self, pick):
        if self.frozen:
            self.desk.dispatch.sender._handing().record(*self.frozen.pop(pick % len(self.frozen)))

    @rule(seconds=st.sampled_from([1, 15, 70, 300, 640]))
    def time_passes(self, seconds):
        self.watch.advance(seconds=seconds)

    @rule(minutes=st.sampled_from([5, 20]))
    def time_passes_with_looks(self, minutes):
        for _ in range(minutes):
            self.desk.dispatch.reconciler.run()
            self.watch.advance(minutes=1)

    @rule(minutes=LAG)
    def fences_are_seen_late(self, minutes):
        self.provider.lag = timedelta(minutes=minutes)

    @rule(down=st.booleans())
    def the_search_changes(self, down):
        self.provider.down = down

    @rule(mood=MOODS, minutes=LAG)
    def one_pass(self, mood, minutes):
        with self._in_a_mood(mood, minutes):
            self.desk.dispatch.deliver()

    @rule()
    def a_pass_that_dies_after_its_first_look(self):
        self.provider.dies = True
        with suppress(Crash):
            self.desk.dispatch.reconciler.run()
        self.provider.dies = False

    @rule()
    def two_passes_at_once(self):
        reconciler = self.desk.dispatch.reconciler
        with self.database.reading() as session:
            stale = keeping.due(session, timer=self.watch())
        jobs = reconciler._job_list(self.provider, stale)
        reconciler.run()
        for doubt in stale:
            reconciler._reconcile(self.provider, doubt, reconciler.patience(), jobs)

    @rule(pick=PICK)
    def a_webhook_comes(self, pick):
        letters = [one for one in self.provider.accepted if one.delivery_id in self.who]
        if letters:
            one = letters[pick % len(letters)]
            with self.database.writing() as session:
                prove(session, [(1, self.who[one.delivery_id], one.message_id)], now=self.watch())

    @invariant()
    def nobody_has_two_letters(self):
        assert max(Counter(self.provider.letters).values(), default=0) <= 1

    @invariant()
    def whoever_counts_as_accepted_has_a_letter(self):
        assert self._accepted() <= set(self.provider.letters)

    def teardown(self):
        if not hasattr(self, "desk"):
            return
        self.provider.down, self.provider.lag = False, timedelta(0)
        let_pass(self.desk, self.watch, minutes=120, step=5)
        if self.desk.issue(1).state == IssueState.HELD.value:
            assert "429" in (self.desk.issue(1).note or "")  # it was busy too often
            self.desk.resume(1, actor="editor")
            let_pass(self.desk, self.watch, minutes=20, step=5)
        self.nobody_has_two_letters()
        books = self.desk.dispatch.books(1)
        assert books.settled, books.equation
        assert set(states(self.database)) <= {("accepted", None), ("held", "deferred-429")}
        assert books.count(DeliveryState.ACCEPTED) == len(self.provider.letters)

    @contextmanager
    def _in_a_mood(self, mood, minutes):
        lag = self.provider.lag
        self.provider.mood, self.provider.lag = mood, timedelta(minutes=minutes)
        yield
        self.provider.mood, self.provider.lag = "answers", lag

    def _accepted(self) -> set[str]:
        with self.database.reading() as session:
            accepted = select(Delivery.subscriber_id).where(
                col(Delivery.state) == Outcome.ACCEPTED.value
            )
            rows = set(session.exec(accepted))
        return {name for name, row_id in self.who.items() if row_id in rows}


Doubts.TestCase.settings = settings(max_examples=20, stateful_step_count=25, deadline=None)
TestDoubts = Doubts.TestCase
