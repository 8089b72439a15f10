import base64
import json
from datetime import timedelta

import altcha
import pytest
from sqlmodel import select

from newsletter.sign_up.models import SpentProof
from newsletter.sign_up.proofs import GOOD_FOR, challenge, forget_expired, read, spend
from tests.factories import MONDAY
from tests.newsletter.sign_up.solving import solved

KEY = b"a key of the tests"


@pytest.fixture(scope="module")
def payload() -> str:
    return solved(challenge(KEY, MONDAY))


def test_a_right_solution_is_believed_until_the_challenge_ends(payload):
    last = MONDAY + GOOD_FOR - timedelta(seconds=1)

    proof = read(KEY, payload, last)

    assert proof is not None
    assert proof.until == MONDAY + GOOD_FOR
    assert read(KEY, payload, MONDAY + GOOD_FOR) is None


def test_a_solution_of_somebody_elses_challenge_is_not_believed(payload):
    assert read(b"another key", payload, MONDAY) is None


def test_a_guess_is_not_believed(payload):
    given = json.loads(base64.b64decode(payload))
    for change in (
        {"counter": given["solution"]["counter"] + 1},
        {"derivedKey": "00" * 32},
        {"derivedKey": None},
        {"counter": "1"},
    ):
        guess = {**given, "solution": {**given["solution"], **change}}
        assert read(KEY, base64.b64encode(json.dumps(guess).encode()).decode(), MONDAY) is None


def test_an_easier_challenge_is_not_believed(payload):
    given = json.loads(base64.b64decode(payload))
    for change in ({"cost": 1}, {"keyPrefix": ""}, {"data": {"until": 9e9}}, {"algorithm": "x"}):
        parameters = {**given["challenge"]["parameters"], **change}
        easier = {**given, "challenge": {**given["challenge"], "parameters": parameters}}
        assert read(KEY, base64.b64encode(json.dumps(easier).encode()).decode(), MONDAY) is None


@pytest.mark.parametrize(
    "payload", ["", "x", "é", "e30=", "bnVsbA==", "W10=", "eyJjaGFsbGVuZ2UiOiBbXX0=", "A" * 9_999]
)
def test_nonsense_is_not_believed(payload):
    assert read(KEY, payload, MONDAY) is None


def test_a_proof_is_good_once(database, payload):
    proof = read(KEY, payload, MONDAY)
    assert proof is not None
    with database.writing() as session:
        assert spend(session, proof)
    with database.writing() as session:
        assert not spend(session, proof)


def test_spent_proofs_are_kept_as_long_as_they_could_be_used(database, payload):
    proof = read(KEY, payload, MONDAY)
    assert proof is not None
    with database.writing() as session:
        spend(session, proof)
        forget_expired(session, proof.until - timedelta(seconds=1))
        assert len(session.exec(select(SpentProof)).all()) == 1
        forget_expired(session, proof.until)
        assert session.exec(select(SpentProof)).all() == []


def test_no_two_challenges_are_alike():
    assert challenge(KEY, MONDAY) != challenge(KEY, MONDAY)
    assert altcha.Challenge.from_dict(challenge(KEY, MONDAY)).signature
