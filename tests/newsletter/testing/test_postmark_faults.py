"""Each fault does over the line what its name says, and accepts or loses the messages."""

import http.client
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from time import monotonic
from urllib.parse import urlsplit

import orjson
import pytest
from requests.exceptions import ChunkedEncodingError
from requests.exceptions import ConnectionError as Broken

from newsletter.testing.postmark.faults import FAULTS, Rule
from newsletter.testing.postmark.process import TOKEN
from tests.newsletter.testing.postmark_calls import found, message, outcome, send, sent_to

PATH = "/email/batch"
PEOPLE = [f"reader{number}@mail.example" for number in range(3)]
UNREADABLE = orjson.JSONDecodeError

SEEN = {
    "reset": (Broken, False),
    "reset-request": (Broken, False),
    "reset-at": (Broken, True),
    "drop-answer": (Broken, True),
    "late-accept": (Broken, False),
    "error-500": (500, True),
    "html-502": (UNREADABLE, True),
    "html-403": (UNREADABLE, False),
    "too-many": (UNREADABLE, False),
    "too-many-wait": (UNREADABLE, False),
    "maintenance": (503, False),
    "truncated": (ChunkedEncodingError, True),
    "not-json": (UNREADABLE, True),
    "empty": (UNREADABLE, True),
    "short": (200, True),
    "long": (200, True),
    "reordered": (200, True),
    "doubled": (200, True),
    "twice": (200, True),
    "without-error-code": (200, True),
    "slow": (200, True),
    "refused-300": (422, False),
    "refused-403": (422, False),
    "refused-406": (422, False),
}
"""For each fault what the client of a batch sees, and whether its messages are accepted."""

BELOW = {"drip", "rendered-otherwise"}
TWO_STREAMS = ("outbound", "broadcast")


def batch():
    return [message(To=address) for address in PEOPLE]


def hit(postmark, fault, **rule):
    """Send a batch under a fault; give the status or error, and the body."""
    postmark.plan(Rule(PATH, fault, **rule))
    return outcome(postmark, "POST", PATH, batch())


@contextmanager
def posted(postmark, fault, **rule):
    """Send a batch under a fault over a connection of one's own, and leave the answer unread."""
    postmark.plan(Rule(PATH, fault, **rule))
    netloc = urlsplit(postmark.url).netloc
    with closing(http.client.HTTPConnection(netloc, timeout=60)) as connection:
        headers = {"X-Postmark-Server-Token": TOKEN}
        connection.request("POST", PATH, orjson.dumps(batch()), headers)
        yield connection


def test_every_fault_is_tried_here():
    assert set(SEEN) | BELOW == set(FAULTS)


@pytest.mark.parametrize("fault", SEEN)
def test_a_fault_is_seen_as_told_and_its_messages_are_accepted_or_not(postmark, fault):
    seen, accepted = SEEN[fault]

    status, _ = hit(postmark, fault)

    assert (status, sent_to(postmark)) == (seen, PEOPLE if accepted else [])


@pytest.mark.parametrize(
    ("fault", "order"),
    [("short", [0, 1]), ("long", [0, 1, 2, 2]), ("reordered", [2, 1, 0]), ("doubled", [0, 0, 1])],
)
def test_an_answer_has_its_entries_missing_added_or_moved(postmark, fault, order):
    _, entries = hit(postmark, fault)

    assert [entry["To"] for entry in entries] == [PEOPLE[position] for position in order]


@pytest.mark.parametrize(("path", "data"), [(PATH, batch()), ("/email", message())])
def test_a_success_may_come_without_its_error_code(postmark, path, data):
    postmark.plan(Rule(path, "without-error-code"))

    _, body = postmark.call("POST", path, data)

    entry = body[0] if isinstance(body, list) else body
    assert "ErrorCode" not in entry
    assert entry["MessageID"]


@pytest.mark.parametrize("at", [10, -1])
def test_an_answer_is_cut_after_so_many_bytes(postmark, at):
    with posted(postmark, "reset-at", at=at) as connection:
        received = connection.sock.recv(65536)
        with pytest.raises(ConnectionResetError):
            connection.sock.recv(65536)

    assert received.startswith(b"HTTP/1.1 2")
    assert len(received) == 10 if at > 0 else not received.endswith(b"]")
    assert sent_to(postmark) == PEOPLE


