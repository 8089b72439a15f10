"""A server holds 100 templates: few copies take none, and old ones make room."""

from uuid import uuid4

import pytest

from newsletter.delivery.message import Outcome
from newsletter.delivery.transports.postmark import PostmarkTransport
from newsletter.delivery.transports.postmark_answers import Answer
from newsletter.delivery.transports.postmark_handover import prepare
from newsletter.delivery.transports.postmark_shelf import tidy
from newsletter.rendering.personal import Marked
from newsletter.testing.postmark.process import TOKEN, running_postmark
from tests.newsletter.delivery.transports.postmark_samples import digest, readers

LARGE = Marked.plain("<p>1234</p>" * 7_000)
"""77 kB: 2.5 MB are 32 copies, and the way to a template weighs three more."""


def endpoint_for(copies, handover="template", **changes):
    return prepare(digest(html=LARGE, copies=copies, **changes), handover, "broadcast").endpoint


@pytest.mark.parametrize("copies", [0, 1, 35])
def test_a_mailing_for_few_goes_in_full(copies):
    assert endpoint_for(copies) == "/email/batch"


@pytest.mark.parametrize("copies", [36, 10_000, None])
def test_a_mailing_for_many_or_nobody_knows_how_many_is_worth_a_template(copies):
    assert endpoint_for(copies) == "/email/batchWithTemplates"


def test_the_bulk_api_keeps_no_template_so_few_copies_go_there_too():
    assert endpoint_for(1, handover="bulk") == "/email/bulk"


def test_few_copies_leave_no_template_behind(postmark):
    transport = PostmarkTransport(TOKEN, api_url=postmark.url)

    [receipt] = transport.send(digest(key="issue-77-e1", copies=3), readers(1))

    transport.close()
    assert receipt.outcome is Outcome.ACCEPTED
    assert not any(alias.startswith("issue-77-e1-") for alias in aliases_of(postmark))


def aliases_of(postmark):
    _, listed = postmark.call("GET", "/templates?count=500&offset=0")
    return {one["Alias"] for one in listed["Templates"]}


def keep(postmark, alias):
    fields = {"Name": alias, "Alias": alias, "Subject": "S", "TextBody": "T"}
    status, _ = postmark.call("POST", "/templates", fields)
    assert status == 200


def alias_of(issue, edition=""):
    return f"issue-{issue}{edition}-{uuid4().hex[:16]}"


@pytest.fixture
def empty_shelf(tmp_path):
    with running_postmark(tmp_path / "log") as running:
        yield running


def test_tidying_keeps_the_newest_and_whatever_is_not_ours(empty_shelf):
    older, old = alias_of(8, "-e3"), alias_of(9)
    new, test = alias_of(10), alias_of(10, "-test")
    others = {"welcome", "issue-1-handmade", "weekly-issue-1-0123456789abcdef", "correction-7"}
    for alias in (older, old, new, test, *others):
        keep(empty_shelf, alias)
    transport = PostmarkTransport(TOKEN, api_url=empty_shelf.url)

    deleted = transport.tidy(keep=2)

    transport.close()
    assert deleted == 2
    assert aliases_of(empty_shelf) == {new, test} | others


def test_a_full_shelf_makes_room_for_the_next_issue_by_itself(empty_shelf):
    for number in range(100):
        keep(empty_shelf, alias_of(number))
    transport = PostmarkTransport(TOKEN, api_url=empty_shelf.url)

    [receipt] = transport.send(digest(key="issue-100"), readers(1))

    transport.close()
    assert receipt.outcome is Outcome.ACCEPTED
    kept = aliases_of(empty_shelf)
    assert len(kept) == 51
    assert all(int(alias.split("-")[1]) >= 50 for alias in kept)


def test_letters_about_corrections_make_room_too(empty_shelf):
    for number in range(100):
        keep(empty_shelf, f"correction-{number}-{uuid4().hex[:16]}")
    transport = PostmarkTransport(TOKEN, api_url=empty_shelf.url)

    [receipt] = transport.send(digest(key="issue-7"), readers(1))

    transport.close()
    assert receipt.outcome is Outcome.ACCEPTED
    kept = sorted(int(alias.split("-")[1]) for alias in aliases_of(empty_shelf))
    assert kept == [7, *range(50, 100)]


def test_what_is_in_use_stays_however_its_number_compares(empty_shelf):
    """A correction of an early issue, and an issue whose number is below those of corrections."""
    for number in range(98):
        keep(empty_shelf, f"correction-{900 + number}-{uuid4().hex[:16]}")
    in_use = [alias_of(12, "-e1"), f"correction-3-{uuid4().hex[:16]}"]
    for alias in in_use:
        keep(empty_shelf, alias)
    transport = PostmarkTransport(TOKEN, api_url=empty_shelf.url)

    assert transport.tidy() == 50

    transport.close()
    assert aliases_of(empty_shelf) >= set(in_use)


def test_a_shelf_full_of_other_peoples_templates_needs_an_operator(empty_shelf):
    for number in range(100):
        keep(empty_shelf, f"receipt-{number}")
    transport = PostmarkTransport(TOKEN, api_url=empty_shelf.url)

    [receipt] = transport.send(digest(key="issue-100"), readers(1))

    transport.close()
    assert (receipt.outcome, receipt.code) == (Outcome.NOT_TAKEN, "1105")
    assert receipt.needs_operator
    assert len(aliases_of(empty_shelf)) == 100


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"Templates": None},
        {"Templates": [7]},
        {"Templates": [{"Alias": "issue-1-" + 16 * "0"}]},
    ],
)
def test_a_list_that_cannot_be_read_deletes_nothing(body):
    assert tidy(lambda *_, **__: Answer(body=body), keep=0) == 0
