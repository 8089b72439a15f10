"""The judge: what counts as twice, as lost, as held, and as a lie."""

import pytest

from newsletter.feedback.meanings import OfCopy
from subscribers.states import State
from tests.faults import scripts
from tests.faults.judging import Row, judge
from tests.faults.provider import Copy
from tests.faults.webhooks import Fate

ANN, BEN = "ann@example.org", "ben@example.org"
FATES = {ANN: Fate(("SpamComplaint",), State.COMPLAINED, OfCopy.COMPLAINED)}


def copy(to: str, name: str = "m1") -> Copy:
    return Copy(to, name, "1-aa", "attempt")


def accepted(email: str, name: str | None = "m1") -> Row:
    return Row(email, "accepted", None, name)


def test_one_copy_each_is_sound():
    rows, copies = [accepted(ANN), accepted(BEN, "m2")], [copy(ANN), copy(BEN, "m2")]

    assert judge(rows, copies, settled=True).is_sound


def test_a_second_copy_is_a_duplicate_whatever_the_rows_say():
    assert judge([accepted(ANN)], [copy(ANN), copy(ANN, "m2")], settled=True).duplicated == 1


def test_who_counts_as_served_and_got_nothing_is_lost():
    assert judge([accepted(ANN)], [], settled=True).lost == 1


def test_who_has_no_row_in_a_closed_issue_is_lost():
    assert judge([Row(ANN, None, None, None)], [], settled=True).lost == 1


def test_what_is_held_is_counted_with_its_reason_and_is_not_lost():
    found = judge([Row(ANN, "held", "never-left", None)], [], settled=True)

    assert found.is_sound
    assert found.held == {"never-left": 1}


def test_what_is_still_in_doubt_when_all_patience_is_over_is_unsettled_and_not_lost():
    found = judge([Row(ANN, "unknown", "no-answer", None)], [], settled=False)

    assert (found.unsettled, found.lost) == (1, 0)


def test_a_copy_for_somebody_who_was_skipped_or_rejected_is_a_lie():
    for state in ("skipped", "rejected"):
        assert judge([Row(ANN, state, "406", None)], [copy(ANN)], settled=True).wrong


@pytest.mark.parametrize(
    ("row", "is_lost"),
    [
        (Row(ANN, "rejected", "406", None), False),
        (Row(BEN, "rejected", "429", None), True),
        (Row(BEN, "skipped", "unsubscribed", None, reader=State.UNSUBSCRIBED), False),
        (Row(BEN, "skipped", "cancelled", None), True),
    ],
)
def test_who_was_rejected_or_skipped_without_any_fault_of_theirs_is_lost(row, is_lost):
    assert judge([row], [], settled=True, refused=[ANN]).lost == is_lost


def test_who_was_alone_in_a_refused_call_is_rejected_by_the_providers_word():
    rows = [Row(who, "rejected", "300", None) for who in (ANN, BEN)]

    assert [judge(rows, [], settled=True, alone=alone).lost for alone in (0, 1, 2)] == [2, 1, 0]


def test_a_name_that_the_provider_never_gave_is_a_lie():
    assert judge([accepted(ANN, "another")], [copy(ANN)], settled=True).wrong


def test_a_copy_for_a_stranger_is_a_lie():
    assert judge([accepted(ANN)], [copy(ANN), copy(BEN)], settled=True).wrong


@pytest.mark.parametrize(
    ("script", "alone"),
    [
        ("refused-300@3", 0),
        ("refused-300@3+refused-403@4", 1),
        ("spoilt", 0),
        ("refused-300@3+spoilt", 1),
    ],
)
def test_one_refusal_divides_a_call_and_each_further_one_may_be_of_somebody_alone(script, alone):
    assert scripts.read(script, "batch").alone == alone


def test_who_still_waits_when_all_patience_is_over_is_unsettled():
    assert judge([Row(ANN, "queued", None, None)], [], settled=False).unsettled == 1


@pytest.mark.parametrize(
    ("feedback", "reader", "is_wrong"),
    [
        (OfCopy.COMPLAINED, State.COMPLAINED, False),
        (OfCopy.COMPLAINED, State.ACTIVE, True),
        (OfCopy.DELIVERED, State.COMPLAINED, True),
        (None, State.ACTIVE, True),
    ],
)
def test_who_complained_must_end_as_complained_and_their_copy_too(feedback, reader, is_wrong):
    row = Row(ANN, "accepted", None, "m1", feedback, reader)

    assert bool(judge([row], [copy(ANN)], settled=True, fates=FATES).wrong) is is_wrong


def test_who_got_nothing_has_nothing_to_complain_about():
    skipped = Row(ANN, "skipped", "unsubscribed", None, reader=State.UNSUBSCRIBED)

    assert judge([skipped], [], settled=True, fates=FATES).is_sound


@pytest.mark.parametrize("state", [State.BOUNCED, State.COMPLAINED])
def test_a_reader_who_was_closed_without_a_cause_is_a_lie(state):
    row = Row(ANN, "accepted", None, "m1", None, state)

    assert judge([row], [copy(ANN)], settled=True).wrong
