import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.delivery.message import Outcome
from newsletter.delivery.transports.smtp_replies import (
    Phase,
    ended,
    goes_on,
    lost,
    outcome,
    readable,
)

ACCEPTED, REJECTED = Outcome.ACCEPTED, Outcome.REJECTED
NOT_TAKEN, UNKNOWN = Outcome.NOT_TAKEN, Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("phase", "code", "expected"),
    [
        pytest.param(Phase.MAIL, 421, NOT_TAKEN, id="the server hangs up"),
        pytest.param(Phase.MAIL, 451, NOT_TAKEN, id="the server is busy"),
        pytest.param(Phase.MAIL, 550, NOT_TAKEN, id="our sender is not wanted"),
        pytest.param(Phase.RCPT, 450, NOT_TAKEN, id="greylisted"),
        pytest.param(Phase.RCPT, 550, REJECTED, id="no such mailbox"),
        pytest.param(Phase.RCPT, 530, NOT_TAKEN, id="we did not log in"),
        pytest.param(Phase.DATA, 451, NOT_TAKEN, id="not now"),
        pytest.param(Phase.DATA, 554, REJECTED, id="not ever"),
        pytest.param(Phase.DATA, 250, NOT_TAKEN, id="a reply out of turn"),
        pytest.param(Phase.DOT, 250, ACCEPTED, id="taken"),
        pytest.param(Phase.DOT, 452, NOT_TAKEN, id="disk full over there"),
        pytest.param(Phase.DOT, 554, REJECTED, id="content refused"),
        pytest.param(Phase.DOT, 354, UNKNOWN, id="a senseless reply"),
        pytest.param(Phase.DOT, -1, UNKNOWN, id="no number at all"),
    ],
)
def test_phase_and_code_decide(phase, code, expected):
    assert outcome(phase, code) is expected


@pytest.mark.parametrize(
    ("code", "words", "expected"),
    [
        pytest.param(554, b"5.7.1 Relay access denied", NOT_TAKEN, id="we may not relay"),
        pytest.param(550, b"#5.7.1 not from you", NOT_TAKEN, id="a list that is not ours"),
        pytest.param(550, b"5.7.57 log in\n5.7.57 first", NOT_TAKEN, id="in two lines"),
        pytest.param(550, b"5.1.1 unknown", REJECTED, id="no such mailbox"),
        pytest.param(552, b"5.2.2 over quota", REJECTED, id="a full mailbox"),
        pytest.param(550, b"5.1.1 see 5.7.1", REJECTED, id="only the first code counts"),
    ],
)
def test_what_policy_refuses_at_the_recipient_says_nothing_of_the_reader(code, words, expected):
    receipt = ended(Phase.RCPT, code, words)

    assert receipt.outcome is expected
    assert receipt.about_recipient is (expected is NOT_TAKEN)
    assert not receipt.needs_operator


@pytest.mark.parametrize(
    ("phase", "code", "words"),
    [
        pytest.param(Phase.DATA, 554, b"5.7.1 <DATA>: only 10 messages per day", id="at DATA"),
        pytest.param(Phase.RCPT, 550, b"5.4.5 Daily relay limit exceeded", id="a quota"),
        pytest.param(Phase.RCPT, 550, b"5.3.2 System not accepting messages", id="closed"),
    ],
)
def test_no_reader_is_rejected_for_what_is_not_theirs_before_the_letter_was_seen(
    phase, code, words
):
    receipt = ended(phase, code, words)

    assert (receipt.outcome, receipt.about_recipient) == (NOT_TAKEN, True)
    assert not receipt.needs_operator


def test_a_server_that_wants_us_to_log_in_waits_for_an_operator_whatever_it_says_besides():
    receipt = ended(Phase.RCPT, 530, b"5.7.1 Authentication required")

    assert receipt.outcome is NOT_TAKEN
    assert (receipt.needs_operator, receipt.about_recipient) == (True, False)


