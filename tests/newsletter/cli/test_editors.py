import json

import pytest
from typer.testing import CliRunner

from newsletter.cli.editors import app

INES = "ines@desk.example"


@pytest.fixture
def run(data):
    """Run a command on an empty service of its own."""
    env = {
        "NEWSLETTER_DATA_DIR": str(data),
        "NEWSLETTER_BASE_URL": "https://n.example",
    }

    def runs(*words):
        return CliRunner().invoke(app, words, env=env)

    return runs


def answer(result):
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_somebody_is_added_listed_changed_and_removed(run):
    added = answer(run("add", "Ines@Desk.example", "--role", "owner", "--json"))
    assert added == {"id": 1, "role": "owner", "added": True, "page": "https://n.example/editor"}
    assert answer(run("add", INES, "--role", "owner", "--json"))["added"] is False
    assert answer(run("role", INES, "viewer", "--json"))["changed"] is True
    [listed] = answer(run("list", "--json"))
    assert (listed["address"], listed["role"], listed["sessions"]) == (
        "Ines@desk.example",
        "viewer",
        0,
    )

    assert answer(run("remove", INES, "--json")) == {"id": 1, "removed": True}
    [listed] = answer(run("list", "--json"))
    assert listed["role"] is None
    assert "removed 20" in run("list").stdout


def test_a_link_is_printed_for_the_day_when_mail_is_down(run):
    run("add", INES, "--role", "editor")
    said = run("link", INES)

    assert said.stdout.startswith("https://n.example/editor/sign-in/nwl_")
    assert len(said.stdout.splitlines()) == 1
    assert "good once" in said.stderr
    assert answer(run("link", INES, "--json"))["expires_at"]


@pytest.mark.parametrize(
    ("words", "status", "code"),
    [
        (("link", "otto@desk.example"), 1, "unknown-editor"),
        (("role", "otto@desk.example", "owner"), 1, "unknown-editor"),
        (("remove", "otto@desk.example"), 1, "unknown-editor"),
        (("sign-out", "otto@desk.example"), 1, "unknown-editor"),
        (("add", INES, "--role", "viewer"), 1, "already-editor"),
        (("add", "no address", "--role", "viewer"), 1, "invalid-address"),
        (("add", INES), 2, ""),
        (("add", INES, "--role", "king"), 2, ""),
    ],
)
def test_what_is_refused_says_why(run, words, status, code):
    run("add", INES, "--role", "owner")
    said = run(*words)

    assert said.exit_code == status
    assert said.stderr.startswith(code)


def test_sessions_are_listed_and_ended(run):
    run("add", INES, "--role", "owner")

    assert answer(run("sessions", INES, "--json")) == []
    assert answer(run("sign-out", INES, "--json")) == {"id": 1, "ended": 0}
    assert "0 sessions" in run("sign-out", INES).stdout
