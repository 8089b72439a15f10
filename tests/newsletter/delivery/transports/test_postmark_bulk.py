"""One body for many readers: taken as a job, believed only when the search shows a message."""

from datetime import UTC, datetime

import orjson
import pytest

from newsletter.delivery.marks import attempt_of, becomes_a_job
from newsletter.delivery.message import Outcome
from newsletter.delivery.transports.postmark import PostmarkTransport
from newsletter.delivery.transports.postmark_bulk import read_bulk, read_job
from newsletter.rendering.personal import Marked
from newsletter.testing.postmark.faults import Rule
from newsletter.testing.postmark.process import TOKEN
from tests.newsletter.delivery.transports.postmark_samples import (
    accepted_of,
    digest,
    notice,
    reader,
    readers,
)

AT_ANY_TIME = datetime(2010, 1, 1, tzinfo=UTC)
UNKNOWN, NOT_TAKEN, REJECTED = Outcome.UNKNOWN, Outcome.NOT_TAKEN, Outcome.REJECTED


@pytest.fixture
def bulk(postmark):
    transport = PostmarkTransport(TOKEN, api_url=postmark.url, handover="bulk")
    yield transport
    transport.close()


def seen(receipts):
    return [(receipt.outcome, receipt.code) for receipt in receipts]


def test_a_job_that_is_taken_leaves_open_what_became_of_each_message(bulk):
    receipts = bulk.send(digest(), readers(3))

    assert seen(receipts) == [(UNKNOWN, "bulk-accepted")] * 3
    [job_id] = {receipt.provider_id for receipt in receipts}
    assert bulk.job(job_id).total == 3


def test_the_search_shows_what_a_job_released(bulk, postmark):
    messages = readers(3)
    bulk.send(digest(), messages)

    sighting = bulk.find(messages[0].attempt_id, "broadcast")

    assert sighting.message_ids == {
        row["Metadata"]["delivery-id"]: (row["MessageID"],)
        for row in accepted_of(postmark, messages)
    }
    assert len(sighting.message_ids) == 3


def test_a_job_tells_how_far_it_is_and_what_it_gave_up(bulk, postmark):
    postmark.bulk(seconds=600)
    postmark.suppress("gone@mail.example")
    messages = readers(9)
    messages.append(reader(99, messages[0].attempt_id, to="gone@mail.example"))
    [job_id] = {receipt.provider_id for receipt in bulk.send(digest(), messages)}

    waiting = bulk.job(job_id)
    postmark.clock(advance=300)
    halfway = bulk.job(job_id)
    postmark.clock(advance=301)
    done = bulk.job(job_id)

    assert (waiting.state, waiting.released, waiting.failed) == ("working", 0, 0)
    assert halfway.state == "working"
    assert 0 < halfway.released < 9
    assert (done.state, done.total, done.released, done.failed) == ("completed", 10, 9, 1)


def test_a_job_that_is_stopped_says_so(bulk, postmark):
    postmark.bulk(seconds=600)
    [job_id] = {receipt.provider_id for receipt in bulk.send(digest(), readers(9))}

    postmark.cancel(job_id)

    assert bulk.job(job_id).state == "cancelled"


@pytest.mark.parametrize("fault", ["error-500", "html-502", "drop-answer", "not-json"])
def test_how_far_a_job_is_cannot_be_told_by_a_broken_answer(bulk, postmark, fault):
    [job_id] = {receipt.provider_id for receipt in bulk.send(digest(), readers(2))}
    postmark.plan(Rule(f"/email/bulk/{job_id}", fault))

    assert bulk.job(job_id) is None


def test_a_job_that_nobody_knows_tells_nothing(bulk):
    assert bulk.job("no-such-job") is None


def test_all_jobs_are_listed_by_name_however_many_pages_they_take(bulk, postmark, monkeypatch):
    postmark.reset()
    monkeypatch.setattr("newsletter.delivery.transports.postmark_jobs._A_PAGE", 2)
    names = {bulk.send(digest(), readers(count))[0].provider_id: count for count in (1, 2, 3, 4, 5)}

    listed = bulk.jobs(AT_ANY_TIME)

    assert {name: job.total for name, job in listed.items()} == names
    assert {job.state for job in listed.values()} == {"completed"}


def test_where_there_are_no_jobs_none_is_listed(bulk, postmark):
    postmark.reset()
    assert bulk.jobs(AT_ANY_TIME) == {}


@pytest.mark.parametrize("fault", ["error-500", "html-502", "drop-answer", "not-json", "empty"])
def test_no_jobs_are_listed_by_a_broken_answer(bulk, postmark, fault):
    bulk.send(digest(), readers(2))
    postmark.plan(Rule("/email/bulk", fault, method="GET"))

    assert bulk.jobs(AT_ANY_TIME) is None


