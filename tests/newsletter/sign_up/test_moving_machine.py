"""Whoever asks, answers, leaves or takes an address in whatever order: a move needs both mailboxes."""

from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress as suppress_errors
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import NamedTuple

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlmodel import Session, col, select

from newsletter import personal_data
from newsletter.database import Database
from newsletter.delivery.letterhead import Letterhead
from newsletter.delivery.sending import Sender
from newsletter.delivery.transports.memory import MemoryTransport
from newsletter.notices.sending import send_notices
from newsletter.reader_letters.writing import ReaderLetters
from newsletter.rendering.views import Brand
from newsletter.sign_up.limits import limits
from newsletter.sign_up.moving import Move, ask_both
from newsletter.tables import metadata
from schedules.windows import window_from
from subscribers import address_change, queries, signup
from subscribers.address import Address, address_hash
from subscribers.address_change import WITHIN, Link, Mailbox, Standing
from subscribers.consent import ConsentEvent
from subscribers.errors import SubscriberError
from subscribers.keys import KeyRing
from subscribers.models import Subscriber
from subscribers.pausing import pause
from subscribers.suppression import suppress
from subscribers.tokens import Purpose, Signer
from subscribers.unsubscribe import undo, unsubscribe
from tests.factories import MONDAY, PEPPER, SECRET
from tests.subscribers.people import yes

NAMES = ("ines", "omar", "uma", "yuri", "noa", "kit", "bo")
ADDRESSES = [Address.parse(f"{name}@reader.example") for name in NAMES]
ADDRESS = st.sampled_from(ADDRESSES)
SENDER = "Test Letter <digest@example.org>"
MAILBOXES = {Purpose.CHANGE_FROM: Mailbox.OLD, Purpose.CHANGE_TO: Mailbox.NEW}
ROOMY = limits(
    total=10_000, unproven=10_000, network=10_000, domain=10_000, unconfirmed=timedelta(days=7)
)


class Received(NamedTuple):
    """One letter about a move: in whose mailbox, with which token, when."""

    address: str
    token: str
    purpose: Purpose
    at: datetime


