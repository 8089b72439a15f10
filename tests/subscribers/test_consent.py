from datetime import datetime

import pytest

from subscribers.consent import Actor, Consent, ConsentEvent, stated
from subscribers.errors import InvalidConsent
from tests.subscribers.people import NOW, yes


@pytest.mark.parametrize("event", [ConsentEvent.REQUESTED, ConsentEvent.CONFIRMED])
def test_a_yes_on_our_pages_needs_the_words_and_their_version(event):
    with pytest.raises(InvalidConsent):
        Consent(event=event, source="https://letters.example.org/", at=NOW, wording="Send me it.")

    assert yes(event).wording_version == "2026-11"


def test_a_consent_without_a_source_proves_nothing():
    with pytest.raises(InvalidConsent):
        stated(" \n", at=NOW)


def test_a_consent_needs_an_instant_with_a_zone():
    with pytest.raises(InvalidConsent):
        stated("a paper list", at=datetime(2026, 11, 23))  # noqa: DTZ001


def test_an_operators_word_is_kept_as_an_operators_word():
    consent = stated("a paper list at the meetup", at=NOW)

    assert consent.actor == Actor.OPERATOR
    assert consent.event == ConsentEvent.IMPORTED