@pytest.mark.parametrize(
    ("fault", "outcome", "code"),
    [
        ("drop-answer", UNKNOWN, "no-answer"),
        ("reset", UNKNOWN, "no-answer"),
        ("truncated", UNKNOWN, "no-answer"),
        ("error-500", UNKNOWN, "http-500"),
        ("html-502", UNKNOWN, "http-502"),
        ("not-json", UNKNOWN, "http-200"),
        ("too-many", NOT_TAKEN, "429"),
        ("maintenance", NOT_TAKEN, "100"),
    ],
)
def test_a_fault_has_the_outcome_that_it_has_by_every_way(bulk, postmark, fault, outcome, code):
    bulk.send(digest(), readers(1))
    postmark.plan(Rule("/email/bulk", fault))

    receipts = bulk.send(digest(), readers(3))

    assert seen(receipts) == [(outcome, code)] * 3
    assert all(receipt.provider_id is None for receipt in receipts)


def test_an_account_without_the_bulk_api_needs_an_operator(bulk, postmark):
    postmark.account(bulk=False)
    messages = readers(2)

    receipts = bulk.send(digest(), messages)

    assert seen(receipts) == [(NOT_TAKEN, "14")] * 2
    assert receipts[0].needs_operator
    assert "NEWSLETTER_POSTMARK_HANDOVER=template" in receipts[0].detail
    assert accepted_of(postmark, messages) == []


def test_one_address_that_spoils_a_job_is_rejected_and_the_others_leave(bulk, postmark):
    messages = readers(7)
    messages[3] = reader(9, messages[0].attempt_id, to="nobody@localhost")

    receipts = bulk.send(digest(), messages)

    assert seen(receipts)[3] == (REJECTED, "300")
    assert seen(receipts).count((UNKNOWN, "bulk-accepted")) == 6
    assert len(accepted_of(postmark, messages)) == 6


def test_messages_of_a_divided_call_name_the_job_that_each_is_part_of(bulk):
    messages = readers(7)
    messages[3] = reader(9, messages[0].attempt_id, to="nobody@localhost")

    receipts = bulk.send(digest(), messages)

    jobs = {receipt.provider_id for receipt in receipts if receipt.outcome is UNKNOWN}
    assert len(jobs) > 1
    assert sum(bulk.job(job_id).total for job_id in jobs) == 6


def test_its_calls_are_named_as_those_that_become_jobs(bulk):
    assert becomes_a_job(attempt_of(bulk.mark()))


def test_notices_go_in_full_all_the_same(bulk):
    [receipt] = bulk.send(notice(), readers(1))

    assert receipt.outcome is Outcome.ACCEPTED


def test_the_body_is_sent_once_and_a_reader_costs_a_few_hundred_bytes(bulk):
    prepared = bulk._prepared(digest(html=Marked.plain("<p>Лиса</p>" * 5_000)))

    (call,) = prepared.calls(readers(500))
    body = b"".join(prepared.body(call))

    assert body.count("Лиса".encode()) == 5_000
    assert len(body) < 100_000 + 500 * 700
    shared = orjson.loads(body)
    assert (shared["TrackOpens"], shared["TrackLinks"]) == (False, "None")
    assert shared["InlineCss"] is False


TAKEN = {"Id": "job", "Status": "Accepted", "TotalMessages": 2}


@pytest.mark.parametrize("change", [{}, {"Id": None, "ID": "job"}, {"Status": "processing"}])
def test_an_answer_that_names_a_job_for_all_messages_is_believed(change):
    receipts = read_bulk(TAKEN | change, readers(2))

    assert [receipt.provider_id for receipt in receipts] == ["job", "job"]


@pytest.mark.parametrize(
    "body",
    [
        [], None, 7, {}, [TAKEN],
        TAKEN | {"Id": None}, TAKEN | {"Id": 7}, TAKEN | {"TotalMessages": 3},
        TAKEN | {"Status": "Cancelled"}, TAKEN | {"Status": None},
    ],
)  # fmt: skip
def test_an_answer_that_fits_no_job_leaves_doubt_without_one(body):
    receipts = read_bulk(body, readers(2))

    assert seen(receipts) == [(UNKNOWN, "inconsistent-answer")] * 2
    assert {receipt.provider_id for receipt in receipts} == {None}


@pytest.mark.parametrize("word", ["Cancelled", "Failed", "CANCELLED"])
def test_a_stopped_job_is_known_by_every_word_for_it(word):
    job = read_job({"Status": word, "TotalMessages": 2, "ReleasedCount": 1, "FailedCount": 0})

    assert job is not None
    assert (job.state, job.released) == ("cancelled", 1)


@pytest.mark.parametrize(
    "body", [None, [], {}, {"Status": "Completed"}, {"Status": "Completed", "TotalMessages": 2},
             {"Status": "Resting", "TotalMessages": 2}, {"Status": "Accepted"},
             {"Status": "Cancelled", "TotalMessages": 2}, {"Status": "Failed", "TotalMessages": 2}]
)  # fmt: skip
def test_a_job_that_cannot_be_read_is_none(body):
    assert read_job(body) is None