def test_a_request_is_cut_before_all_of_it_was_read(postmark):
    with posted(postmark, "reset-request", at=7) as line, pytest.raises(ConnectionResetError):
        line.getresponse()

    assert postmark.accepted() == []


def test_a_truncated_answer_promises_more_than_it_has(postmark):
    with (
        posted(postmark, "truncated") as connection,
        connection.getresponse() as answer,
        pytest.raises(http.client.IncompleteRead) as error,
    ):
        answer.read()

    assert len(error.value.partial) > 0


def test_an_answer_sent_twice_stays_on_the_line_for_the_next_call(postmark):
    with posted(postmark, "twice") as connection:
        received = connection.sock.recv(65536)

    assert received == received[: len(received) // 2] * 2
    assert received.count(b"HTTP/1.1 200") == 2
    assert sent_to(postmark) == PEOPLE


def test_a_slow_answer_comes_late_and_a_dripping_one_byte_by_byte(postmark):
    begin = monotonic()
    hit(postmark, "slow", seconds=0.2)
    slow = monotonic() - begin
    with posted(postmark, "drip") as connection:
        first = connection.sock.recv(65536)

    assert slow >= 0.2
    assert first  # one byte, or more where the reader was late; never the whole answer
    assert not first.endswith(b"]")
    assert sent_to(postmark) == PEOPLE * 2


def test_messages_are_accepted_long_after_the_line_was_cut(postmark):
    hit(postmark, "late-accept", seconds=600)
    before = sent_to(postmark)
    almost_there = postmark.clock(advance=590)
    almost = sent_to(postmark)
    postmark.clock(advance=3600)

    assert (before, almost, sent_to(postmark)) == ([], [], PEOPLE)
    assert found(postmark) == PEOPLE[::-1]
    accepted_at = datetime.fromisoformat(postmark.accepted()[0]["AcceptedAt"])
    assert timedelta(0) < accepted_at - almost_there < timedelta(seconds=60)


def test_late_messages_come_by_themselves_when_their_time_is_real(postmark):
    hit(postmark, "late-accept", seconds=0.05)
    deadline = monotonic() + 60

    while not sent_to(postmark) and monotonic() < deadline:
        pass

    assert sent_to(postmark) == PEOPLE


@pytest.mark.parametrize("accept", [False, True])
def test_a_rule_can_say_itself_whether_messages_are_accepted(postmark, accept):
    hit(postmark, "error-500", accept=accept)

    assert sent_to(postmark) == (PEOPLE if accept else [])


def test_a_rule_may_be_for_one_method_and_for_all_below_a_path(postmark):
    postmark.plan(
        Rule("/message-streams/*", "maintenance", nth=2), Rule("/server", "reset", method="POST")
    )

    statuses = [postmark.call("GET", f"/message-streams/{name}")[0] for name in TWO_STREAMS]

    assert statuses == [200, 503]
    assert postmark.call("GET", "/server")[0] == 200


def test_a_test_rendering_may_differ_from_what_was_asked_for(postmark):
    postmark.plan(Rule("/templates/validate", "rendered-otherwise"))

    _, body = postmark.call("POST", "/templates/validate", {"HtmlBody": "<p>&lt;</p>"})

    assert body["HtmlBody"]["RenderedContent"] == "<p>&amp;lt;</p>"


def test_chance_falls_the_same_way_for_the_same_seed(postmark):
    def run(seed):
        postmark.plan(Rule("/email", "maintenance", nth=0, chance=0.5, seed=seed))
        return [postmark.call("POST", "/email", message())[0] for _ in range(24)]

    first, again, other = run(1), run(1), run(2)

    assert first == again
    assert first != other
    assert set(first) == {200, 503}


def test_without_chance_there_is_no_fault(postmark):
    postmark.plan(Rule(PATH, "error-500", nth=0, chance=0.0))

    assert [entry["ErrorCode"] for entry in send(postmark, *PEOPLE)] == [0, 0, 0]
