"""The loopback Postmark does what Postmark's own pages and recordings say."""

import pytest

from newsletter.testing.postmark.faults import Rule
from newsletter.testing.postmark.process import running_postmark
from tests.newsletter.testing.postmark_calls import message, search


@pytest.mark.parametrize("path", ["/email/batch", "/email/batch/", "/Email/BATCH"])
def test_paths_are_taken_in_any_case_and_with_a_slash(postmark, path):
    status, entries = postmark.call("POST", path, [message()])

    assert (status, entries[0]["ErrorCode"]) == (200, 0)


def test_a_call_without_the_token_is_refused(postmark):
    status, body = postmark.call("POST", "/email", message(), token="other")

    assert (status, body["ErrorCode"]) == (401, 10)


def test_a_failed_entry_of_a_batch_has_neither_address_nor_id(postmark):
    postmark.suppress("Left@mail.example")

    status, entries = postmark.call(
        "POST", "/email/batch", [message(To="left@mail.example"), message()]
    )

    assert status == 200
    assert set(entries[0]) == {"ErrorCode", "Message"}
    assert [entry["ErrorCode"] for entry in entries] == [406, 0]


def test_what_is_an_entry_in_a_batch_is_a_refusal_alone(postmark):
    status, body = postmark.call("POST", "/email", message(To="nobody"))

    assert (status, body["ErrorCode"]) == (422, 300)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"MessageStream": "nowhere"}, 1235),
        ({"MessageStream": "inbound"}, 1235),
        ({"TextBody": ""}, 300),
        ({"From": "x@brand.invalid"}, 400),
        ({"Metadata": {"k" * 21: "v"}}, 300),
        ({"Metadata": {"k": "v" * 81}}, 300),
    ],
)
def test_each_wrong_field_has_its_code(postmark, wrong, code):
    _, body = postmark.call("POST", "/email", message(**wrong))

    assert body["ErrorCode"] == code


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/email", [message()]),
        ("POST", "/email", message(To=["reader@mail.example"])),
        ("POST", "/email", message(Metadata="issue 1")),
        ("POST", "/email", message(Headers=["X-Name: value"])),
        ("POST", "/email/batch", message()),
        ("POST", "/email/batch", [message(), "a message"]),
        ("POST", "/email/batch", [message(), message(MessageStream=7)]),
        ("POST", "/email/batchWithTemplates", [message()]),
        ("POST", "/email/batchWithTemplates", {"Messages": "none"}),
        ("POST", "/email/batchWithTemplates", {"Messages": [message(TemplateModel=[])]}),
        ("POST", "/email/bulk", {"Messages": [7]}),
        ("POST", "/templates", ["a template"]),
        ("PUT", "/templates/kept", {"Subject": 7}),
        ("POST", "/templates/validate", {"Subject": "Hello", "TestRenderModel": "none"}),
        ("PATCH", "/message-streams/broadcast", "a stream"),
        ("POST", "/message-streams/broadcast/suppressions", {"Suppressions": ["nobody"]}),
    ],
)
def test_json_of_the_wrong_types_is_refused_as_a_whole(postmark, method, path, body):
    postmark.call("POST", "/templates", {"Name": "T", "Alias": "kept", "TextBody": "Text"})

    status, refusal = postmark.call(method, path, body)

    assert (status, refusal["ErrorCode"]) == (422, 403)
    assert postmark.accepted() == []


@pytest.mark.parametrize(("missing", "code"), [("From", 300), ("To", 300)])
def test_a_message_without_a_field_that_it_needs_is_refused(postmark, missing, code):
    _, body = postmark.call("POST", "/email", message(**{missing: None}))

    assert body["ErrorCode"] == code


def test_a_message_from_no_template_is_refused_alone(postmark):
    _, entries = postmark.call("POST", "/email/batchWithTemplates", {"Messages": [message()]})

    assert [entry["ErrorCode"] for entry in entries] == [1101]


def test_more_than_500_messages_are_refused_as_a_whole(postmark):
    status, body = postmark.call("POST", "/email/batch", [message()] * 501)

    assert (status, body["ErrorCode"]) == (422, 410)


def test_a_batch_that_is_no_list_is_refused_as_a_whole(postmark):
    status, body = postmark.call("POST", "/email/batch", {"Messages": []})

    assert (status, body["ErrorCode"]) == (422, 403)


def test_a_message_above_ten_megabytes_is_too_large(postmark):
    status, _ = postmark.call("POST", "/email", message(TextBody="x" * 10_000_001))

    assert status == 413


