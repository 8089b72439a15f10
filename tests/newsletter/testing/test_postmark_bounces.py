"""Bounces are listed, counted and undone, and suppressions follow them."""

import http.client
from contextlib import closing
from urllib.parse import urlsplit

import orjson
import pytest

from newsletter.testing.postmark.process import TOKEN
from tests.newsletter.testing.postmark_calls import send

READER, OTHER = "reader@mail.example", "other@mail.example"


def bounce(postmark, address=READER, kind="HardBounce", **changes):
    send(postmark, address, Tag="issue-1", **changes)
    (first, *_) = postmark.events({"kind": "Bounce", "to": address, "type": kind})
    return first["ID"]


def bounces(postmark, query=""):
    _, body = postmark.call("GET", f"/bounces?count=500&offset=0&messagestream=broadcast&{query}")
    return [(row["Email"], row["Type"]) for row in body["Bounces"]]


def suppressed(postmark, query="", stream="broadcast"):
    _, body = postmark.call("GET", f"/message-streams/{stream}/suppressions/dump?{query}")
    return {row["EmailAddress"]: row["SuppressionReason"] for row in body["Suppressions"]}


def delete(postmark, *addresses):
    entries = [{"EmailAddress": address} for address in addresses]
    path = "/message-streams/broadcast/suppressions/delete"
    _, body = postmark.call("POST", path, {"Suppressions": entries})
    return [entry["Status"] for entry in body["Suppressions"]]


def test_a_hard_bounce_suppresses_the_address_on_its_stream_only(postmark):
    bounce(postmark)

    refused, elsewhere = send(postmark, READER), send(postmark, READER, MessageStream="outbound")

    assert (refused[0]["ErrorCode"], elsewhere[0]["ErrorCode"]) == (406, 0)
    assert suppressed(postmark) == {READER: "HardBounce"}


@pytest.mark.parametrize("kind", ["SoftBounce", "Transient", "Blocked", "BadEmailAddress"])
def test_other_bounces_leave_the_address_alone(postmark, kind):
    bounce(postmark, kind=kind)

    assert suppressed(postmark) == {}
    assert bounces(postmark) == [(READER, kind)]


def test_the_list_looks_at_the_outbound_stream_unless_told(postmark):
    bounce(postmark)

    _, silent = postmark.call("GET", "/bounces?count=1&offset=0")

    assert silent == {"TotalCount": 0, "Bounces": []}


@pytest.mark.parametrize(
    ("query", "addresses"),
    [
        ("", [OTHER, READER]),
        ("type=SoftBounce", [OTHER]),
        ("inactive=true", [READER]),
        ("inactive=False", [OTHER]),
        ("emailFilter=Read", [READER]),
        ("tag=issue-1", [OTHER, READER]),
        ("tag=issue-2", []),
        ("messageID=none", []),
        ("fromdate=2020-01-01&todate=2020-01-02", []),
    ],
)
def test_the_list_is_filtered(postmark, query, addresses):
    bounce(postmark)
    bounce(postmark, OTHER, "SoftBounce")

    assert [address for address, _ in bounces(postmark, query)] == addresses


@pytest.mark.parametrize(
    "query",
    [
        "",
        "count=501&offset=0",
        "count=500&offset=9501",
        "count=1&offset=0&type=Loud",
        "count=1&offset=0&fromdate=2026-11-02T09:00:00Z",
        "count=1&offset=0&todate=20261102",
    ],
)
def test_a_list_beyond_its_limits_is_refused(postmark, query):
    status, body = postmark.call("GET", f"/bounces?{query}")

    assert (status, body["ErrorCode"]) == (422, 1000)


def test_times_of_the_list_are_eastern_and_of_the_event_utc(postmark):
    send(postmark, READER)
    happened = {"kind": "Bounce", "to": READER, "at": "2026-11-02T09:00:00Z"}
    (told, *_) = postmark.events(happened)

    _, listed = postmark.call("GET", f"/bounces/{told['ID']}")

    assert told["BouncedAt"] == "2026-11-02T09:00:00Z"
    assert listed["BouncedAt"] == "2026-11-02T04:00:00-05:00"


def test_the_list_goes_by_when_it_happened_to_the_second_in_eastern_time(postmark):
    send(postmark, READER, OTHER)
    for to, at in ((READER, "2026-11-02T09:00:00.5Z"), (OTHER, "2026-11-02T08:59:59Z")):
        postmark.events({"kind": "Bounce", "to": to, "at": at, "type": "SoftBounce"})

    assert [address for address, _ in bounces(postmark)] == [READER, OTHER]
    assert bounces(postmark, "fromdate=2026-11-02T04:00:00") == [(READER, "SoftBounce")]
    assert bounces(postmark, "todate=2026-11-02T03:59:59") == [(OTHER, "SoftBounce")]


def test_a_hard_bounce_can_be_undone(postmark):
    number = bounce(postmark)

    status, body = postmark.call("PUT", f"/bounces/{number}/activate")

    assert (status, body["Message"], body["Bounce"]["Inactive"]) == (200, "OK", False)
    assert suppressed(postmark) == {}
    assert send(postmark, READER)[0]["ErrorCode"] == 0


