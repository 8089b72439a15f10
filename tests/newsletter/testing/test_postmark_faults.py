"""Each fault does over the line what its name says, and accepts or loses the messages."""

import http.client
from time import monotonic
from urllib.parse import urlsplit

import orjson
import pytest
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
    "maintenance": (503, False),
    "truncated": (Broken, True),
    "not-json": (UNREADABLE, True),
    "empty": (UNREADABLE, True),
    "short": (200, True),
    "long": (200, True),
    "reordered": (200, True),
    "doubled": (200, True),
    "twice": (200, True),
    "without-error-code": (200, True),
    "slow": (200, True),
    "drip": (200, True),
    "refused-300": (422, False),
    "refused-403": (422, False),
    "refused-406": (422, False),
}
"""For each fault what the client of a batch sees, and whether its messages are accepted."""


def batch():
    return [message(To=address) for address in PEOPLE]


def hit(postmark, fault, **rule):
    """Send a batch under a fault; give the status or error, and the body."""
    postmark.plan(Rule(PATH, fault, **rule))
    return outcome(postmark, "POST", PATH, batch())


def raw(postmark):
    """Open a connection of one's own; give it and a function that sends the batch over it."""
    connection = http.client.HTTPConnection(urlsplit(postmark.url).netloc, timeout=5)
    headers = {"X-Postmark-Server-Token": TOKEN}
    return connection, lambda: connection.request("POST", PATH, orjson.dumps(batch()), headers)


def test_every_fault_is_tried_here():
    assert set(SEEN) == set(FAULTS)


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
    postmark.plan(Rule(PATH, "reset-at", at=at))
    connection, post = raw(postmark)
    post()

    received = b""
    with pytest.raises(ConnectionResetError):
        while True:
            received += connection.sock.recv(65536)

    assert received.startswith(b"HTTP/1.1 2")
    assert len(received) == 10 if at > 0 else not received.endswith(b"]")
    assert sent_to(postmark) == PEOPLE


def test_a_request_is_cut_before_all_of_it_was_read(postmark):
    postmark.plan(Rule(PATH, "reset-request", at=7))
    connection, post = raw(postmark)
    post()

    with pytest.raises((ConnectionResetError, http.client.RemoteDisconnected)):
        connection.getresponse()

    assert postmark.accepted() == []


def test_a_truncated_answer_promises_more_than_it_has(postmark):
    postmark.plan(Rule(PATH, "truncated"))
    connection, post = raw(postmark)
    post()

    with pytest.raises(http.client.IncompleteRead) as error:
        connection.getresponse().read()

    assert len(error.value.partial) > 0


def test_an_answer_sent_twice_stays_on_the_line_for_the_next_call(postmark):
    postmark.plan(Rule(PATH, "twice"))
    connection, post = raw(postmark)
    post()
    first = connection.getresponse().read()
    post()

    assert connection.getresponse().read() == first
    assert len(postmark.accepted()) in (3, 6)  # the second call may still be on its way


def test_a_slow_answer_comes_late_and_a_dripping_one_byte_by_byte(postmark):
    begin = monotonic()
    hit(postmark, "slow", seconds=0.2)
    slow = monotonic() - begin
    postmark.plan(Rule(PATH, "drip"))
    connection, post = raw(postmark)
    post()
    first = connection.sock.recv(65536)

    assert slow >= 0.2
    assert first == b"H"


def test_messages_are_accepted_long_after_the_line_was_cut(postmark):
    hit(postmark, "late-accept", seconds=600)
    before = sent_to(postmark)
    begin = postmark.clock(advance=590)
    almost = sent_to(postmark)
    postmark.clock(advance=3600)

    assert (before, almost, sent_to(postmark)) == ([], [], PEOPLE)
    assert found(postmark) == PEOPLE[::-1]
    assert postmark.accepted()[0]["AcceptedAt"] < f"{begin.replace(microsecond=0):%Y-%m-%dT%H}:9"


def test_late_messages_come_by_themselves_when_their_time_is_real(postmark):
    hit(postmark, "late-accept", seconds=0.05)
    deadline = monotonic() + 5

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


TWO_STREAMS = ("outbound", "broadcast")


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
