"""The bulk API takes a request whole or not at all, and works on it by the virtual clock."""

import pytest

from newsletter.testing.postmark.faults import Rule
from tests.newsletter.testing.postmark_calls import found, outcome, sent_to

ADDRESSES = [f"reader{number}@mail.example" for number in range(20)]


def request(addresses=ADDRESSES, **changes):
    fields = {
        "From": "digest@news.example",
        "Subject": "For {{name}}",
        "HtmlBody": "<p>{{name}}</p>",
        "TextBody": "{{name}}",
        "MessageStream": "broadcast",
        "Messages": [
            {"To": address, "TemplateModel": {"name": f"<{n}>"}, "Metadata": {"delivery-id": n}}
            for n, address in enumerate(addresses)
        ],
    }
    return fields | changes


def submit(postmark, **changes):
    return postmark.call("POST", "/email/bulk", request(**changes))


def job(postmark, answer):
    return postmark.call("GET", f"/email/bulk/{answer['Id']}")[1]


def test_a_job_is_completed_at_once_unless_told_otherwise(postmark):
    status, accepted = submit(postmark)

    assert (status, accepted["Status"], accepted["TotalMessages"]) == (200, "Accepted", 20)
    assert job(postmark, accepted) == accepted | {
        "Status": "Completed",
        "PercentageCompleted": 100,
        "ReleasedCount": 20,
        "FailedCount": 0,
    }
    assert sent_to(postmark) == ADDRESSES


def test_each_message_is_rendered_with_its_own_model(postmark):
    submit(postmark)

    row = postmark.accepted()[3]
    assert (row["Subject"], row["TextBody"]) == ("For <3>", "<3>")
    assert row["HtmlBody"] == "<p>&lt;3&gt;</p>"
    assert row["Metadata"] == {"delivery-id": "3"}


def test_a_template_can_be_the_content(postmark):
    template = {"Name": "B", "Alias": "bulky", "Subject": "S {{name}}", "TextBody": "T"}
    postmark.call("POST", "/templates", template)

    submit(postmark, Subject=None, HtmlBody=None, TextBody=None, TemplateAlias="bulky")

    assert postmark.accepted()[0]["Subject"] == "S <0>"


def test_what_a_message_has_itself_replaces_what_is_shared(postmark):
    own, shared = {"Name": "X-Own", "Value": "1"}, {"Name": "X-Shared", "Value": "2"}
    messages = [
        {"To": ADDRESSES[0], "Headers": [own], "Metadata": {"delivery-id": "d"}},
        {"To": ADDRESSES[1]},
    ]

    submit(postmark, Messages=messages, Headers=[shared], Metadata={"batch-id": "b"})

    first, second = postmark.accepted()
    assert (first["Headers"], first["Metadata"]) == ([own], {"delivery-id": "d"})
    assert (second["Headers"], second["Metadata"]) == ([shared], {"batch-id": "b"})


def test_suppressed_recipients_fail_without_a_trace(postmark):
    postmark.suppress(*ADDRESSES[:3])

    _, accepted = submit(postmark)

    done = job(postmark, accepted)
    assert (done["Status"], done["ReleasedCount"], done["FailedCount"]) == ("Completed", 17, 3)
    assert sent_to(postmark) == ADDRESSES[3:]
    assert found(postmark) == ADDRESSES[:2:-1]


def test_a_slow_job_releases_its_messages_by_and_by(postmark):
    postmark.bulk(seconds=600)
    _, accepted = submit(postmark)
    states = []

    for _ in range(3):
        now = job(postmark, accepted)
        states.append((now["Status"], now["PercentageCompleted"], len(postmark.accepted())))
        postmark.clock(advance=305)

    assert states == [("Accepted", 0, 0), ("Processing", 50, 10), ("Completed", 100, 20)]
    stamps = [row["AcceptedAt"] for row in postmark.accepted()]
    assert stamps == sorted(stamps)
    assert len(set(stamps)) == 10


def test_a_cancelled_job_releases_no_more(postmark):
    postmark.bulk(seconds=600)
    _, accepted = submit(postmark)
    postmark.clock(advance=305)

    postmark.cancel(accepted["Id"])
    postmark.clock(advance=600)

    stopped = job(postmark, accepted)
    assert (stopped["Status"], stopped["ReleasedCount"]) == ("Cancelled", 10)
    assert len(postmark.accepted()) == 10


def test_one_bad_message_refuses_the_whole_request(postmark):
    status, body = submit(postmark, addresses=[*ADDRESSES, "nobody"])

    assert (status, body["ErrorCode"], "Id" in body) == (422, 300, False)
    assert postmark.accepted() == []
    assert postmark.call("GET", "/email/bulk")[1] == {"Requests": []}


def test_several_problems_are_told_by_field(postmark):
    messages = [{"To": "nobody"}, {"To": ADDRESSES[0], "Metadata": {"k" * 21: "v"}}]

    status, body = submit(postmark, Messages=messages)

    assert (status, body["ErrorCode"]) == (422, 11)
    assert set(body["Errors"]) == {"To", "Metadata"}
    assert body["Errors"]["To"][0]["ErrorCode"] == 300


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"MessageStream": "outbound"}, 1236),
        ({"MessageStream": "nowhere"}, 1226),
        ({"Messages": []}, 300),
        ({"Messages": None}, 403),
        ({"TemplateAlias": "missing"}, 1101),
    ],
)
def test_each_wrong_request_has_its_code(postmark, wrong, code):
    status, body = submit(postmark, **wrong)

    assert (status, body["ErrorCode"]) == (422, code)


def test_nothing_of_it_works_without_approval(postmark):
    postmark.account(bulk=False)

    answers = [
        submit(postmark),
        postmark.call("GET", "/email/bulk"),
        postmark.call("GET", "/email/bulk/some"),
    ]

    assert [(status, body["ErrorCode"]) for status, body in answers] == [(422, 14)] * 3


def test_an_unknown_job_is_not_found(postmark):
    status, body = postmark.call("GET", "/email/bulk/some")

    assert (status, body["ErrorCode"]) == (404, 12)


def test_jobs_are_listed_newest_first_page_by_page(postmark):
    ids = [submit(postmark)[1]["Id"] for _ in range(3)]

    _, first = postmark.call("GET", "/email/bulk?count=2")
    _, rest = postmark.call("GET", f"/email/bulk?count=2&paginationKey={first['PaginationKey']}")

    assert [shown["Id"] for shown in first["Requests"]] == ids[:0:-1]
    assert [shown["Id"] for shown in rest["Requests"]] == ids[:1]
    assert "PaginationKey" not in rest


@pytest.mark.parametrize(
    ("query", "code"), [("paginationKey=torn", 13), ("count=0", 403), ("count=many", 403)]
)
def test_a_page_that_is_not_understood_is_refused(postmark, query, code):
    status, body = postmark.call("GET", f"/email/bulk?{query}")

    assert (status, body["ErrorCode"]) == (422, code)


def test_a_request_whose_answer_is_lost_stands_in_the_list(postmark):
    postmark.plan(Rule("/email/bulk", "drop-answer", method="POST"))

    outcome(postmark, "POST", "/email/bulk", request())

    _, listed = postmark.call("GET", "/email/bulk")
    assert [shown["TotalMessages"] for shown in listed["Requests"]] == [20]
