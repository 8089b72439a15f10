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
    assert advance(state, event, 7) is after


@pytest.mark.parametrize("state", [IssueState.SETTLED, IssueState.MISSED, IssueState.CANCELLED])
@pytest.mark.parametrize("event", sorted(set(IssueEvent) - {IssueEvent.REOPENED}))
def test_what_is_over_stays_over_unless_a_person_wants_held_copies_sent(state, event):
    with pytest.raises(ForbiddenIssueChange):
        advance(state, event, 7)


def test_only_an_approved_issue_starts():
    sources = [state for state, event in TRANSITIONS if event is IssueEvent.STARTED]

    assert sources == [IssueState.APPROVED]


def test_a_refusal_names_the_commands_that_are_possible():
    with pytest.raises(ForbiddenIssueChange) as refused:
        advance(IssueState.DRAFT, IssueEvent.SETTLED, 7)
    assert str(refused.value) == (
        "issue 7 is draft and cannot be settled; possible: newsletter issue approve 7, "
        "newsletter issue build 7, newsletter issue cancel 7, newsletter issue hold 7"
    )
    with pytest.raises(ForbiddenIssueChange, match="possible: nothing, it is over"):
        advance(IssueState.SETTLED, IssueEvent.HELD, 7)
