"""A letter that broke on Sunday night: Monday's run sends nothing and says why; an editor mends it."""

from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from newsletter.database import Database
from newsletter.issues.models import Issue
from tests.factories import add_subscribers, store_comparisons
from tests.journeys.commands import Operator

EDITORS = ("one@example.org", "two@example.org")
READERS = 3


def messages(operator: Operator, kind: str) -> list[EmailMessage]:
    files = sorted((operator.folder / "outbox").rglob(f"{kind}-*/*.eml"))
    return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]


def test_a_letter_that_broke_on_sunday_night_does_not_leave_on_monday(
    database: Database, tmp_path: Path
) -> None:
    operator = Operator(
        tmp_path / "data",
        DATABASE_URL=database.engine.url.render_as_string(hide_password=False),
        EDITORS=",".join(EDITORS),
    )
    with database.writing() as session:
        store_comparisons(session, 2)
        add_subscribers(session, READERS)
    operator.must("issue", "build")
    operator.must("issue", "approve")
    with database.writing() as session:
        issue = session.get(Issue, 1)
        assert issue is not None
        for part in ("html", "text"):
            whole = getattr(issue, part).replace("/how-verdicts-are-made", "/how-it-was-done")
            setattr(issue, part, whole)

    due = datetime.fromisoformat(operator.json("schedule", "show")["next"][0]["utc"])
    monday, again = (
        operator.json("schedule", "tick", "--now", instant.isoformat())
        for instant in (due, due + timedelta(minutes=1))
    )

    assert all(code in monday["note"] for code in ("letter-altered", "page-unanswered"))
    assert again["state"] == "waiting"
    assert messages(operator, "issue") == []
    told = messages(operator, "notice")
    assert sorted(notice["To"] for notice in told) == sorted(EDITORS)
    assert {notice["Subject"] for notice in told} == {
        monday["note"].replace("issue 1 held", "Weekly Verdict: Issue 1 is held")
    }
    assert "/how-it-was-done" in told[0].get_content()
    assert operator.run("issue", "preflight").returncode == 1

    operator.must("issue", "build")
    operator.must("issue", "release")
    operator.must("issue", "send")

    assert len(messages(operator, "issue")) == READERS
