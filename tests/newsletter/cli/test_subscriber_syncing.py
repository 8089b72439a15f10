"""``subscribers sync`` says what a list of the provider lacks, and believes it on an operator's word."""

import json
from datetime import timedelta

from typer.testing import CliRunner

from newsletter.cli.subscribers import app
from newsletter.feedback.reactivating import AT_ONCE
from newsletter.settings import load
from newsletter.testing.postmark.process import TOKEN, running_postmark
from newsletter.wiring import build
from subscribers import queries
from subscribers.states import State
from tests.factories import add_subscribers

MANY = AT_ONCE + 1


def test_a_list_that_lacks_too_many_is_believed_when_an_operator_says_so(
    data, tmp_path, monkeypatch
):
    with running_postmark(tmp_path / "log") as postmark:
        for name, value in {
            "DATA_DIR": str(data),
            "TRANSPORT": "postmark",
            "POSTMARK_SERVER_TOKEN": TOKEN,
            "POSTMARK_API_URL": postmark.url,
            "FROM": "Test Letter <digest@example.org>",
            "BASE_URL": "https://news.example.org",
            "POSTAL_ADDRESS": "1 Test Street",
        }.items():
            monkeypatch.setenv(f"NEWSLETTER_{name}", value)
        service = build(load())
        with service.database.writing() as session:
            people = add_subscribers(session, MANY, pepper=service.pepper)
            emails = [person.email for person in people]
        long_ago = (postmark.clock() - timedelta(hours=5)).isoformat()
        change = {"kind": "SubscriptionChange", "origin": "Customer", "at": long_ago}
        postmark.events(*({**change, "to": email} for email in emails))

        def run(*words):
            result = CliRunner().invoke(app, ["sync", *words])
            assert result.exit_code == 0, result.output
            return result.stdout

        assert json.loads(run("--json"))["moved"] == MANY
        postmark.reset()
        assert f"{MANY} more seem to have ended, too many at once: --believe" in run()
        looked = json.loads(run("--believe", "--dry-run", "--json"))
        assert (looked["reactivated"], looked["doubted"]) == (MANY, 0)
        assert f"{MANY} suppressions ended at the provider" in run("--believe")
        with service.database.reading() as session:
            assert queries.counts(session)[State.ACTIVE] == MANY
        service.close()