def test_a_template_is_created_found_changed_and_deleted(postmark):
    fields = {"Name": "One", "Alias": "one", "Subject": "S", "TextBody": "{{a}}"}

    _, created = postmark.call("POST", "/templates", fields)
    postmark.call("PUT", "/templates/one", {"TextBody": "{{b}}"})
    _, found = postmark.call("GET", f"/templates/{created['TemplateId']}")
    postmark.call("DELETE", "/templates/one")
    status, missing = postmark.call("GET", "/templates/one")

    assert (found["Alias"], found["Subject"], found["TextBody"]) == ("one", "S", "{{b}}")
    assert (status, missing["ErrorCode"]) == (422, 1101)


def test_an_alias_is_taken_once(postmark):
    fields = {"Name": "Two", "Alias": "two", "Subject": "S", "TextBody": "T"}
    postmark.call("POST", "/templates", fields)

    status, _ = postmark.call("POST", "/templates", fields)

    assert status == 422


def test_a_template_is_rendered_with_the_model(postmark):
    content = {"HtmlBody": "<b>{{a.b}}</b>{{{a.b}}}", "TextBody": "{{a.b}}{{c}}"}
    postmark.call("POST", "/templates", {"Name": "R", "Alias": "r", "Subject": "{{s}}", **content})
    model = {"a": {"b": "<'é🦊"}, "s": "Hi & bye"}

    _, answer = postmark.call(
        "POST", "/email/withTemplate/", message(TemplateAlias="r", TemplateModel=model)
    )

    _, sent = postmark.call("GET", f"/messages/outbound/{answer['MessageID']}/details")
    assert sent["HtmlBody"] == "<b>&lt;&#39;&#233;&#129418;</b><'é🦊"
    assert (sent["TextBody"], sent["Subject"]) == ("<'é🦊", "Hi & bye")


def test_content_that_cannot_be_parsed_is_reported(postmark):
    fields = {"Subject": "ok", "HtmlBody": "{{#each x}}", "TextBody": "{{ok}}"}

    _, body = postmark.call("POST", "/templates/validate", fields)

    assert not body["AllContentIsValid"]
    assert not body["HtmlBody"]["ContentIsValid"]
    assert body["TextBody"]["ContentIsValid"]


def test_the_search_looks_at_the_outbound_stream_unless_told(postmark):
    sent = [message(Metadata={"batch-id": "b1", "delivery-id": str(n)}) for n in range(3)]
    postmark.call("POST", "/email/batch", sent)

    _, silent = search(postmark, "count=500&offset=0&metadata_batch-id=b1")
    _, named = search(postmark, "count=2&offset=0&metadata_batch-id=b1&messagestream=broadcast")

    assert silent == {"TotalCount": 0, "Messages": []}
    assert named["TotalCount"] == 3
    assert [row["Metadata"]["delivery-id"] for row in named["Messages"]] == ["2", "1"]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "count=501&offset=0",
        "count=500&offset=9501",
        "count=1&offset=0&metadata_a=1&metadata_b=2",
    ],
)
def test_a_search_beyond_its_limits_is_refused(postmark, query):
    status, body = search(postmark, query)

    assert (status, body["ErrorCode"]) == (422, 700)


def test_server_and_streams_are_shown(postmark):
    _, server = postmark.call("GET", "/server")
    _, streams = postmark.call("GET", "/message-streams")

    assert server["DeliveryType"] == "Sandbox"
    assert [stream["ID"] for stream in streams["MessageStreams"]] == [
        "outbound",
        "inbound",
        "broadcast",
    ]


def test_a_fault_comes_at_its_call_and_only_then(postmark):
    postmark.plan(Rule("/email", "maintenance", nth=2))

    statuses = [postmark.call("POST", "/email", message())[0] for _ in range(3)]

    assert statuses == [200, 503, 200]


def test_the_log_outlives_a_restart(tmp_path):
    log = tmp_path / "log"

    for subject in ("first", "second"):
        with running_postmark(log, keep_bodies=True) as postmark:
            postmark.call("POST", "/email", message(Subject=subject))

    assert [row["Subject"] for row in postmark.accepted()] == ["first", "second"]


def test_bodies_are_not_kept_unless_asked(tmp_path):
    with running_postmark(tmp_path / "log") as postmark:
        postmark.call("POST", "/email", message())

    (row,) = postmark.accepted()
    assert set(row) == {"MessageID", "To", "MessageStream", "Tag", "Metadata", "AcceptedAt"}