class Moves(RuleBasedStateMachine):
    """Seven mailboxes, some on the list, and everything that can happen to a move.

    ``asked`` holds when each new mailbox was asked for, ``said`` who said yes to which wish,
    ``letters`` what is in the mailboxes, ``blocked`` the addresses that want no letters, and ``held``
    who had which address after the last step.
    """

    @initialize()
    def start(self):
        self.database = Database("sqlite://")
        metadata.create_all(self.database.engine)
        self.now, self.post = MONDAY, MemoryTransport()
        self.signer = Signer(KeyRing.of(SECRET))
        letterhead = Letterhead("Test Letter", SENDER, None, "http://localhost", self.signer)
        self.sender = Sender(
            database=self.database,
            transport=self.post,
            letterhead=letterhead,
            window=window_from("mon 09:00", "UTC", timedelta(hours=6)),
            clock=lambda: self.now,
            timer=lambda: self.now,
            worker="test",
            lease=timedelta(minutes=10),
        )
        brand = Brand("Test Letter", "http://localhost", "1 Test Street", SENDER)
        self.writes = ReaderLetters(letterhead, brand)
        self.letters: list[Received] = []
        self.asked: defaultdict[str, list[datetime]] = defaultdict(list)
        self.said: defaultdict[tuple[str, int, datetime], set[str]] = defaultdict(set)
        self.wishes: dict[str, tuple[int, datetime, str]] = {}
        self.blocked: set[str] = set()
        for address in ADDRESSES[:2]:
            self._signs_up(address)
        self.held = self._held()

    def teardown(self):
        self.database.close()

    @rule(hours=st.sampled_from([1, 10, 30, 80]))
    def time_passes(self, hours):
        self.now += timedelta(hours=hours)

    @rule(who=st.integers(0, 6), new=ADDRESS, leaves=st.sampled_from([True, True, False]))
    def a_reader_asks_to_move(self, who, new, leaves):
        with self.database.writing() as session:
            readers = session.exec(select(Subscriber).order_by(col(Subscriber.id))).all()
            reader = readers[who % len(readers)]
            try:
                asked = ask_both(
                    session, Move(reader.public_id, new), ROOMY, pepper=PEPPER, now=self.now
                )
            except SubscriberError:
                assert reader.state not in ("active", "paused")
                session.rollback()
                return
            wish = queries.address_change_of(session, reader)
            if asked and wish:
                self.wishes[reader.public_id] = (wish.round, self.now, new.key)
                self.asked[new.key].append(self.now)
        if leaves:
            self.letters_leave()

    @rule()
    def letters_leave(self):
        already, taken = len(self.post.sent), set(self._held().values())
        send_notices(self.sender, self.writes)
        for mailing, message in self.post.sent[already:]:
            purpose = Purpose[mailing.key.upper()]
            if purpose is Purpose.CHANGE_TO:
                assert message.to not in taken | self.blocked
            self.letters.append(Received(message.to, message.values["link"], purpose, self.now))

    @precondition(lambda self: self.letters)
    @rule(backs=st.sampled_from([(1, 2), (2, 1), (1,), (2,), (3, 4), (4,)]))
    def mailboxes_say_yes(self, backs):
        for letter in [self.letters[-min(back, len(self.letters))] for back in backs]:
            with self.database.writing() as session:
                if link := self._opened(session, letter):
                    source = "http://localhost/address"
                    address_change.say_yes(session, link, now=self.now, source=source)
                    self.said[self._wish_of(letter, link)].add(letter.address)

    @precondition(lambda self: self.letters)
    @rule(back=st.integers(1, 4), for_ever=st.booleans())
    def a_mailbox_says_no(self, back, for_ever):
        letter, held = self.letters[-min(back, len(self.letters))], self._held().values()
        with self.database.writing() as session:
            link = self._opened(session, letter)
            if link is None:
                return
            if not for_ever:
                address_change.say_no(session, link)
            elif link.mailbox is Mailbox.NEW:
                before = address_change.standing(session, link, self.now)
                address_change.refuse(session, link, self.now)
                if before in (Standing.OPEN, Standing.WAITING) and letter.address not in held:
                    self.blocked.add(letter.address)

    @rule(who=ADDRESS, event=st.sampled_from(["left", "back", "rests", "erased"]))
    def something_happens_to_a_reader(self, who, event):
        acts: dict[str, Callable[[Session, str], object]] = {
            "left": partial(unsubscribe, now=self.now, source="page"),
            "back": partial(undo, now=self.now, source="page"),
            "rests": partial(pause, until=self.now + timedelta(days=7), now=self.now),
            "erased": partial(personal_data.erase, now=self.now),
        }
        with self.database.writing() as session:
            reader = queries.by_address(session, who)
            if reader is not None:
                with suppress_errors(SubscriberError):
                    acts[event](session, reader.public_id)
        self.held = self._held()

    @rule(who=ADDRESS, event=st.sampled_from(["taken", "blocked", "tidied"]))
    def something_happens_to_an_address(self, who, event):
        if event == "taken":
            self._signs_up(who)
            self.held = self._held()
        with self.database.writing() as session:
            if event == "blocked":
                suppress(session, who, pepper=PEPPER, now=self.now)
                self.blocked.add(who.key)
            if event == "tidied":
                address_change.forget_old(session, self.now)

    @invariant()
    def nobody_moves_without_a_yes_of_both_mailboxes(self):
        now_held = self._held()
        for person, address in now_held.items():
            before = self.held.get(person, address)
            if address != before:
                number, asked_at, wanted = self.wishes[person]
                assert wanted == address
                assert {before, address} <= self.said[person, number, asked_at]
                assert address not in self.blocked
        self.held = now_held

    @invariant()
    def one_address_is_one_persons(self):
        held = list(self._held().values())
        assert len(held) == len(set(held))

    @invariant()
    def suppression_wins(self):
        with self.database.reading() as session:
            found = select(Subscriber.address_key).where(queries.receivable(self.now))
            receiving = set(session.exec(found))
            hashes = {address_hash(key, PEPPER) for key in self.blocked}
            assert queries.suppressed_among(session, hashes) == hashes
        assert not receiving & self.blocked

    @invariant()
    def a_mailbox_that_has_proven_nothing_is_asked_once_a_day_and_three_times_a_month(self):
        for times in self.asked.values():
            for first, second in pairwise(times):
                assert second - first >= timedelta(days=1)
            for first, fourth in zip(times, times[3:], strict=False):
                assert fourth - first >= timedelta(days=30)

    @invariant()
    def each_letter_to_it_has_an_asking_of_its_own_that_is_not_over(self):
        waiting = {address: list(times) for address, times in self.asked.items()}
        for letter in self.letters:
            if letter.purpose is Purpose.CHANGE_TO:
                times = waiting[letter.address]
                fitting = [at for at in times if at <= letter.at < at + WITHIN]
                assert fitting
                times.remove(fitting[0])  # letters are in their order, so the oldest is no loss

    def _wish_of(self, letter: Received, link: Link) -> tuple[str, int, datetime]:
        number, asked_at, _ = self.wishes[link.public_id]
        return (link.public_id, number, asked_at) if number == link.round else ("", 0, letter.at)

    def _opened(self, session: Session, letter: Received) -> Link | None:
        """Open the link as the page does."""
        epoch_of = partial(queries.token_epoch, session)
        try:
            claims = self.signer.open(letter.token, letter.purpose, epoch_of=epoch_of, now=self.now)
        except SubscriberError:
            return None
        return Link(claims.public_id, MAILBOXES[letter.purpose], claims.issue)

    def _held(self) -> dict[str, str]:
        """Give the address of everybody who has one."""
        with self.database.reading() as session:
            found = select(Subscriber.public_id, Subscriber.address_key)
            rows = session.exec(found.where(col(Subscriber.address_key).is_not(None)))
            return {person: key for person, key in rows if key is not None}

    def _signs_up(self, address: Address) -> None:
        with self.database.writing() as session:
            asked = signup.request(
                session, address, consent=yes(ConsentEvent.REQUESTED, at=self.now), pepper=PEPPER
            )
            if asked.subscriber is None or not asked.mail_due:
                return
            signup.confirm(session, asked.subscriber.public_id, consent=yes(at=self.now))


Moves.TestCase.settings = settings(max_examples=30, stateful_step_count=30, deadline=None)
TestMoves = Moves.TestCase


def test_a_letter_that_was_held_up_may_leave_together_with_the_next_one():
    moves = Moves()
    moves.start()
    moves.a_reader_asks_to_move(0, ADDRESSES[2], leaves=False)
    moves.time_passes(30)
    moves.a_reader_asks_to_move(1, ADDRESSES[2], leaves=True)

    to_new = [letter.at for letter in moves.letters if letter.purpose is Purpose.CHANGE_TO]
    assert to_new == [moves.now, moves.now]
    moves.each_letter_to_it_has_an_asking_of_its_own_that_is_not_over()
    moves.teardown()
