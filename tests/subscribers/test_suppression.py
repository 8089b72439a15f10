import threading

import pytest

from subscribers.address import Address
from subscribers.erasing import erase
from subscribers.models import SuppressionReason
from subscribers.queries import by_address, suppression_of
from subscribers.states import State
from subscribers.suppression import (
    block,
    lift_bounces,
    refuse,
    release,
    suppress,
)
from tests.subscribers.people import DAY, INES, NOW, OMAR, PEPPER, make_subscriber
from tests.suppression import is_suppressed


def test_an_address_never_seen_can_be_suppressed(database):
    with database.writing() as session:
        assert suppress(session, INES, pepper=PEPPER, now=NOW)

        assert is_suppressed(session, INES, pepper=PEPPER)
        assert not is_suppressed(session, OMAR, pepper=PEPPER)
        assert by_address(session, INES) is None


def test_suppressing_twice_is_suppressing_once(database):
    with database.writing() as session:
        suppress(session, INES, pepper=PEPPER, now=NOW, note="asked by letter")

        assert not suppress(session, INES, pepper=PEPPER, now=NOW + DAY, note="again")


@pytest.mark.parametrize("act", [suppress, release])
def test_of_two_who_do_it_at_the_same_moment_one_has_done_it(database, act):
    addresses = [Address.parse(f"reader-{number}@reader.example") for number in range(20)]
    if act is release:
        with database.writing() as session:
            for address in addresses:
                suppress(session, address, pepper=PEPPER, now=NOW)
    ready, done = threading.Barrier(2, timeout=60), []

    def press():
        for address in addresses:
            ready.wait()
            with database.writing() as session:
                done.append(act(session, address, pepper=PEPPER, now=NOW))

    editors = [threading.Thread(target=press) for _ in range(2)]
    for one in editors:
        one.start()
    for one in editors:
        one.join()

    assert sorted(done) == [False] * len(addresses) + [True] * len(addresses)


@pytest.mark.parametrize("state", [state for state in State if state != State.ERASED])
def test_a_subscriber_in_any_state_can_be_suppressed(database, state):
    with database.writing() as session:
        ines = make_subscriber(session, INES, state=state)

        suppress(session, INES, pepper=PEPPER, now=NOW + DAY)

        assert ines.state == State.SUPPRESSED
        found = suppression_of(session, ines.address_hash or "")
        assert found is not None
        assert found.reason == SuppressionReason.OPERATOR


@pytest.mark.parametrize("state", [State.BOUNCED, State.COMPLAINED, State.SUPPRESSED])
def test_a_released_person_is_like_one_who_left(database, state):
    with database.writing() as session:
        ines = make_subscriber(session, INES, state=state)

        assert release(session, INES, pepper=PEPPER, now=NOW + DAY, reason="settled by phone")

        assert ines.state == State.UNSUBSCRIBED
        assert not is_suppressed(session, INES, pepper=PEPPER)


def test_releasing_an_address_nobody_has_lifts_the_suppression(database):
    with database.writing() as session:
        suppress(session, INES, pepper=PEPPER, now=NOW)

        assert release(session, INES, pepper=PEPPER, now=NOW)

        assert not is_suppressed(session, INES, pepper=PEPPER)


def test_there_may_be_nothing_to_release(database):
    with database.writing() as session:
        ines = make_subscriber(session, INES)

        assert not release(session, INES, pepper=PEPPER, now=NOW)

        assert ines.state == State.ACTIVE


def test_an_operators_word_outlives_an_erasure_before_it(database):
    with database.writing() as session:
        ines = make_subscriber(session, INES)
        hashed = ines.address_hash or ""
        erase(session, ines.public_id, now=NOW)

        suppress(session, INES, pepper=PEPPER, now=NOW + DAY)

        found = suppression_of(session, hashed)
        assert found is not None
        assert found.reason == SuppressionReason.OPERATOR


def test_the_list_holds_no_address(database):
    with database.writing() as session:
        suppress(session, INES, pepper=PEPPER, now=NOW)
        ines = make_subscriber(session, INES)

        row = suppression_of(session, ines.address_hash or "")

        assert row is not None
        assert "ines" not in row.model_dump_json()


def test_a_mailbox_that_refuses_letters_is_never_asked_again(database):
    with database.writing() as session:
        ines = make_subscriber(session, INES, state=State.PENDING)

        assert refuse(session, ines.public_id, now=NOW)
        assert refuse(session, ines.public_id, now=NOW)

        assert ines.state == State.SUPPRESSED
        assert is_suppressed(session, INES, pepper=PEPPER)


def test_a_refusal_of_somebody_who_was_erased_or_deleted_finds_nobody(database):
    with database.writing() as session:
        gone = make_subscriber(session, INES, state=State.ERASED)
        gone.address_hash = None
        session.flush()

        assert not refuse(session, gone.public_id, now=NOW)
        assert not refuse(session, "nobodynobody", now=NOW)


@pytest.mark.parametrize("reason", [SuppressionReason.COMPLAINT, SuppressionReason.OPERATOR])
def test_a_bounce_gives_way_to_a_stronger_reason_and_outranks_an_erasure(database, reason):
    with database.writing() as session:
        for added in (SuppressionReason.ERASED, SuppressionReason.BOUNCE, reason):
            block(session, ["hash"], added, now=NOW)
            assert is_there(session, added)
        block(session, ["hash"], SuppressionReason.BOUNCE, now=NOW)
        lift_bounces(session, ["hash"])
        assert is_there(session, reason)


def test_a_mailbox_that_works_again_comes_off_the_list(database):
    with database.writing() as session:
        block(session, ["hash"], SuppressionReason.BOUNCE, now=NOW)
        lift_bounces(session, ["hash"])

        assert suppression_of(session, "hash") is None


def is_there(session, reason):
    session.expire_all()
    found = suppression_of(session, "hash")
    return found is not None and found.reason == reason
