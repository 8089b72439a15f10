"""What Postmark posts or lists becomes an event in words that every provider shares; odd things too."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.feedback.meanings import OF_REASON, Alarm, Kind, OfReader, Reason, meaning
from newsletter.feedback.reading import BOUNCE_CODES, BOUNCE_TYPES, read
from newsletter.testing.postmark.bounce_types import BOUNCE_TYPES as LOOPBACK_TYPES

SAMPLES = Path(__file__).parents[4] / "shared" / "postmark-samples"

BOUNCES = """
    HardBounce              bounced        hard-bounce         hard
    BadEmailAddress         rejected       bad-address         hard
    SpamComplaint           complained     spam-complaint      complained
    ManuallyDeactivated     rejected       deactivated         suppressed
    Unsubscribe             unsubscribed   left                left
    Subscribe               subscribed     subscribe-request   -
    SoftBounce              bounced        soft-bounce         soft
    DnsError                deferred       dns-error           soft
    Transient               deferred       transient           -
    SpamNotification        complained     spam-notification   -
    Blocked                 rejected       blocked             -
    DMARCPolicy             rejected       dmarc-policy        -
    VirusNotification       bounced        virus               -
    AutoResponder           autoresponded  auto-responder      -
    AddressChange           autoresponded  address-change      -
    OpenRelayTest           deferred       open-relay-test     -
    ChallengeVerification   autoresponded  challenge           -
    Unconfirmed             rejected       unconfirmed-sender  -
    Unknown                 unknown        unclear             soft
    SMTPApiError            failed         not-taken           -
    TemplateRenderingFailed failed         not-rendered        -
    InboundError            inbound_failed inbound             -
