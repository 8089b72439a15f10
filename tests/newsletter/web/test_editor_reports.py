"""What became of an issue, and how the list grows: pages that say it in words, tables and pictures."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert
from sqlmodel import col, select, update

from newsletter.clicks.models import LinkClicks
from newsletter.delivery.models import Delivery
from newsletter.editors.roles import Role
from newsletter.issues import frozen
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState
from newsletter.leaving import leave
from newsletter.service import Service
from newsletter.votes.models import Vote
from subscribers.models import StateChange, Subscriber
from subscribers.unsubscribe import By
from tests.factories import MONDAY, add_many_subscribers
from tests.newsletter.feedback.telling import ISSUE, Told, issue_to
from tests.newsletter.votes.leaving import answer, begin_the_next
from tests.newsletter.web.editing import signed_in, statements, words

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

REPORT, GROWTH = f"/editor/issues/{ISSUE}/report", "/editor/growth"
EVIL = "<script>alert(1)</script>"


@pytest.fixture
def sent(service):
    issue_to(service, 6)
    with service.database.writing() as session:
        issue = session.get_one(Issue, ISSUE)
        issue.audience = 6
        session.add(issue)
    return service


def heard(service):
    return replace(service.listener, clock=lambda: MONDAY + timedelta(hours=3))


def page(service, path=REPORT, role=Role.VIEWER):
    return words(signed_in(service, role).get(path).text)


def test_before_it_leaves_there_is_nothing_to_tell(service):
    with service.database.writing() as session:
        session.add(
            Issue(number=1, schedule="weekly", local_date=MONDAY.date(), nonce="n", created_at=MONDAY)
        )  # fmt: skip

    assert "It has not begun to leave." in page(service)


def test_the_books_and_what_came_back_are_told_in_words(sent):
    hear = heard(sent).hear
    hear(Told(sent, 1).delivered())
    hear(Told(sent, 2).bounced())
    hear(Told(sent, 3).bounced("SoftBounce"))
    hear(Told(sent, 4).bounced("Blocked"))
    hear(Told(sent, 5).bounced("SpamComplaint"))
    with sent.database.writing() as session:
        skipped = {"state": "skipped", "reason": "unsubscribed"}
        who = Told(sent, 6).reader.id
        session.execute(
            update(Delivery).where(col(Delivery.subscriber_id) == who).values(**skipped)
        )

    shown = page(sent)

    assert "6 eligible = 5 accepted + 0 rejected + 1 skipped + 0 held." in shown
    assert "not written to: had left by then 1" in shown
    assert "Came back for good there is no such mailbox 1" in shown
    assert "Came back, perhaps not for good full, or closed for a while 1" in shown
    assert "Refused by the receiving server our sender is blocked there 1" in shown
    assert "called spam 1" in shown


def test_of_copies_that_are_no_longer_kept_it_says_so_and_counts_nothing(sent):
    with sent.database.writing() as session:
        session.execute(update(Issue).values(state=IssueState.SETTLED.value))
        session.execute(delete(Delivery))

    shown = page(sent)

    assert "6 eligible. Their copies are no longer kept" in shown
    for counted in ("0 accepted", "still leaving", "Nothing came back", "Came back for good 0"):
        assert counted not in shown


def test_who_left_is_told_by_the_way_they_took(sent):
    with sent.database.writing() as session:
        for number, source, by in (
            (1, "one-click", By(issue=ISSUE)),
            (2, "page", By(issue=ISSUE)),
            (3, "mailto", By("message")),
        ):
            leave(session, Told(sent, number).reader.public_id, now=MONDAY, source=source, by=by)

    shown = page(sent)

    assert "by the button of their mail program 1" in shown
    assert "by its link, and the button of our page 1" in shown
    assert "by a mail to their own address for leaving, while it was the newest 1" in shown


def test_the_button_of_our_page_says_that_it_is_one_and_a_mail_program_does_not(sent):
    client = signed_in(sent, Role.VIEWER)
    for number, by in ((1, "?by=page"), (2, "")):
        person = Told(sent, number).reader.public_id
        path = f"/unsubscribe/{sent.signer.sign_letters([1], [(person, 0)], issue=ISSUE)[0][0]}"
        assert 'action="?by=page"' in client.get(path).text
        assert client.post(path + by).status_code == 200

    shown = page(sent)

    assert "by the button of their mail program 1" in shown
    assert "by its link, and the button of our page 1" in shown


def test_votes_are_shown_with_what_is_told_of_them(sent):
    assert "Nobody voted on it." in page(sent)
    answer(sent, 1, a=20, b=10, neither=3)
    assert "Left 1 20 · Right 1 10 · neither 3 Told as 67% for Left 1, 33% for Right 1" in page(
        sent
    )
    assert "Votes are taken until the next issue leaves" in page(sent)

    begin_the_next(sent)
    answer(sent, 1, number=2, a=24)
    assert "Votes are closed" in page(sent)
    assert "Not told: fewer than 25 votes" in page(sent, "/editor/issues/2/report")


def test_where_clicks_are_not_counted_one_sentence_says_so_and_no_number_stands_there(sent):
    shown = page(sent)

    assert "no link of this issue is tracked, and nobody knows who followed one" in shown
    assert "Machine" not in shown
    assert "Human" not in shown


def test_where_they_are_they_stand_by_link_and_by_who_followed_it(sent):
    with sent.database.writing() as session:
        issue = session.get_one(Issue, ISSUE)
        issue.tracks_clicks = True
        [row] = frozen.view(issue).match_ups
        session.add(issue)
        session.flush()
        session.add_all(
            LinkClicks(issue_number=ISSUE, link=row.url, verdict=verdict, copies=copies)
            for verdict, copies in (("human", 41), ("machine", 1200))
        )

    assert "Left 1 vs Right 1 41 0 1,200" in page(sent)


def test_it_is_compared_with_the_issue_before(sent):
    begin_the_next(sent)

    shown = page(sent, "/editor/issues/2/report")

    assert "Issue 2 Issue 1" in shown
    assert "For readers 0 6" in shown


def test_growth_is_a_picture_with_words_and_a_table_behind_it(sent):
    client = signed_in(sent, Role.VIEWER)
    with sent.database.writing() as session:
        person = Told(sent, 1).reader.public_id
        leave(session, person, now=MONDAY, source="page", by=By(issue=ISSUE))
    html = client.get(GROWTH).text
    shown = words(html)

    assert "5 readers In 26 weeks 6 joined, 1 left, and 0 were lost." in shown
    assert "16 Nov 2026 6 0 0 6" in shown
    assert "23 Nov 2026 so far 0 1 0 5" in shown
    assert html.count('role="img"') == 3
    assert html.count("<desc id=") == 3
    assert "style=" not in html
    assert "<style" not in html
    assert "1 30 Nov 2026 6 0 0 0 1" in shown


def test_without_readers_and_issues_it_is_a_page_too(service):
    assert "0 readers" in page(service, GROWTH)
    assert "None has left yet." in page(service, GROWTH)


def test_whatever_stands_in_rows_is_shown_as_text(sent):
    with sent.database.writing() as session:
        issue = session.get_one(Issue, ISSUE)
        issue.subject = EVIL
        session.add(issue)
        session.execute(
            update(Delivery).values(reason=EVIL, feedback="bounced", feedback_reason=EVIL)
        )
        leave(session, Told(sent).reader.public_id, now=MONDAY, source=EVIL, by=By(issue=ISSUE))
    html = signed_in(sent, Role.OWNER).get(REPORT).text

    assert EVIL not in html
    assert html.count("alert(1)") >= 4


def test_what_the_pages_ask_of_the_database_does_not_grow(sent):
    client = signed_in(sent, Role.VIEWER)
    few = {path: statements(sent.database, client, path) for path in (REPORT, GROWTH)}
    _fill(sent)

    for path, before in few.items():
        assert statements(sent.database, client, path) == before
        assert before < 20


def _fill(service: Service) -> None:
    """Give it 300 more readers with a copy, a step and a vote each, and 58 more issues."""
    with service.database.writing() as session:
        session.execute(update(Subscriber).values(email=None, address_key=None, address_hash=None))
        add_many_subscribers(session, 300)
        new = session.exec(select(Subscriber.id).where(col(Subscriber.email).is_not(None))).all()
        copy = {"issue_number": ISSUE, "batch": 1, "state": "accepted"}
        step = {
            "from_state": "pending",
            "to_state": "active",
            "event": "confirmed",
            "actor": "reader",
        }
        vote = {"issue_number": ISSUE, "comparison_id": 1, "choice": "a", "changed_at": MONDAY}
        session.execute(insert(Delivery), [copy | {"subscriber_id": who} for who in new])
        session.execute(
            insert(StateChange), [step | {"subscriber_id": who, "at": MONDAY} for who in new]
        )
        session.execute(insert(Vote), [vote | {"cast_at": MONDAY} for _ in new])
        issue = {
            "schedule": "weekly",
            "nonce": "n",
            "created_at": MONDAY,
            "state": "settled",
        } | dict.fromkeys(("html", "text", "content", "passed_over"), "")
        earlier = [(number, MONDAY - timedelta(weeks=number)) for number in range(2, 60)]
        session.execute(
            insert(Issue),
            [
                issue | {"number": number, "local_date": at.date(), "sending_at": at, "audience": 1}
                for number, at in earlier
            ],
        )
