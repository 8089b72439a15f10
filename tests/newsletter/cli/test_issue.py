import orjson
import pytest
from sqlmodel import select
from typer.testing import CliRunner

from newsletter.cli import app
from newsletter.issues.composing import Composer
from newsletter.issues.models import Issue
from newsletter.issues.rewording import IssuePart, Words
from newsletter.service import Service
from newsletter.settings import load
from newsletter.wiring import build
from schedules.windows import WEEK
from subscribers.models import Subscriber
from subscribers.wishes import Wishes, choose
from tests.factories import SEEN, add_subscribers, store_comparisons


@pytest.fixture(autouse=True)
def _some_work(monkeypatch, data):
    """Two comparisons and three subscribers, in the data folder that commands will find."""
    monkeypatch.setenv("NEWSLETTER_POSTAL_ADDRESS", "1 Test Street")
    monkeypatch.setenv("NEWSLETTER_LOG_LEVEL", "error")
    wired: Service = build(load(), clock=lambda: SEEN)
    with wired.database.writing() as session:
        store_comparisons(session, 2)
        add_subscribers(session, 3)
    wired.close()


def run(*words):
    return CliRunner().invoke(app, list(words))


def json(*words):
    done = run(*words, "--json")
    assert done.exit_code == 0, done.output
    return orjson.loads(done.stdout)


def test_the_whole_life_of_an_issue_with_its_answers():
    assert json("issue", "build")["state"] == "draft"
    assert json("issue", "approve")["state"] == "approved"
    assert json("issue", "hold", "--reason", "odd")["note"] == "odd"
    assert json("issue", "release")["state"] == "draft"
    rehearsed = json("issue", "send", "--dry-run")
    assert (rehearsed["audience"], rehearsed["batches"], rehearsed["blocked_by"]) == (3, 1, [])
    assert json("issue", "send")["balanced"] is True
    assert json("issue", "report")["unfinished"] == []
    assert [issue["state"] for issue in json("issue", "list")] == ["settled"]


def test_building_a_held_issue_again_does_not_let_it_go():
    run("issue", "build")
    run("issue", "hold", "--reason", "odd")

    rebuilt = json("issue", "build")

    assert (rebuilt["state"], rebuilt["note"]) == ("held", "odd")
    assert run("issue", "send").exit_code == 1


def test_a_send_that_did_not_finish_says_why_and_what_to_do_and_exits_1(monkeypatch):
    run("issue", "build")
    monkeypatch.setenv("NEWSLETTER_TRANSPORT", "smtp")
    monkeypatch.setenv("NEWSLETTER_SMTP_URL", "smtp://127.0.0.1:1")
    monkeypatch.setenv("NEWSLETTER_BASE_URL", "https://news.verdicts.internal")
    monkeypatch.setenv("NEWSLETTER_FROM", "Letter <digest@news.verdicts.internal>")
    run("issue", "build")

    done = run("issue", "send")

    assert done.exit_code == 1
    assert "cannot use the SMTP server" in done.stdout
    assert "tries again after" in done.stdout


def test_an_issue_built_with_other_settings_is_not_sent_before_it_is_built_again(monkeypatch):
    run("issue", "build")
    monkeypatch.setenv("NEWSLETTER_NAME", "Another Name")

    refused = run("issue", "send")
    run("issue", "build")
    sent = run("issue", "send")

    assert (refused.exit_code, sent.exit_code) == (1, 0)
    assert "settings-changed" in refused.stderr


def test_a_rehearsal_of_what_cannot_be_sent_says_so():
    run("issue", "build")
    run("issue", "hold")

    done = run("issue", "send", "--dry-run")

    assert done.exit_code == 1
    assert "it is held" in done.stdout


def test_a_rehearsal_tells_readers_batches_and_by_when_it_would_be_gone():
    run("issue", "build")

    done = run("issue", "send", "--dry-run")

    said, until = done.stdout.splitlines()
    assert said == "issue 1 would go to 3 subscribers in 1 batch"
    assert until.startswith("not after ")


def test_a_rehearsal_before_its_time_says_from_when_on():
    run("issue", "build")
    day = json("issue", "show")["date"]
    run("issue", "window", "--not-before", f"{day} 10:30")

    done = run("issue", "send", "--dry-run")

    assert done.exit_code == 1
    assert "would not be sent: too early, not before" in done.stdout
    assert "10:30" in done.stdout