def test_deleting_the_suppression_makes_the_bounce_active_too(postmark):
    number = bounce(postmark)

    assert delete(postmark, READER) == ["Deleted"]
    assert postmark.call("GET", f"/bounces/{number}")[1]["Inactive"] is False


def test_a_complaint_cannot_be_undone_in_any_way(postmark):
    send(postmark, READER)
    (complaint, *_) = postmark.events({"kind": "SpamComplaint", "to": READER})

    status, body = postmark.call("PUT", f"/bounces/{complaint['ID']}/activate")

    assert (complaint["TypeCode"], status, body["ErrorCode"]) == (100001, 422, 1003)
    assert delete(postmark, READER) == ["Failed"]
    assert suppressed(postmark) == {READER: "SpamComplaint"}


@pytest.mark.parametrize("path", ["/bounces/1", "/bounces/1/dump"])
def test_an_unknown_bounce_is_not_found(postmark, path):
    status, body = postmark.call("GET", path)

    assert (status, body["ErrorCode"]) == (422, 1001)


def test_statistics_count_by_kind(postmark):
    bounce(postmark)
    bounce(postmark, OTHER, "SoftBounce")

    _, stats = postmark.call("GET", "/deliverystats")

    assert stats["InactiveMails"] == 1
    assert {row.get("Type"): row["Count"] for row in stats["Bounces"]} == {
        None: 2,
        "HardBounce": 1,
        "SoftBounce": 1,
    }


def test_details_of_a_message_tell_its_bounce(postmark):
    (entry,) = send(postmark, READER)
    (told, *_) = postmark.events({"kind": "Bounce", "message_id": entry["MessageID"]})

    _, details = postmark.call("GET", f"/messages/outbound/{entry['MessageID']}/details")

    assert [event["Type"] for event in details["MessageEvents"]] == [
        "Bounced",
        "SubscriptionChanged",
    ]
    assert details["MessageEvents"][0]["Details"]["BounceID"] == str(told["ID"])


@pytest.mark.parametrize(
    ("local_part", "kind"),
    [
        ("SoftBounce", "SoftBounce"),
        ("soft_bounce", "SoftBounce"),
        ("hardbounce", "HardBounce"),
        ("anybody", "HardBounce"),
        ("spamcomplaint", "HardBounce"),
    ],
)
def test_the_bounce_testing_domain_bounces_at_once(postmark, local_part, kind):
    address = f"{local_part}@bounce-testing.postmarkapp.com"

    send(postmark, address)

    assert bounces(postmark) == [(address, kind)]


def test_suppressions_are_filtered(postmark):
    bounce(postmark)
    postmark.suppress(OTHER)

    assert suppressed(postmark) == {READER: "HardBounce", OTHER: "ManualSuppression"}
    assert suppressed(postmark, "SuppressionReason=HardBounce") == {READER: "HardBounce"}
    assert suppressed(postmark, "Origin=Customer") == {OTHER: "ManualSuppression"}
    assert suppressed(postmark, "fromdate=2020-01-01&todate=2020-01-02") == {}


def test_one_suppressed_address_can_be_asked_for(postmark):
    postmark.suppress(READER, OTHER)
    path = "/message-streams/broadcast/suppressions/dump?EmailAddress=OTHER@mail.example"

    # Not by the handle: its HTTP library logs the address that stands in the path.
    with closing(http.client.HTTPConnection(urlsplit(postmark.url).netloc, timeout=60)) as line:
        line.request("GET", path, headers={"X-Postmark-Server-Token": TOKEN})
        found = orjson.loads(line.getresponse().read())

    assert [row["EmailAddress"] for row in found["Suppressions"]] == [OTHER]


@pytest.mark.parametrize(("query", "code"), [("SuppressionReason=No", 1404), ("Origin=No", 1405)])
def test_a_filter_that_does_not_exist_is_refused(postmark, query, code):
    _, body = postmark.call("GET", f"/message-streams/broadcast/suppressions/dump?{query}")

    assert body["ErrorCode"] == code


def test_deleting_somebody_who_was_never_suppressed_answers_deleted(postmark):
    assert delete(postmark, READER) == ["Deleted"]


def test_an_address_that_is_none_fails_by_itself(postmark):
    entries = [{"EmailAddress": "nobody"}, {"EmailAddress": READER}]
    path = "/message-streams/broadcast/suppressions"

    _, body = postmark.call("POST", path, {"Suppressions": entries})

    assert [entry["Status"] for entry in body["Suppressions"]] == ["Failed", "Suppressed"]


@pytest.mark.parametrize(("count", "code"), [(0, 1409), (51, 1410)])
def test_one_to_fifty_addresses_can_be_given(postmark, count, code):
    entries = [{"EmailAddress": READER}] * count
    path = "/message-streams/broadcast/suppressions"

    _, body = postmark.call("POST", path, {"Suppressions": entries})

    assert body["ErrorCode"] == code


def test_the_handle_suppresses_any_number(postmark):
    postmark.suppress(*[f"reader{number}@mail.example" for number in range(120)])

    assert len(suppressed(postmark)) == 120
