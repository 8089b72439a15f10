"""Whatever happens in whatever order: no letter without a fresh yes, and leaving always works."""

import io
from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select
from sqlmodel import Session, SQLModel, col

from newsletter.database import Database
from subscribers import queries
from subscribers.address import Address
from subscribers.changing import record
from subscribers.consent import Actor, ConsentEvent, stated
from subscribers.csv_reading import open_table
from subscribers.erasing import erase
from subscribers.errors import SubscriberError
from subscribers.expiring import forget_unconfirmed
from subscribers.import_chunk import ImportTerms
from subscribers.importing import import_table
from subscribers.models import Subscriber
from subscribers.signup import CONFIRM_WITHIN, add, confirm, request
from subscribers.states import Event, State
from subscribers.suppression import refuse, release, suppress
from subscribers.unsubscribe import UNDO_WITHIN, undo, unsubscribe
from tests.subscribers.people import NOW, PEPPER, TABLES, yes

PEOPLE = [Address.parse(f"{name}@reader.example") for name in ("ines", "omar")]
WHO = st.sampled_from(PEOPLE)


class Subscriptions(RuleBasedStateMachine):
    """Two people, everything that can happen to them, and what they themselves said.

    ``wants`` is what the person said last; ``asked`` when their open request was made; ``barred``
    are those whom only an operator, or a fresh yes of their own, may bring back.
    """

    @initialize()
    def start(self):
        self.database = Database("sqlite://")
        SQLModel.metadata.create_all(self.database.engine, TABLES)
        self.now = NOW
        self.wants = dict.fromkeys(PEOPLE, False)
        self.barred = dict.fromkeys(PEOPLE, False)
        self.closed = dict.fromkeys(PEOPLE, False)
        self.asked: dict[Address, Any] = dict.fromkeys(PEOPLE)
        self.left: dict[Address, Any] = dict.fromkeys(PEOPLE)

    def teardown(self):
        self.database.close()

    @rule(hours=st.integers(1, 30))
    def time_passes(self, hours):
        self.now += timedelta(hours=hours)

    @rule(who=WHO)
    def somebody_fills_in_the_form(self, who):
        with self.database.writing() as session:
            consent = yes(ConsentEvent.REQUESTED, at=self.now)
            asked = request(session, who, consent=consent, pepper=PEPPER)
        if asked.mail_due:
            assert not self.closed[who]
            self.asked[who] = self.now

    @rule(who=WHO)
    def the_mailbox_confirms(self, who):
        asked = self.asked[who]
        fresh = asked is not None and self.now - asked <= CONFIRM_WITHIN
        with self.database.writing() as session:
            if self._does(session, who, lambda s, p: confirm(s, p, consent=yes(at=self.now))):
                assert fresh or self.wants[who]
                self._says_yes(who)

    @rule(who=WHO, by_file=st.booleans())
    def an_operator_states_a_yes(self, who, by_file):
        with self.database.writing() as session:
            if by_file:
                self._import(session, f"email\n{who.text}\n")
            else:
                self._add(session, who)
        if not self.barred[who]:
            self._says_yes(who)

    @rule(who=WHO)
    def a_file_tells_of_a_goodbye(self, who):
        with self.database.writing() as session:
            subscriber = queries.by_address(session, who)
            known = subscriber is not None and subscriber.state == State.UNSUBSCRIBED
            self._import(session, f"email,status\n{who.text},unsubscribed\n")
        if not known:  # an old goodbye told again does not withdraw what the person asked since
            self._says_no(who)

    @rule(who=WHO)
    def a_reader_leaves(self, who):
        with self.database.writing() as session:
            subscriber = queries.by_address(session, who)
            if subscriber is None:
                return
            if self.wants[who]:
                self.left[who] = self.now
            done = unsubscribe(session, subscriber.public_id, now=self.now, source="page")
            assert done.already or subscriber.unsubscribed_at == self.now
            keeps_undo = self.left[who]
        self._says_no(who)
        self.left[who] = keeps_undo

    @rule(who=WHO)
    def a_reader_takes_it_back(self, who):
        left = self.left[who]
        in_time = left is not None and self.now - left <= UNDO_WITHIN
        with self.database.writing() as session:
            if self._does(session, who, lambda s, p: undo(s, p, now=self.now, source="page")):
                assert in_time or self.wants[who]
                self._says_yes(who)

    @rule(who=WHO, event=st.sampled_from([Event.HARD_BOUNCED, Event.COMPLAINED]))
    def the_provider_brings_bad_news(self, who, event):
        with self.database.writing() as session:
            subscriber = queries.locked_by_address(session, who)
            if subscriber is None:
                return
            record(session, subscriber, event, now=self.now, actor=Actor.PROVIDER)
        self._says_no(who)
        self.closed[who] = True

    @rule(who=WHO)
    def the_mailbox_wants_no_letter_ever_again(self, who):
        with self.database.writing() as session:
            subscriber = queries.by_address(session, who)
            if subscriber is None:
                return
            assert refuse(session, subscriber.public_id, now=self.now)
        self._says_no(who)
        self.closed[who] = True

    @rule()
    def requests_without_a_yes_are_forgotten(self):
        with self.database.writing() as session:
            forget_unconfirmed(session, asked_before=self.now - CONFIRM_WITHIN)

    @rule(who=WHO)
    def the_operator_suppresses(self, who):
        with self.database.writing() as session:
            suppress(session, who, pepper=PEPPER, now=self.now)
        self._says_no(who)
        self.closed[who] = True

    @rule(who=WHO)
    def the_operator_releases(self, who):
        with self.database.writing() as session:
            release(session, who, pepper=PEPPER, now=self.now)
            subscriber = queries.by_address(session, who)
            self.barred[who] = subscriber is not None and subscriber.state == State.UNSUBSCRIBED
        self.closed[who] = False

    @rule(who=WHO)
    def a_reader_is_erased(self, who):
        with self.database.writing() as session:
            subscriber = queries.by_address(session, who)
            if subscriber is None:
                return
            erase(session, subscriber.public_id, now=self.now)
        self._says_no(who)

    @invariant()
    def no_letter_without_a_yes(self):
        with self.database.reading() as session:
            receiving = set(
                session.scalars(
                    select(col(Subscriber.address_key)).where(queries.receivable(self.now))
                )
            )

            away = set(
                session.scalars(
                    select(col(Subscriber.address_key)).where(
                        col(Subscriber.id).in_(queries.away(self.now))
                    )
                )
            )
            everybody = set(session.scalars(select(col(Subscriber.address_key))))

        assert receiving == {who.key for who in PEOPLE if self.wants[who]}
        assert away == everybody - receiving

    def _says_yes(self, who):
        self.wants[who], self.barred[who], self.asked[who], self.left[who] = True, False, None, None

    def _says_no(self, who):
        self.wants[who], self.barred[who], self.asked[who], self.left[who] = False, True, None, None

    def _does(self, session: Session, who: Address, act: Any) -> bool:
        subscriber = queries.by_address(session, who)
        if subscriber is None:
            return False
        try:
            act(session, subscriber.public_id)
        except SubscriberError:
            return False
        return True

    def _add(self, session: Session, who: Address) -> None:
        try:
            add(session, who, consent=stated("said so on the phone", at=self.now), pepper=PEPPER)
        except SubscriberError:
            assert self.barred[who]

    def _import(self, session: Session, text: str) -> None:
        terms = ImportTerms("ticked a box", PEPPER, self.now)
        list(import_table(session, open_table(io.BytesIO(text.encode())), terms))


Subscriptions.TestCase.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
TestSubscriptions = Subscriptions.TestCase