def test_what_nobody_wishes_for_is_not_sent_and_a_rehearsal_says_why():
    run("issue", "build")
    elsewhere = Wishes("followed", follows=frozenset({"a-tool-of-no-issue"}))
    wired = build(load(), clock=lambda: SEEN)
    with wired.database.writing() as session:
        for reader in session.exec(select(Subscriber)).all():
            choose(session, reader.public_id, elsewhere, now=SEEN, source="test")
    wired.close()

    rehearsed, sent = run("issue", "send", "--dry-run"), run("issue", "send")

    assert rehearsed.exit_code == 1
    assert "would not be sent: nobody wishes for anything in it" in rehearsed.stdout
    assert sent.exit_code == 1
    assert sent.stderr.splitlines()[-1].startswith("empty-audience: ")
    assert json("issue", "show", "1")["state"] == "draft"


def test_sending_what_is_held_says_how_to_release_it():
    run("issue", "build")
    run("issue", "hold")

    refused = run("issue", "send")

    assert refused.exit_code == 1
    assert "newsletter issue release 1" in refused.stderr


@pytest.mark.parametrize("command", ["hold", "pause", "cancel"])
def test_a_reason_without_its_option_is_told_about_it(command):
    run("issue", "build")

    refused = run("issue", command, "odd numbers")

    assert refused.exit_code == 2
    assert "--reason" in refused.stderr
    assert json("issue", "show", "1")["state"] == "draft"


@pytest.mark.parametrize(
    "words",
    [
        ("show", "9" * 20),
        ("preflight", "9" * 20),
        ("test", "a@example.org", "--number", "9" * 20),
        ("reword", "subject", "Fine", "--issue", "9" * 20),
        ("unword", "subject", "--issue", "9" * 20),
    ],
)
def test_a_number_that_no_database_holds_is_no_issue(words):
    run("issue", "build")

    refused = run("issue", *words)

    assert refused.exit_code == 1
    assert refused.stderr.startswith(f"no-such-issue: there is no issue {'9' * 20}; ")


def test_a_test_copy_says_what_became_of_it():
    run("issue", "build")

    assert json("issue", "test", "me@example.org")["outcome"] == "accepted"


def test_a_new_issue_can_be_built_after_this_weeks_was_sent_or_cancelled():
    run("issue", "build")
    run("issue", "cancel")

    second = json("issue", "build")

    assert second["number"] == 2


def test_decide_wants_one_of_two_words():
    run("issue", "build")

    assert run("issue", "decide").exit_code == 2


def broken(change):
    """Change the frozen issue behind the commands' back."""
    wired: Service = build(load(), clock=lambda: SEEN)
    with wired.database.writing() as session:
        change(session.get(Issue, 1))
    wired.close()


def unfinished(issue):
    issue.subject = "TODO: a better subject"


def without_way_out(issue):
    issue.html = issue.html.replace("/unsubscribe/", "/leave/")


def test_preflight_with_notes_alone_exits_0_and_says_level_code_what_and_where():
    run("issue", "build")

    assert json("issue", "preflight") == [
        {
            "level": "note",
            "code": "editors-missing",
            "message": "nobody is told when an issue is held; set NEWSLETTER_EDITORS",
            "where": "settings",
        }
    ]


def test_preflight_with_nothing_to_say_says_so(monkeypatch):
    monkeypatch.setenv("NEWSLETTER_EDITORS", "editor@example.org")
    run("issue", "build")

    assert run("issue", "preflight").stdout == "issue 1: nothing found\n"


@pytest.mark.parametrize(
    ("change", "level", "code"),
    [(unfinished, "hold", "subject-unfinished"), (without_way_out, "block", "unsubscribe-missing")],
)
def test_preflight_exits_1_when_something_blocks_or_holds(change, level, code):
    run("issue", "build")
    broken(change)

    done = run("issue", "preflight", "1")

    assert done.exit_code == 1
    assert f"{level:<6} {code} " in done.stdout


def test_an_editors_word_lets_pass_what_holds_and_shows_it():
    run("issue", "build")
    run("issue", "reword", "subject", "TODO: a better subject")
    run("issue", "build")

    rehearsed = run("issue", "send", "--dry-run")
    approved = run("issue", "approve")
    noted = json("issue", "show")["note"]
    sent = run("issue", "send", "--json")

    for done in (rehearsed, approved, sent):
        assert done.exit_code == 0, done.output
        assert "subject-unfinished" in done.stderr
    assert noted == "in spite of subject-unfinished (subject)"
    assert orjson.loads(sent.stdout)["balanced"] is True


