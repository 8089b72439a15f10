from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscribers.errors import ForbiddenTransition
from subscribers.states import (
    OUT,
    STRICTNESS,
    TRANSITIONS,
    Event,
    State,
    advance,
    allows,
    strictest,
)

LETTERS = {
    "-": None,
    "P": State.PENDING,
    "A": State.ACTIVE,
    "Z": State.PAUSED,
    "U": State.UNSUBSCRIBED,
    "B": State.BOUNCED,
    "C": State.COMPLAINED,
    "S": State.SUPPRESSED,
    "E": State.ERASED,
}
EXPECTED = """
                        -  P  A  Z  U  B  C  S  E
asked                   P  P  A  Z  U  B  C  S  .
confirmed               .  A  A  Z  A  .  .  .  .
imported_with_consent   A  A  A  Z  U  B  C  S  .
paused                  .  .  Z  Z  .  .  .  .  .
resumed                 .  .  A  A  .  .  .  .  .
unsubscribed            U  U  U  U  U  B  C  S  E
undone                  .  .  A  .  A  .  .  .  .
hard_bounced            B  B  B  B  B  B  C  S  E
complained              C  C  C  C  C  C  C  S  E
suppressed_by_operator  S  S  S  S  S  S  S  S  E
refused                 .  S  S  S  S  S  C  S  E
released_by_operator    .  .  .  .  .  U  U  U  .
suppressed_by_provider  .  S  S  S  S  S  S  S  E
reactivated             .  .  .  .  .  A  .  A  .
released_by_provider    .  U  .  .  .  U  .  U  .
erased                  .  E  E  E  E  E  E  E  E
"""

STARTS, *LINES = (line.split() for line in EXPECTED.strip().splitlines())
ARROWS = [
    pytest.param(
        LETTERS[start],
        Event(event),
        LETTERS.get(end),
        id=f"{LETTERS[start] or 'nobody'} - {event} > {LETTERS.get(end) or 'forbidden'}",
    )
    for event, *ends in LINES
    for start, end in zip(STARTS, ends, strict=True)
]
BAD_NEWS = (
    Event.UNSUBSCRIBED,
    Event.HARD_BOUNCED,
    Event.COMPLAINED,
    Event.SUPPRESSED_BY_OPERATOR,
)
BY_PROVIDER = {Event.REACTIVATED, Event.RELEASED_BY_PROVIDER}
"""They take back what a provider told, and nothing else: see newsletter/feedback/standing.py."""

LOOSENS = {Event.CONFIRMED, Event.UNDONE, Event.RELEASED_BY_OPERATOR} | BY_PROVIDER
NOT_A_YES = [event for event in Event if event not in LOOSENS]


@pytest.mark.parametrize(("start", "event", "end"), ARROWS)
def test_the_arrow_leads_where_it_should(start, event, end):
    if end is None:
        with pytest.raises(ForbiddenTransition):
            advance(start, event)
    else:
        assert advance(start, event) == end


def test_every_arrow_says_why_in_one_sentence():
    sentences = [why for arrows in TRANSITIONS.values() for _, why in arrows.values()]

    assert all(why.endswith(".") and why.count(".") == 1 for why in sentences)


def test_the_error_names_the_event_and_the_state():
    with pytest.raises(ForbiddenTransition, match=r"'paused'.*is suppressed"):
        advance(State.SUPPRESSED, Event.PAUSED)
    with pytest.raises(ForbiddenTransition, match=r"'paused'.*is not on the list"):
        advance(None, Event.PAUSED)


@pytest.mark.parametrize("state", State)
def test_leaving_works_in_every_state_and_a_second_time(state):
    left = advance(state, Event.UNSUBSCRIBED)

    assert left in OUT
    assert advance(left, Event.UNSUBSCRIBED) == left


@pytest.mark.parametrize("start", [State.PENDING, State.ACTIVE, State.PAUSED])
def test_bad_news_in_any_order_leads_to_one_state(start):
    ends = set()
    for order in permutations(BAD_NEWS):
        state = start
        for event in order:
            state = advance(state, event)
        ends.add(state)

    assert ends == {State.SUPPRESSED}


@given(st.sampled_from(sorted(OUT)), st.lists(st.sampled_from(NOT_A_YES)))
def test_nothing_but_a_persons_yes_or_an_operators_release_loosens_what_is_closed(state, events):
    for event in filter(lambda each: allows(state, each), events):
        after = advance(state, event)

        assert strictest(state, after) == after
        state = after


@given(st.sampled_from([State.COMPLAINED, State.SUPPRESSED]), st.lists(st.sampled_from(Event)))
def test_only_who_closed_it_lifts_a_complaint_or_a_suppression(state, events):
    for event in events:
        lifts = event == Event.RELEASED_BY_OPERATOR or event in BY_PROVIDER
        if not lifts and allows(state, event):
            state = advance(state, event)

    assert state in {State.COMPLAINED, State.SUPPRESSED, State.ERASED}


def test_every_state_has_its_place_in_the_order_of_strictness():
    assert sorted(STRICTNESS) == sorted(State)
    assert strictest(State.ACTIVE, State.BOUNCED, State.PENDING) == State.BOUNCED