def test_what_policy_refuses_before_the_recipient_waits_for_an_operator_and_after_it_is_the_letter():
    assert ended(Phase.MAIL, 550, b"5.7.1 not as this sender").needs_operator
    assert ended(Phase.DOT, 554, b"5.7.1 spam").outcome is REJECTED


@pytest.mark.parametrize("phase", [Phase.DATA, Phase.DOT])
@pytest.mark.parametrize(
    "words", [b"5.4.5 Daily user sending limit exceeded", b"5.3.2 closed", b"5.3.5 wrong"]
)
def test_a_used_up_quota_rejects_no_reader_and_waits_for_an_operator(phase, words):
    receipt = ended(phase, 550, words)

    assert receipt.outcome is NOT_TAKEN
    assert (receipt.needs_operator, receipt.about_recipient) == (True, False)


@pytest.mark.parametrize(
    ("phase", "of_one"), [(Phase.RCPT, True), (Phase.DATA, False), (Phase.DOT, False)]
)
@pytest.mark.parametrize(
    "words",
    [
        b"5.1.8 Sender address rejected: Domain not found",
        b"5.1.7 Sender address rejected",
        b"5.1.90 your daily limit for message recipients",
    ],
)
def test_who_refuses_us_as_sender_rejects_no_reader_whenever_it_is_said(phase, of_one, words):
    """Said of one recipient it may be the system of theirs: others show whether it is all."""
    receipt = ended(phase, 550, words)

    assert receipt.outcome is NOT_TAKEN
    assert (receipt.needs_operator, receipt.about_recipient) == (not of_one, of_one)


@pytest.mark.parametrize(
    "words",
    [
        b"5.1.80 other",
        b"5.4.50 other",
        b"5.3.0 spam",
        b"5.3.4 too big",
        b"5.5.0 no mailbox",
        b"full",
    ],
)
def test_any_other_refusal_of_a_letter_is_about_the_letter(words):
    assert ended(Phase.DOT, 550, words).outcome is REJECTED


@pytest.mark.parametrize(
    ("phase", "code", "expected"),
    [
        (Phase.RCPT, 450, True),
        (Phase.RCPT, 421, False),
        (Phase.RCPT, 503, False),
        (Phase.MAIL, 451, False),
        (Phase.DOT, 452, False),
    ],
)
def test_only_a_refusal_at_the_recipient_may_be_for_their_sake(phase, code, expected):
    assert ended(phase, code, b"not now").about_recipient is expected


@given(st.sampled_from(Phase), st.integers(-1, 1000))
def test_only_the_final_dot_accepts_or_leaves_in_doubt(phase, code):
    if not goes_on(phase, code) or phase is Phase.DOT:
        decided = outcome(phase, code)

        assert phase is Phase.DOT or decided in (NOT_TAKEN, REJECTED)
        assert (decided is ACCEPTED) == (phase is Phase.DOT and 200 <= code < 300)


@pytest.mark.parametrize("phase", list(Phase))
def test_a_broken_line_leaves_doubt_only_after_the_final_dot(phase):
    expected = UNKNOWN if phase is Phase.DOT else NOT_TAKEN

    assert lost(phase, "reset").outcome is expected


def test_a_servers_words_are_one_short_line_without_addresses():
    said = (
        "5.1.1 <anna@mail.example>: no\r\nsuch user, ask help+me@mail.example \x00\x1b é".encode()
    )

    assert readable(said) == "5.1.1 <…>: no such user, ask …"
    assert len(readable(b"x" * 5000)) == 200


def test_a_refusal_names_its_code_and_an_acceptance_none():
    assert ended(Phase.RCPT, 550, b"5.1.1 unknown").code == "550"
    assert ended(Phase.RCPT, 550, b"5.1.1 unknown").detail == "RCPT answered 550 5.1.1 unknown"
    assert ended(Phase.DOT, 250, b"queued as 4711").code is None
