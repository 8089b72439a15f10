import pytest

from subscribers.errors import HasLeft, UnknownLanguage, UnknownSubscriber
from subscribers.languages import choose_language
from subscribers.states import OUT
from tests.subscribers.people import make_subscriber

OFFERED = frozenset({"en", "de", "nb"})


def test_a_language_is_kept_replaced_and_taken_back(database):
    with database.writing() as session:
        ines = make_subscriber(session)

        for language in ("de", "nb", ""):
            assert choose_language(session, ines.public_id, language, OFFERED).locale == language


@pytest.mark.parametrize("language", ["fr", "DE", "de-AT", "x" * 99])
def test_a_language_that_is_not_offered_is_refused(database, language):
    with database.writing() as session:
        ines = make_subscriber(session)

        with pytest.raises(UnknownLanguage):
            choose_language(session, ines.public_id, language, OFFERED)

        assert ines.locale == ""


@pytest.mark.parametrize("state", sorted(OUT))
def test_of_who_has_left_no_language_is_kept(database, state):
    with database.writing() as session:
        gone = make_subscriber(session, state=state)

        with pytest.raises(HasLeft):
            choose_language(session, gone.public_id, "de", OFFERED)

        assert gone.locale == ""


def test_nobody_speaks_no_language(database):
    with database.writing() as session, pytest.raises(UnknownSubscriber):
        choose_language(session, "nobodynobody", "de", OFFERED)
