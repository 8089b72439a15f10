from datetime import timedelta

import pytest

from subscribers.consent import ConsentEvent, stated
from subscribers.erasing import erase
from subscribers.errors import AddressSuppressed, HasLeft, RequestGone, UnknownSubscriber
from subscribers.models import SuppressionReason
from subscribers.profile import Profile
from subscribers.queries import by_address, consents_of
from subscribers.signup import CONFIRM_WITHIN, MAILS_APART, add, confirm, request
from subscribers.states import OUT, State
from subscribers.suppression import suppress
from subscribers.unsubscribe import unsubscribe
from tests.subscribers.people import DAY, HOUR, INES, NOW, PEPPER, make_subscriber, yes
from tests.suppression import is_suppressed

SECOND = timedelta(seconds=1)
STATED = stated("said so on the phone", at=NOW)


def ask(session, at=NOW):
    return request(session, INES, consent=yes(ConsentEvent.REQUESTED, at=at), pepper=PEPPER)


def test_an_operator_adds_somebody_who_agreed(database):
    with database.writing() as session:
        profile = Profile(name="Ines", source="phone")

        ines, changed = add(session, INES, consent=STATED, pepper=PEPPER, profile=profile)

        assert changed
        assert (ines.state, ines.name, ines.source) == (State.ACTIVE, "Ines", "phone")
        assert [entry.source for entry in consents_of(session, ines)] == ["said so on the phone"]


def test_adding_somebody_twice_is_adding_them_once(database):
    with database.writing() as session:
        first, _ = add(session, INES, consent=STATED, pepper=PEPPER)

        second, changed = add(session, INES, consent=STATED, pepper=PEPPER)

        assert second is first
        assert not changed
        assert len(consents_of(session, first)) == 1


def test_an_operator_may_know_of_a_yes_that_was_still_awaited(database):
    with database.writing() as session:
        pending = ask(session).subscriber

        ines, changed = add(session, INES, consent=STATED, pepper=PEPPER)

        assert ines is pending
        assert changed
        assert (ines.state, ines.asked_at) == (State.ACTIVE, None)


@pytest.mark.parametrize("state", sorted(OUT - {State.ERASED, State.SUPPRESSED}))
def test_an_operator_brings_nobody_back_who_is_out(database, state):
    with database.writing() as session:
        ines = make_subscriber(session, INES, state=state)

        with pytest.raises(HasLeft):
            add(session, INES, consent=STATED, pepper=PEPPER)

        assert ines.state == state


def test_an_operator_does_not_add_a_suppressed_address(database):
    with database.writing() as session:
        suppress(session, INES, pepper=PEPPER, now=NOW)

        with pytest.raises(AddressSuppressed):
            add(session, INES, consent=STATED, pepper=PEPPER)

        assert by_address(session, INES) is None


def test_typing_an_address_subscribes_nobody(database):
    with database.writing() as session:
        asked = ask(session)

        assert asked.mail_due
        assert asked.subscriber is not None
        assert asked.subscriber.state == State.PENDING
        assert asked.subscriber.confirmed_at is None


def test_the_mailboxs_yes_makes_it_active_with_the_evidence(database):
    with database.writing() as session:
        ines = ask(session).subscriber
        assert ines is not None

        assert confirm(session, ines.public_id, consent=yes(at=NOW + HOUR))

        assert (ines.state, ines.confirmed_at) == (State.ACTIVE, NOW + HOUR)
        assert [entry.event for entry in consents_of(session, ines)] == [
            ConsentEvent.REQUESTED,
            ConsentEvent.CONFIRMED,
        ]


def test_the_second_press_of_the_button_finds_it_done(database):
    with database.writing() as session:
        ines = ask(session).subscriber
        assert ines is not None
        confirm(session, ines.public_id, consent=yes())

        assert not confirm(session, ines.public_id, consent=yes(at=NOW + HOUR))

        assert ines.confirmed_at == NOW