@pytest.mark.parametrize("command", ["approve", "send"])
def test_an_editors_word_does_not_let_pass_what_blocks(command):
    run("issue", "build")
    broken(without_way_out)

    refused = run("issue", command)

    assert refused.exit_code == 1
    assert refused.stderr.startswith("preflight-failed: issue 1 is not sent: ")
    assert "[html" in refused.stderr
    assert json("issue", "show")["state"] == "draft"


def test_an_issue_that_nobody_can_read_is_a_finding_and_no_traceback():
    run("issue", "build")

    def unreadable(issue):
        issue.content = "{}"

    broken(unreadable)

    done = run("issue", "preflight", "--json")

    assert done.exit_code == 1
    assert [found["code"] for found in orjson.loads(done.stdout)] == ["issue-unreadable"]


def test_an_issue_that_nobody_can_read_is_listed_and_shown_and_only_its_preview_is_refused():
    before = json("issue", "build")

    def unreadable(issue):
        issue.content = "{}"

    broken(unreadable)

    assert json("issue", "list") == [before]
    assert json("issue", "show")["items"] == before["items"]
    refused = run("issue", "preview")
    assert refused.exit_code == 1
    assert refused.stderr.startswith("issue-unreadable: issue 1 ")
    assert "newsletter issue preflight 1" in refused.stderr


def test_one_of_a_slot_that_is_not_the_next_is_built_again_by_its_number():
    run("issue", "build")
    run("issue", "hold", "1", "--reason", "the numbers look odd")
    wired = build(load(), clock=lambda: SEEN)
    with wired.database.writing() as session:
        issue = session.get_one(Issue, 1)
        issue.local_date += WEEK
        issue.subject = "altered by hand"
    wired.close()

    tried = run("issue", "build", "1", "--dry-run")
    again = json("issue", "build", "1")

    assert tried.exit_code == 0
    assert (again["number"], again["state"]) == (1, "held")
    assert again["subject"] != "altered by hand"
    assert [one["number"] for one in json("issue", "list")] == [1]
    run("issue", "cancel", "1")
    assert "not-open" in run("issue", "build", "1").stderr
    assert json("issue", "build")["number"] == 2


@pytest.mark.parametrize("ending", ["send", "cancel"])
def test_a_rehearsal_of_building_what_is_over_is_refused_as_the_build_is(ending):
    run("issue", "build")
    run("issue", ending, "1")

    rehearsed, tried = run("issue", "build", "1", "--dry-run"), run("issue", "build", "1")

    assert (rehearsed.exit_code, tried.exit_code) == (1, 1)
    assert rehearsed.stdout == ""
    assert rehearsed.stderr == tried.stderr
    assert tried.stderr.startswith("not-open: issue 1 ")
    assert "build the next one with: newsletter issue build" in tried.stderr


def test_what_an_editor_changed_in_the_pages_is_taken_back_by_a_command():
    before = json("issue", "build")
    wired = build(load(), clock=lambda: SEEN)
    with wired.database.writing() as session:
        composer = Composer(session, wired.desk.press, 1, "editor 1", SEEN)
        composer.reword({IssuePart.SUBJECT: Words("A subject of our own")})
    wired.close()
    assert json("issue", "show")["subject"] == "A subject of our own"

    undone = json("issue", "undo")

    assert undone == {"number": 1, "undone": "reworded the subject", "made_by": "editor 1"}
    assert json("issue", "show")["hash"] == before["hash"]
    assert "nothing-to-undo" in run("issue", "undo").stderr


def test_the_roll_of_an_issue_is_written_to_a_private_file_or_to_standard_output(tmp_path):
    run("issue", "build")
    run("issue", "send")
    file = tmp_path / "roll.csv"

    written = json("issue", "copies", "1", str(file))
    printed = run("issue", "copies", "--only", "missed")

    assert written == {"number": 1, "file": str(file), "only": "all", "written": 3}
    assert file.stat().st_mode & 0o777 == 0o600
    header, *lines = file.read_text().splitlines()
    assert header.startswith("uuid,email,batch,state,reason,provider_id,")
    assert [line.split(",")[3] for line in lines] == ["accepted"] * 3
    assert printed.stdout.splitlines() == [header]
    assert "0 copies of issue 1 written" in printed.stderr
    assert run("issue", "copies", "--json").exit_code == 2
