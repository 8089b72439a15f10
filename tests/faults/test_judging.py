"""The judge: what counts as twice, as lost, as held, and as a lie."""

from tests.faults.judging import Row, judge
from tests.faults.provider import Copy

ANN, BEN = "ann@example.org", "ben@example.org"


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


def test_a_name_that_the_provider_never_gave_is_a_lie():
    assert judge([accepted(ANN, "another")], [copy(ANN)], settled=True).wrong


def test_a_copy_for_a_stranger_is_a_lie():
    assert judge([accepted(ANN)], [copy(ANN), copy(BEN)], settled=True).wrong


def test_who_still_waits_when_all_patience_is_over_is_unsettled():
    assert judge([Row(ANN, "queued", None, None)], [], settled=False).unsettled == 1