"""
"""The table of the notes, row by row: type, kind, reason, and what it says about the reader."""

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3)
    ),
    max_leaves=8,
)
FIELDS = (
    *("RecordType", "Type", "TypeCode", "ID", "MessageID", "MessageStream", "Recipient", "Email"),
    *("DeliveredAt", "BouncedAt", "ReceivedAt", "ChangedAt", "SuppressSending", "Origin"),
    *("SuppressionReason", "Metadata", "Details", "Inactive", "OriginalLink"),
)
SENSIBLE = st.sampled_from(
    (
        *("Bounce", "SpamComplaint", "Delivery", "Open", "Click", "SubscriptionChange"),
        *("HardBounce", "SoftBounce", "ManualSuppression", "Recipient", "a@b.example"),
        *("2026-11-23T09:00:00Z", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00"),
        *("2026-13-45", "\ud7ff", "\x00"),
    )
)


@pytest.mark.parametrize("row", BOUNCES.strip().splitlines(), ids=lambda row: row.split()[0])
def test_each_type_of_bounce_means_what_the_table_says(row):
    name, kind, reason, reader = row.split()
    event = read({"RecordType": "Bounce", "Type": name})
    says = meaning(event.kind, event.reason).reader

    assert (event.kind, event.reason, says or "-") == (kind, reason, reader)


def test_every_type_and_every_code_is_known():
    assert {row.split()[0] for row in BOUNCES.strip().splitlines()} == set(BOUNCE_TYPES)
    assert set(BOUNCE_CODES.values()) == set(BOUNCE_TYPES)
    assert {known.code: name for name, known in LOOPBACK_TYPES.items()}.items() <= (
        BOUNCE_CODES.items()
    )
    assert set(OF_REASON) == set(Reason)


@pytest.mark.parametrize(("code", "name"), BOUNCE_CODES.items())
def test_a_bounce_without_its_name_is_known_by_its_code(code, name):
    assert read({"RecordType": "Bounce", "TypeCode": code}).reason is BOUNCE_TYPES[name]


@pytest.mark.parametrize("code", [512, 100001])
def test_a_complaint_is_one_by_whichever_code(code):
    event = read({"RecordType": "SpamComplaint", "Type": "SpamComplaint", "TypeCode": code})

    assert event.reason is Reason.SPAM_COMPLAINT


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"Type": "SoftBounce", "Inactive": True}, Reason.SOFT_BOUNCE_FINAL),
        ({"Type": "SoftBounce", "Inactive": False}, Reason.SOFT_BOUNCE),
        ({"Type": "DnsError", "Inactive": True}, Reason.SOFT_BOUNCE_FINAL),
        ({"Type": "DnsError", "Inactive": False}, Reason.DNS_ERROR),
        ({"TypeCode": 2048, "Inactive": True}, Reason.SOFT_BOUNCE_FINAL),
        ({"Type": "Unknown", "Inactive": "true"}, Reason.UNCLEAR),
        ({"Type": "SpamNotification", "Inactive": True}, Reason.SPAM_NOTIFICATION),
        ({"Type": "SMTPApiError", "Details": "406: inactive"}, Reason.NOT_TAKEN_SUPPRESSED),
        ({"Type": "SMTPApiError", "Details": "300: odd"}, Reason.NOT_TAKEN),
        ({"Type": "Brand new"}, None),
        ({"TypeCode": True}, None),
    ],
)
def test_what_else_a_bounce_says_counts(fields, reason):
    assert read({"RecordType": "Bounce", **fields}).reason is reason


@pytest.mark.parametrize(
    ("suppressed", "why", "origin", "reason"),
    [
        (True, "HardBounce", "Recipient", Reason.HARD_BOUNCE),
        (True, "SpamComplaint", "Recipient", Reason.SPAM_COMPLAINT),
        (True, "ManualSuppression", "Recipient", Reason.LEFT),
        (True, "ManualSuppression", "Customer", Reason.SUPPRESSED),
        (True, "ManualSuppression", "Admin", Reason.SUPPRESSED),
        (True, "ManualSuppression", None, Reason.SUPPRESSED),
        (False, None, "Customer", Reason.REACTIVATED),
        (True, "Brand new", "Recipient", None),
        ("false", None, None, None),
    ],
)
def test_a_change_of_a_suppression_says_whose_wish_it_was(suppressed, why, origin, reason):
    told = {"SuppressSending": suppressed, "SuppressionReason": why, "Origin": origin}

    assert read({"RecordType": "SubscriptionChange", **told}).reason is reason


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2026-11-02T09:00:07.3120458Z", datetime(2026, 11, 2, 9, 0, 7, 312045, tzinfo=UTC)),
        ("2014-08-01T13:28:10.2735393-04:00", datetime(2014, 8, 1, 17, 28, 10, 273539, tzinfo=UTC)),
        ("2022-06-05T17:17:32Z", datetime(2022, 6, 5, 17, 17, 32, tzinfo=UTC)),
        ("2026-11-02T09:00:07.31", datetime(2026, 11, 2, 14, 0, 7, 310000, tzinfo=UTC)),
        ("2026-07-02T09:00:07", datetime(2026, 7, 2, 13, 0, 7, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", datetime(2000, 1, 1, tzinfo=UTC)),
        ("yesterday", None),
    ],
)
def test_an_instant_is_read_with_seven_digits_and_in_eastern_time(written, instant):
    assert read({"RecordType": "Delivery", "DeliveredAt": written}).at == instant


@given(st.dictionaries(st.sampled_from(FIELDS), SENSIBLE | JSON) | JSON)
def test_nothing_that_can_be_posted_is_too_odd(told: Any) -> None:
    event = read(told)

    assert isinstance(event.kind, Kind)
    assert event.key
    assert event.key == read(told).key


def test_what_is_too_deep_to_be_an_event_is_unknown():
    told: Any = {}
    for _ in range(900):
        told = {"RecordType": told}

    assert read(told).kind is Kind.UNKNOWN
    assert len(read(told).key) == 2


def test_the_bytes_that_came_are_kept_and_of_too_many_the_beginning():
    raw = '{ "RecordType":"Click",  "Recipient": "ines@reader.example", "City": "Évora" }'.encode()

    assert read(json.loads(raw), raw).body.encode() == raw
    assert read({}, b'"' + b"x" * 30_000 + b'"').body == '"' + "x" * 19_999
    assert json.loads(read({"Type": "HardBounce"}).body) == {"Type": "HardBounce"}


def test_the_list_and_the_webhook_tell_the_same_change():
    told: dict[str, Any] = {"RecordType": "SubscriptionChange", "MessageStream": "broadcast"}
    told |= {"SuppressSending": True, "SuppressionReason": "HardBounce"}
    posted = read(told | {"Recipient": "A@b.example", "ChangedAt": "2026-11-02T14:00:07.3120458Z"})
    listed = read(told | {"Recipient": "a@b.example", "ChangedAt": "2026-11-02T09:00:07-05:00"})

    assert posted.key == listed.key


def test_a_second_open_and_another_link_are_other_events():
    told = {"RecordType": "Click", "MessageID": "m", "Recipient": "a@b.example"}
    first = told | {"ReceivedAt": "2026-11-02T09:00:07.3120458Z", "OriginalLink": "https://x/1"}

    keys = {
        read(first).key,
        read(first | {"ReceivedAt": "2026-11-02T09:00:07.3120459Z"}).key,
        read(first | {"OriginalLink": "https://x/2"}).key,
        read(first | {"RecordType": "Open"}).key,
    }
    assert len(keys) == 4


def test_filters_and_servers_are_not_the_readers_doing():
    not_theirs = {reason for reason, found in OF_REASON.items() if found.alarm}

    assert not_theirs == {
        "spam-notification",
        "blocked",
        "dmarc-policy",
        "virus",
        "unconfirmed-sender",
    }
    assert all(OF_REASON[reason].reader is None for reason in not_theirs)
    assert OF_REASON[Reason.DMARC_POLICY].alarm is Alarm.DNS
    assert OF_REASON[Reason.SPAM_COMPLAINT].reader is OfReader.COMPLAINED


@pytest.mark.parametrize("file", sorted(SAMPLES.rglob("*.json")), ids=lambda file: file.stem)
def test_every_sample_is_understood_or_unknown(file):
    body = json.loads(file.read_text())
    event = read(body)
    is_known = isinstance(body, dict) and "RecordType" in body

    assert (event.kind is not Kind.UNKNOWN) == is_known
    if is_known:
        assert event.address or body.get("Type") == "Unsubscribe"
        assert event.at or body.get("Type") == "Unsubscribe"
