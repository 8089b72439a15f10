import pytest

from newsletter.editions.choosing import MOST, Choice, MatchUp, Reason, choose
from subscribers.wishes import Wishes

AUDIO = MatchUp(1, 9, frozenset({"Audio"}), frozenset({"whisper", "piper"}))
MODELS = MatchUp(2, 9, frozenset({"Models", "Local AI"}), frozenset({"llama", "gemma"}))
NAMELESS = MatchUp(3, 9, frozenset(), frozenset({"one", "other"}))
ISSUE = (AUDIO, MODELS, NAMELESS)

LATE_AUDIO = MatchUp(11, 8, frozenset({"Audio"}), frozenset({"suno", "udio"}))
LATE_CODE = MatchUp(12, 7, frozenset({"Developer Tools"}), frozenset({"cursor", "zed"}))
WAITING = (LATE_AUDIO, LATE_CODE)


def weekly(*topics: str) -> Wishes:
    return Wishes("weekly", frozenset(topics))


def monthly(*topics: str) -> Wishes:
    return Wishes("monthly", frozenset(topics))


def following(*tools: str, topics: tuple[str, ...] = ()) -> Wishes:
    return Wishes("followed", frozenset(topics), frozenset(tools))


@pytest.mark.parametrize(
    ("wishes", "waiting", "is_monthly", "outcome"),
    [
        (weekly(), (), False, Choice("issue", (1, 2, 3))),
        (weekly(), (), True, Choice("issue", (1, 2, 3))),
        (weekly(), WAITING, False, Choice("catch-up", (1, 2, 3, 11, 12))),
        (weekly("Audio"), (), False, Choice("topics", (1, 3))),
        (weekly("Local AI"), (), False, Choice("topics", (2, 3))),
        (weekly("Audio", "Models"), (), False, Choice("issue", (1, 2, 3))),
        (weekly("Audio"), WAITING, False, Choice("catch-up", (1, 3, 11))),
        (weekly("Models"), WAITING, False, Choice("topics", (2, 3))),
        (weekly("Video"), WAITING, False, Choice("topics", (3,))),
        (monthly(), (), False, Reason.MONTHLY),
        (monthly(), WAITING, False, Reason.MONTHLY),
        (monthly("Video"), (), False, Reason.MONTHLY),
        (monthly(), (), True, Choice("monthly", (1, 2, 3))),
        (monthly(), WAITING, True, Choice("monthly", (1, 2, 3, 11, 12))),
        (monthly("Audio"), WAITING, True, Choice("monthly", (1, 3, 11))),
        (following("llama"), (), False, Choice("followed", (2,))),
        (following("udio"), WAITING, True, Reason.NO_FOLLOWED_TOOL),
        (following("whisper", topics=("Models",)), WAITING, False, Choice("followed", (1,))),
        (following("whisper", "llama", "one"), (), False, Choice("followed", (1, 2, 3))),
        (following("nobody"), (), True, Reason.NO_FOLLOWED_TOOL),
    ],
)
def test_wishes_and_what_waits_decide_what_is_in_the_letter(wishes, waiting, is_monthly, outcome):
    assert choose(wishes, ISSUE, waiting, is_monthly=is_monthly) == outcome


@pytest.mark.parametrize("is_monthly", [True, False])
def test_a_weekly_reader_gets_nothing_when_nothing_is_on_a_chosen_topic(is_monthly):
    outcome = choose(weekly("Video"), (AUDIO, MODELS), WAITING, is_monthly=is_monthly)

    assert outcome is Reason.NO_CHOSEN_TOPIC


def test_a_monthly_reader_gets_nothing_when_nothing_of_the_month_is_on_a_chosen_topic():
    outcome = choose(monthly("Video"), (AUDIO, MODELS), WAITING, is_monthly=True)

    assert outcome is Reason.NO_CHOSEN_TOPIC


def test_a_letter_may_hold_only_what_waited():
    outcome = choose(weekly("Developer Tools"), (AUDIO, MODELS), WAITING, is_monthly=False)

    assert outcome == Choice("catch-up", (12,))


def test_what_stands_in_the_issue_and_waited_too_is_told_once_where_the_issue_has_it():
    again = MatchUp(AUDIO.id, 8, AUDIO.groups)

    outcome = choose(monthly(), ISSUE, (again, LATE_CODE), is_monthly=True)

    assert outcome == Choice("monthly", (1, 2, 3, 12))


def test_of_more_than_a_letter_can_hold_the_oldest_are_left_for_the_next():
    waiting = [MatchUp(number, 8) for number in range(100, 100 + MOST)]

    outcome = choose(weekly(), ISSUE, waiting, is_monthly=False)

    assert isinstance(outcome, Choice)
    assert outcome.items[:3] == (1, 2, 3)
    assert len(outcome.items) == MOST
    assert outcome.items[-1] == 100 + MOST - 4


def test_reasons_are_stable_words_of_the_books():
    assert [reason.value for reason in Reason] == ["monthly", "no-followed-tool", "no-chosen-topic"]