def test_a_request_waits_three_days_for_its_yes(database):
    with database.writing() as session:
        ines = ask(session).subscriber
        assert ines is not None

        with pytest.raises(RequestGone):
            confirm(session, ines.public_id, consent=yes(at=NOW + CONFIRM_WITHIN + SECOND))

        assert ines.state == State.PENDING


def test_a_yes_of_before_leaving_brings_nobody_back(database):
    with database.writing() as session:
        ines = ask(session).subscriber
        assert ines is not None
        unsubscribe(session, ines.public_id, now=NOW + HOUR, source="page")

        with pytest.raises(RequestGone):
            confirm(session, ines.public_id, consent=yes(at=NOW + 2 * HOUR))

        assert ines.state == State.UNSUBSCRIBED


def test_who_left_comes_back_by_asking_and_confirming_again(database):
    with database.writing() as session:
        ines = make_subscriber(session, INES, state=State.UNSUBSCRIBED)

        assert ask(session, NOW + DAY).mail_due
        assert ines.state == State.UNSUBSCRIBED
        assert confirm(session, ines.public_id, consent=yes(at=NOW + DAY))

        assert (ines.state, ines.unsubscribed_at) == (State.ACTIVE, None)


def test_one_confirmation_mail_a_day_goes_to_an_address(database):
    with database.writing() as session:
        due = [ask(session, NOW + wait).mail_due for wait in (0 * HOUR, HOUR, MAILS_APART)]

        assert due == [True, False, True]


@pytest.mark.parametrize(
    "state", [State.ACTIVE, State.PAUSED, State.BOUNCED, State.COMPLAINED, State.SUPPRESSED]
)
def test_no_confirmation_mail_goes_where_it_is_not_needed_or_not_wanted(database, state):
    with database.writing() as session:
        ines = make_subscriber(session, INES, state=state)

        assert not ask(session, NOW + DAY).mail_due

        assert ines.state == state
        assert ines.asked_at is None


@pytest.mark.parametrize("state", [State.BOUNCED, State.COMPLAINED, State.SUPPRESSED])
def test_a_forged_or_late_yes_does_not_open_what_is_closed(database, state):
    with database.writing() as session:
        ines = make_subscriber(session, INES, state=state)

        with pytest.raises(RequestGone):
            confirm(session, ines.public_id, consent=yes())

        assert ines.state == state


def test_a_suppression_that_overtakes_a_request_wins(database):
    with database.writing() as session:
        ines = ask(session).subscriber
        assert ines is not None
        suppress(session, INES, pepper=PEPPER, now=NOW)

        with pytest.raises(RequestGone):
            confirm(session, ines.public_id, consent=yes())

        assert ines.state == State.SUPPRESSED


def test_an_erased_person_may_come_back_by_their_own_yes(database):
    with database.writing() as session:
        erase(session, make_subscriber(session, INES).public_id, now=NOW)

        again = ask(session, NOW + DAY).subscriber
        assert again is not None
        assert is_suppressed(session, INES, pepper=PEPPER)
        confirm(session, again.public_id, consent=yes(at=NOW + DAY))

        assert again.state == State.ACTIVE
        assert not is_suppressed(session, INES, pepper=PEPPER)


def test_a_complaint_outlives_erasure(database):
    with database.writing() as session:
        erase(session, make_subscriber(session, INES, state=State.COMPLAINED).public_id, now=NOW)

        assert ask(session, NOW + DAY).subscriber is None


def test_a_yes_to_a_request_that_was_deleted_finds_nobody(database):
    with database.writing() as session, pytest.raises(UnknownSubscriber):
        confirm(session, "nobodynobody", consent=yes())


def test_a_suppressed_address_stays_unknown(database):
    with database.writing() as session:
        suppress(session, INES, SuppressionReason.COMPLAINT, pepper=PEPPER, now=NOW)

        assert ask(session).subscriber is None
        assert by_address(session, INES) is None
