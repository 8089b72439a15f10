"""Codes of failed deliveries: which of them close a mailbox, and which say nothing against it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.feedback.meanings import OF_REASON, Kind, OfReader, Reason
from newsletter.inbound.statuses import Status, reason_of_failure, status_in


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        pytest.param("5.1.1", Reason.HARD_BOUNCE, id="no such mailbox"),
        pytest.param("5.1.2", Reason.HARD_BOUNCE, id="no such domain"),
        pytest.param("5.1.10", Reason.HARD_BOUNCE, id="a domain that takes no mail"),
        pytest.param("5.2.1", Reason.SOFT_BOUNCE, id="a closed mailbox, or a busy one at Gmail"),
        pytest.param("5.2.2", Reason.SOFT_BOUNCE, id="a full mailbox"),
        pytest.param("4.2.2", Reason.SOFT_BOUNCE, id="a mailbox that stayed full for days"),
        pytest.param("4.1.1", Reason.SOFT_BOUNCE, id="a mailbox that could not be verified"),
        pytest.param("5.1.0", Reason.SOFT_BOUNCE, id="something about the address"),
        pytest.param("5.0.0", Reason.SOFT_BOUNCE, id="nobody says why"),
        pytest.param("5.4.4", Reason.SOFT_BOUNCE, id="no way there"),
        pytest.param("5.3.4", Reason.SOFT_BOUNCE, id="too large for the system"),
        pytest.param("5.7.1", Reason.BLOCKED, id="refused by policy"),
        pytest.param("4.7.0", Reason.BLOCKED, id="slowed down by policy, for days"),
        pytest.param("5.7.26", Reason.BLOCKED, id="not authenticated, where somebody forwards"),
        pytest.param("5.1.8", Reason.BLOCKED, id="our own domain is not found"),
        pytest.param("5.1.90", Reason.BLOCKED, id="our limit for the day, at Exchange"),
        pytest.param("5.4.5", Reason.BLOCKED, id="our limit for the day, at Gmail"),
    ],
)
def test_only_what_can_mean_nothing_else_says_that_a_mailbox_is_gone(code, reason):
    status = status_in(code)

    assert status is not None
    assert reason_of_failure(status) is reason


@given(st.sampled_from([4, 5]), st.integers(0, 7), st.integers(0, 999))
def test_every_failure_is_known_to_the_table_and_policy_is_never_a_readers_fault(kind, about, what):
    meaning = OF_REASON[reason_of_failure(Status(kind, about, what))]

    assert meaning.kind in (Kind.BOUNCED, Kind.REJECTED)
    assert meaning.reader is not OfReader.HARD or kind == 5
    assert about != 7 or meaning.reader is None


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("5.1.1", Status(5, 1, 1)),
        ("5.1.1 (no such user)", Status(5, 1, 1)),
        ("smtp; 550-5.7.26 not signed", Status(5, 7, 26)),
        ("mailbox unknown (#5.1.1)", Status(5, 1, 1)),
        ("smtp; 550 no such user", Status(5)),
        ("host 192.5.1.1 said: 452 4.2.2 full", Status(4, 2, 2)),
        ("[5.1.1.7] has no mailbox", None),
        ("Exchange 5.5.2653, Exim 4.96.1", None),
        ("x" * 20_000, None),
        ("", None),
    ],
)
def test_the_first_code_in_a_servers_words_counts_and_no_address_of_a_host_is_one(words, status):
    assert status_in(words) == status
