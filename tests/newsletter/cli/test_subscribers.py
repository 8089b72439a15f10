import json
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from newsletter.cli.subscribers import app
from newsletter.settings import load
from newsletter.web.app import create_app
from newsletter.wiring import build
from subscribers.tokens import Purpose
from tests.factories import store_comparisons

FILES = Path(__file__).parents[2] / "subscribers" / "files"


@pytest.fixture
def run(data):
    """Run a command on an empty service of its own."""
    env = {"NEWSLETTER_DATA_DIR": str(data)}

    def runs(*words, given=None):
        return CliRunner().invoke(app, words, env=env, input=given)

    return runs


def answer(result):
    return json.loads(result.stdout)


def test_somebody_is_added_shown_and_exported(run):
    added = run("add", "Ines@Reader.example", "--consent", "by phone", "--name", "Ines", "--json")

    whole = answer(run("show", "ines@reader.example", "--json"))
    text = run("export").stdout

    assert answer(added)["state"] == "active"
    assert whole["consents"][0]["source"] == "by phone"
    assert whole["subscriber"]["public_id"] == answer(added)["id"]
    assert "Ines@reader.example,Ines,active" in text


def test_what_is_said_about_an_address_is_masked(run):
    said = run("add", "ines@reader.example", "--consent", "by phone").output

    assert "i…@reader.example" in said
    assert "ines@" not in said


def test_an_import_tells_of_topics_and_tools_that_nothing_is_about(run, data):
    given = (
        "email,topics,follows\nines@reader.example,Gardening,\nomar@reader.example,,left-1;left-9\n"
    )
    words = ("import", "-", "--consent", "a list")
    before = run(*words, "--dry-run", given=given)
    wired = build(load(data_dir=data))
    with wired.database.writing() as session:
        store_comparisons(session, 1)
    wired.close()

    after = run(*words, given=given)

    assert before.stdout.splitlines()[:-1] == []  # of an empty catalogue nothing is missed
    told = "i…@reader.example: no match-up is on the topic 'Gardening'"
    as_well = "o…@reader.example: no match-up is about the tool 'left-9'"
    assert after.exit_code == 0
    assert after.stdout.splitlines()[:-1] == [
        f"line 2: added, {told} so far: it brings no letter",
        f"line 3: added, {as_well} so far: it brings no letter",
    ]


def test_the_timeline_is_told_in_order(run):
    run("add", "ines@reader.example", "--consent", "by phone")
    run("suppress", "ines@reader.example", "--reason", "asked by letter")

    lines = run("show", "ines@reader.example").stdout.splitlines()

    assert [line.split("  ")[1] for line in lines if " UTC " in line] == [
        "nobody > active, by operator",
        "consent: imported, by operator: by phone",
        "active > suppressed, by operator: asked by letter",
    ]


def test_wishes_are_shown_as_people_would_write_them(run):
    line = "ines@reader.example,monthly,Audio;Design,alpha,nb"
    given = f"email,cadence,topics,follows,locale\n{line}\n"
    run("import", "-", "--consent", "a list", given=given)

    lines = run("show", "ines@reader.example").stdout.splitlines()

    facts = dict(line.split(maxsplit=1) for line in lines if line and "UTC" not in line)
    told = [facts[name] for name in ("cadence", "topics", "follows", "locale")]
    assert told == ["monthly", "Audio, Design", "alpha", "nb"]


def test_a_dry_run_says_what_the_import_then_does(run):
    file = str(FILES / "ghost.csv")

    dry = answer(run("import", file, "--consent", "the old site", "--dry-run", "--json"))
    real = answer(run("import", file, "--consent", "the old site", "--json"))

    assert dry == real | {"dry_run": True}
    assert real["added"] == 2


def test_an_import_reads_standard_input(run):
    result = run("import", "-", "--consent", "a list", given="email\nines@reader.example\n")

    assert result.exit_code == 0
    assert "1 added" in result.stdout


def test_refused_lines_are_named_and_the_exit_code_says_so(run):
    result = run("import", str(FILES / "broken_lines.csv"), "--consent", "a list")

    assert result.exit_code == 1
    assert "line 5: refused" in result.stdout
    assert "2 added" in result.stdout


def test_without_a_consent_the_lines_say_what_to_do(run):
    result = run("import", str(FILES / "mailcoach.csv"))

    assert result.exit_code == 1
    assert "--consent" in result.stdout


def test_an_export_comes_back_as_it_was(run, tmp_path):
    run("import", str(FILES / "listmonk.csv"), "--consent", "the old site")
    file = tmp_path / "list.csv"

    written = answer(run("export", str(file), "--json"))["written"]
    again = answer(run("import", str(file), "--consent", "the old site", "--json"))

    assert written == again["unchanged"] == 2


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("add", "no address", "--consent", "by phone"), 1),
        (("add", "ines@reader.example"), 2),
        (("show", "nobodynobody"), 1),
        (("import", "missing.csv"), 2),
        (("import", str(FILES / "no_address_column.csv")), 1),
        (("suppress", "ines@reader.example"), 2),
        (("export", "--json"), 2),
    ],
)
def test_a_refusal_exits_with_one_and_a_wrong_word_with_two(run, words, code):
    assert run(*words).exit_code == code


def test_an_operator_can_unsubscribe_suppress_release_and_erase(run):
    run("add", "ada@example.org", "--consent", "paper list")

    assert run("unsubscribe", "ada@example.org").stdout == "a…@example.org is now unsubscribed\n"
    assert "now suppressed" in run("suppress", "ada@example.org", "--reason", "asked").stdout
    assert "now released" in run("release", "ada@example.org", "--reason", "mistake").stdout
    assert "nothing stood against a…@" in run("release", "ada@example.org", "--reason", "m").stdout
    assert "now erased" in run("erase", "ada@example.org", "--yes").stdout
    assert run("show", "ada@example.org").exit_code == 1
    assert json.loads(run("count", "--json").stdout)["erased"] == 1


def test_withdrawn_links_lead_nowhere_but_out(run, tmp_path):
    public_id = answer(run("add", "ines@reader.example", "--consent", "by phone", "--json"))["id"]
    wired = build(load(data_dir=tmp_path / "data"))
    preferences = wired.signer.sign(Purpose.PREFERENCES, public_id)
    leave = wired.signer.sign(Purpose.UNSUBSCRIBE, public_id)

    said = run("withdraw-links", "ines@reader.example").stdout

    site = TestClient(create_app(wired))
    assert site.get(f"/manage/{preferences}").status_code == 404
    assert site.post(f"/unsubscribe/{leave}").status_code == 200
    assert said == "the links of i…@reader.example lead nowhere now, except those for leaving\n"


def test_those_who_asked_are_answered_by_a_command_too(run, tmp_path):
    wired = build(load(data_dir=tmp_path / "data"))
    TestClient(create_app(wired)).post("/subscribe", data={"email": "ines@reader.example"})
    wired.close()

    before = answer(run("answer", "--dry-run", "--json"))
    done = run("answer", "--json")
    after = run("answer", "--dry-run")

    assert (before, answer(done)) == ({"waiting": 1}, {"letters": 1})
    assert after.stdout == "0 wait for an answer\n"
    [letter] = (tmp_path / "data" / "outbox" / "confirm").iterdir()
    assert b"To: ines@reader.example" in letter.read_bytes()
