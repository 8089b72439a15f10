"""A comparison's way from a page to an inbox, by the commands of the README."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest

from tests.journeys.commands import ROOT, SAMPLES, Operator

SEEDS = ROOT.parent / "shared" / "seeds"


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    return Operator(tmp_path / "data")


def letters(operator: Operator) -> list[EmailMessage]:
    files = sorted((operator.folder / "outbox").rglob("*.eml"))
    return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]


def state_of(operator: Operator, address: str) -> str:
    state: str = operator.json("subscribers", "show", address)["subscriber"]["state"]
    return state


def test_from_sample_pages_to_letters_and_closed_books(tmp_path):
    operator = Operator(tmp_path / "data", EDITORS="editor@example.org")
    addresses = operator.readers(5)
    assert operator.json("content", "import", str(SAMPLES))["added"] == 12

    issue = operator.json("issue", "build")
    files = operator.json("issue", "preview")["files"]
    assert operator.json("issue", "preflight") == []
    books = operator.json("issue", "send")

    assert (books["state"], books["eligible"], books["balanced"]) == ("settled", 5, True)
    sent = letters(operator)
    assert sorted(letter["To"] for letter in sent) == sorted(addresses)
    assert {letter["Subject"] for letter in sent} == {issue["subject"]}
    assert all(Path(file).read_text() for file in files.values())


def test_every_letter_is_a_well_behaved_newsletter(operator):
    operator.readers(2)
    operator.must("content", "import", str(SAMPLES))
    operator.must("issue", "build")
    operator.must("issue", "send")

    for file in (operator.folder / "outbox").rglob("*.eml"):
        raw = file.read_bytes()
        letter = message_from_bytes(raw, policy=policy.default)
        head = raw.partition(b"\r\n\r\n")[0]
        assert re.search(
            rb"^List-Unsubscribe: <http://localhost/unsubscribe/[\w-]{39}>\r?$", head, re.MULTILINE
        )
        assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in head
        assert letter["List-Id"]
        assert letter["Message-ID"]
        assert [part.get_content_type() for part in letter.iter_parts()] == [
            "text/plain",
            "text/html",
        ]
        for part in letter.iter_parts():
            assert "1 Test Street" in part.get_content()
            assert "@@" not in part.get_content()
        assert max(map(len, raw.split(b"\n"))) <= 998


def test_the_two_seeds_share_a_tool_and_a_pin_brings_both_in(operator):
    if not SEEDS.is_dir():
        pytest.skip("the seeds lie beside the checkout only")
    operator.must("content", "import", str(SEEDS))
    [first, second] = operator.json("content", "list")
    assert all(len(one["quotes"]) == 8 for one in (first, second))
    assert {quote["complete"] for one in (first, second) for quote in one["quotes"]} == {True}

    alone = operator.json("issue", "build")
    [passed] = alone["passed_over"]
    operator.must("issue", "pin", passed["comparison"].replace(" ", "-vs-"))
    both = operator.json("issue", "build")

    assert (len(alone["items"]), passed["reason"]) == (1, "same-tool")
    assert len(both["items"]) == 2


def test_monday_by_the_schedule_and_again_and_the_week_after(operator):
    operator.readers(3)
    operator.must("content", "import", str(SAMPLES))

    first = operator.json("schedule", "tick", "--now", "2099-11-23T09:00:00+00:00")
    again = operator.json("schedule", "tick", "--now", "2099-11-23T09:01:00+00:00")
    operator.json("schedule", "tick", "--now", "2099-11-30T09:00:00+00:00")
    empty = operator.json("schedule", "tick", "--now", "2099-12-07T09:00:00+00:00")

    assert (first["state"], again["state"]) == ("done", "waiting")
    assert empty["note"] == "nothing new: no mail"
    assert len(letters(operator)) == 6
    assert [issue["state"] for issue in operator.json("issue", "list")] == ["settled", "settled"]


def test_a_reader_leaves_by_the_link_in_the_letter_and_gets_no_further_one(operator):
    operator.readers(2)
    operator.must("content", "import", str(SAMPLES))
    operator.must("schedule", "tick", "--now", "2099-11-23T09:00:00+00:00")
    leaver = letters(operator)[0]
    path = re.search(r"<http://localhost(/unsubscribe/[^>]+)>", leaver["List-Unsubscribe"])
    assert path is not None

    with operator.serving("--passive") as (url, _):
        assert httpx.get(url + path[1]).status_code == 200
        assert state_of(operator, leaver["To"]) == "active"
        assert httpx.post(url + path[1], content="List-Unsubscribe=One-Click").status_code == 200
    operator.must("schedule", "tick", "--now", "2099-11-30T09:00:00+00:00")

    assert state_of(operator, leaver["To"]) == "unsubscribed"
    assert [letter["To"] for letter in letters(operator)].count(leaver["To"]) == 1
    assert len(letters(operator)) == 3


def test_serve_answers_as_soon_as_it_says_so_and_stops_cleanly(operator):
    with operator.serving() as (url, process):
        assert httpx.get(f"{url}/healthz").json() == {"status": "ok"}
        assert httpx.get(f"{url}/readyz").status_code == 200
    assert process.returncode == 0


def test_a_refusal_is_one_line_with_its_code_and_exit_1(operator):
    for words, code in (
        (("issue", "send"), "no-such-issue"),
        (("issue", "build"), "nothing-new"),
        (("issue", "show", "7"), "no-such-issue"),
        (("issue", "pin", "a-vs-b"), "no-such-comparison"),
    ):
        done = operator.run(*words)
        assert done.returncode == 1
        assert done.stderr.startswith(f"{code}: ")
        assert done.stderr.count("\n") == 1


def test_a_wrong_setting_is_named_with_what_to_write_and_exit_2(operator):
    done = operator.run("issue", "list", SEND_AT="1 09:00")
    missing = operator.run("issue", "list", TRANSPORT="smtp")

    assert done.returncode == 2
    assert "mon" in done.stderr
    assert missing.returncode == 2
    assert "NEWSLETTER_SMTP_URL" in missing.stderr


def test_without_a_postal_address_nothing_leaves(tmp_path):
    operator = Operator(tmp_path / "data", POSTAL_ADDRESS="")
    operator.readers(1)
    operator.must("content", "import", str(SAMPLES))
    operator.must("issue", "build")

    done = operator.run("issue", "send")

    assert done.returncode == 1
    assert "postal-address" in done.stderr
    assert letters(operator) == []
