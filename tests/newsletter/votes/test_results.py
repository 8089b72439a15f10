import io
from datetime import timedelta

from newsletter.service import Service
from newsletter.votes import polls
from newsletter.votes.results import Result, results, write_csv
from newsletter.votes.rules import Choice
from tests.factories import MONDAY, add_subscribers, store_comparisons
from tests.newsletter.votes.leaving import begin_the_next, begin_to_leave

WEEK = timedelta(weeks=1)


def voted(service: Service, answers: str) -> None:
    """Send an issue of two match-ups and let one reader answer the first for each letter."""
    with service.database.writing() as session:
        store_comparisons(session, 2)
        readers = [reader.public_id for reader in add_subscribers(session, len(answers))]
    begin_to_leave(service)
    choices = {"a": Choice.A, "b": Choice.B, "n": Choice.NEITHER}
    with service.database.writing() as session:
        for reader, answer in zip(readers, answers, strict=True):
            polls.vote(session, reader, 1, place=1, choice=choices[answer], now=MONDAY)


def found(service: Service, at_least: int = 3) -> list[Result]:
    with service.database.reading() as session:
        return list(results(session, at_least=at_least, now=MONDAY + WEEK))


def test_while_a_poll_is_open_votes_are_counted_and_no_share_is_told(service):
    voted(service, "aab")

    first, second = found(service)

    assert (first.open, first.votes_a, first.votes_b, first.neither) == (True, 2, 1, 0)
    assert (first.share_a, first.share_b) == (None, None)
    assert (second.votes_a, second.votes_b, second.neither) == (0, 0, 0)


def test_a_closed_poll_tells_shares_once_enough_have_voted(service):
    voted(service, "aabn")
    begin_the_next(service.as_of(lambda: MONDAY + WEEK))

    first, second, new = found(service)

    assert (first.open, first.share_a, first.share_b) == (False, 67, 33)
    assert (second.share_a, second.share_b) == (None, None)
    assert (new.issue, new.open) == (2, True)
    assert found(service, at_least=4)[0].share_a is None


def test_the_file_names_both_tools_by_their_slugs(service):
    voted(service, "a")
    file = io.StringIO()

    write_csv(found(service, at_least=1)[:1], file)

    header, row = file.getvalue().splitlines()
    assert header.startswith("slug_a,slug_b,issue,open,votes_a")
    assert row.startswith("left-1,right-1,1,True,1,0,0,,")
