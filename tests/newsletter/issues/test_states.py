import pytest

from newsletter.issues.states import (
    TRANSITIONS,
    ForbiddenIssueChange,
    IssueEvent,
    IssueState,
    advance,
)


@pytest.mark.parametrize(
    ("state", "event", "after"),
    [
        pytest.param(state, event, after, id=f"{state} {event}: {sentence}")
        for (state, event), (after, sentence) in TRANSITIONS.items()
    ],
)
def test_each_declared_arrow_leads_where_its_sentence_says(state, event, after):
    assert advance(state, event) is after


@pytest.mark.parametrize("state", [IssueState.SETTLED, IssueState.MISSED, IssueState.CANCELLED])
@pytest.mark.parametrize("event", sorted(set(IssueEvent) - {IssueEvent.REOPENED}))
def test_what_is_over_stays_over_unless_a_person_wants_held_copies_sent(state, event):
    with pytest.raises(ForbiddenIssueChange):
        advance(state, event)


def test_only_an_approved_issue_starts():
    sources = [state for state, event in TRANSITIONS if event is IssueEvent.STARTED]

    assert sources == [IssueState.APPROVED]


def test_a_refusal_names_the_commands_that_are_possible():
    with pytest.raises(ForbiddenIssueChange, match="issue approve, build, cancel, hold"):
        advance(IssueState.DRAFT, IssueEvent.SETTLED)
    with pytest.raises(ForbiddenIssueChange, match="possible: nothing, it is over"):
        advance(IssueState.SETTLED, IssueEvent.HELD)
