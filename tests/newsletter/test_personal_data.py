import pytest

from newsletter import personal_data
from newsletter.service import Service
from newsletter.votes import polls, storage
from newsletter.votes.rules import Choice, Tally
from subscribers import queries
from subscribers.models import Subscriber
from tests.factories import MONDAY, add_subscribers, store_comparisons
from tests.newsletter.votes.leaving import begin_to_leave


@pytest.fixture
def voters(service: Service) -> list[Subscriber]:
    """Two readers who have voted on the first match-up of issue 1: one A, one B."""
    with service.database.writing() as session:
        store_comparisons(session, 1)
        readers = add_subscribers(session, 2)
    begin_to_leave(service)
    for reader, choice in zip(readers, (Choice.A, Choice.B), strict=True):
        with service.database.writing() as session:
            polls.vote(session, reader.public_id, 1, place=1, choice=choice, now=MONDAY)
    return readers


def test_a_persons_file_holds_their_votes_and_nobody_elses(service, voters):
    with service.database.reading() as session:
        reader = queries.by_public_id(session, voters[0].public_id)
        assert reader is not None
        file = personal_data.export(session, reader)

    [vote] = file["votes"]
    assert (vote["issue_number"], vote["choice"]) == (1, "a")
    assert "subscriber_id" not in vote
    assert file["subscriber"]["email"] == "reader1@example.org"


def test_who_is_erased_leaves_votes_of_nobodys(service, voters):
    with service.database.writing() as session:
        assert personal_data.erase(session, voters[0].public_id, now=MONDAY)

    with service.database.reading() as session:
        [counted] = storage.tally(session, 1).values()
        assert counted == Tally(a=1, b=1)
        assert storage.votes_of(session, voters[0]) == []
        assert len(storage.votes_of(session, voters[1])) == 1


def test_a_second_erasing_finds_nothing(service, voters):
    with service.database.writing() as session:
        personal_data.erase(session, voters[0].public_id, now=MONDAY)

        assert not personal_data.erase(session, voters[0].public_id, now=MONDAY)
        assert not personal_data.erase(session, "nobodynobody", now=MONDAY)
