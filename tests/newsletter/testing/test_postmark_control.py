"""The loopback Postmark can be emptied, and its time can be moved."""

from datetime import timedelta

import pytest

from newsletter.testing.postmark.faults import Rule
from tests.newsletter.testing.postmark_calls import found, message, search, send


def test_a_reset_forgets_everything_but_templates(postmark, listener):
    template = {"Name": "Kept", "Alias": "kept", "Subject": "S", "TextBody": "T"}
    postmark.call("POST", "/templates", template)
    postmark.index(down=True)
    postmark.account(bulk=False)
    postmark.webhooks(listener.url, kinds=["Delivery", "Bounce"])
    send(postmark, "a@mail.example", "b@mail.example")
    postmark.events({"kind": "Bounce", "to": "a@mail.example"})
    postmark.plan(Rule("/email", "maintenance", nth=0))

    postmark.reset()

    assert postmark.accepted() == []
    assert found(postmark) == []
    assert postmark.deliver() == {"sent": 0, "accepted": 0, "waiting": 0, "dropped": 0}
    _, stats = postmark.call("GET", "/deliverystats")
    assert stats["InactiveMails"] == 0
    assert postmark.call("GET", "/email/bulk") == (200, {"Requests": []})
    assert postmark.call("POST", "/email", message(To="a@mail.example"))[0] == 200
    assert postmark.call("GET", "/templates/kept")[0] == 200


def test_what_is_accepted_after_a_reset_is_all_that_the_log_has(postmark):
    send(postmark, "before@mail.example")
    postmark.reset()
    send(postmark, "after@mail.example")

    assert [row["To"] for row in postmark.accepted()] == ["after@mail.example"]


def test_the_clock_runs_ahead_by_what_was_advanced_until_a_reset(postmark):
    before = postmark.clock()
    after = postmark.clock(advance=3600)
    send(postmark, "a@mail.example")

    (row,) = postmark.accepted()
    assert timedelta(seconds=3600) <= after - before < timedelta(seconds=3660)
    assert row["AcceptedAt"] >= f"{after:%Y-%m-%dT%H:%M:%S}"
    postmark.reset()
    assert postmark.clock() < after


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("plan", [{"path": "/email", "mistake": "reset"}]),
        ("plan", [{"path": "/email", "fault": "no such fault"}]),
        ("index", {"lagg": 3}),
        ("webhooks", {}),
        ("events", [{"kind": "Thunder", "to": "a@mail.example"}]),
        ("events", [{"kind": "Open", "message_id": "0"}]),
        ("events", [{"kind": "Open"}]),
        ("events", [{"kind": "Bounce", "to": "a@mail.example", "type": "HardRock"}]),
        ("events", [{"kind": "Open", "to": "a@mail.example", "at": "tomorrow"}]),
    ],
)
def test_a_control_call_that_is_not_understood_is_refused(postmark, name, data):
    status, body = postmark.call("POST", f"/control/{name}", data)

    assert status == 422
    assert body["Message"]


def test_there_is_no_other_control(postmark):
    assert postmark.call("POST", "/control/weather", {})[0] == 404


def test_control_calls_are_not_counted_by_the_plan(postmark):
    postmark.plan(Rule("/control/*", "error-500", nth=0), Rule("/messages/outbound", "reset"))
    postmark.index()
    postmark.plan()

    assert search(postmark, "count=1&offset=0")[0] == 200
