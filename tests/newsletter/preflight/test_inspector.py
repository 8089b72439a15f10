"""Preflight of whole issues: a real database, the real router, a site on a free port."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from newsletter.content.catalogue.store import save
from newsletter.database import Database
from newsletter.delivery.message import Outcome, Receipt, Stream
from newsletter.delivery.transports.memory import MemoryTransport
from newsletter.desk import Desk
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueEvent
from newsletter.preflight.passing import PreflightFailed
from newsletter.preflight.surroundings import Band
from newsletter.rendering.checks import Finding
from tests.factories import MONDAY, add_subscribers, make_comparison, make_desk, store_comparisons
from tests.newsletter.links.site import Site, running_site

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

WEEK = timedelta(days=7)


@pytest.fixture
def site() -> Iterator[Site]:
    with running_site() as running:
        yield running


@pytest.fixture
def desk(database: Database) -> Desk:
    with database.writing() as session:
        add_subscribers(session, 12)
        store_comparisons(session, 2)
    return make_desk(database)


def build(desk: Desk) -> Issue:
    return desk.build(desk.slots.to_build(), actor="test")


def codes(desk: Desk, issue: Issue) -> list[str]:
    return [found.code for found in desk.preflight(issue)]


def on_loopback(desk: Desk, issue: Issue) -> list[Finding]:
    """Leave out that the site of the tests speaks no https."""
    return [found for found in desk.preflight(issue) if found.code != "link-not-https"]


def with_html(issue: Issue, old: str, new: str) -> Issue:
    assert old in issue.html
    issue.html = issue.html.replace(old, new)
    return issue


def test_a_good_issue_has_no_finding(desk):
    assert desk.preflight(build(desk)) == []


class Asked(MemoryTransport):
    """A provider that says beforehand what keeps letters from leaving."""

    def __init__(self, problems: dict[Stream, Receipt]) -> None:
        super().__init__()
        self.problems = problems

    def check(self) -> dict[Stream, Receipt]:
        return self.problems


CLOSED = Receipt(Outcome.NOT_TAKEN, code="10", detail="The token is wrong.", needs_operator=True)


def test_what_the_provider_would_not_take_stays_a_draft_and_only_its_own_stream_counts(desk):
    issue = build(desk)
    of_notices = make_desk(desk.database, Asked({"transactional": CLOSED}))
    of_letters = make_desk(desk.database, Asked({"broadcast": CLOSED}))

    with pytest.raises(PreflightFailed, match="way-out-closed"):
        of_letters.send(issue.number, actor="test")

    assert of_letters.issue().state == "draft"
    assert codes(of_notices, issue) == []


def test_a_good_issue_with_pages_on_the_site_has_no_finding_and_asks_each_once(desk, site):
    with_site = make_desk(desk.database, site_url=site.url(""))
    issue = build(with_site)

    first, second = on_loopback(with_site, issue), on_loopback(with_site, issue)

    assert first == second == []
    assert site.asked == {
        "HEAD /compare/left-1-vs-right-1": 1,
        "HEAD /compare/left-2-vs-right-2": 1,
    }


def test_a_dead_page_on_the_site_holds_and_names_its_address(desk, site):
    site.answer = 410
    with_site = make_desk(desk.database, site_url=site.url(""))

    findings = on_loopback(with_site, build(with_site))

    assert {(found.code, found.level) for found in findings} == {("link-dead", "hold")}
    assert [found.where for found in findings] == [
        site.url("/compare/left-1-vs-right-1"),
        site.url("/compare/left-2-vs-right-2"),
    ]


def test_a_site_in_trouble_is_only_noted(desk, site):
    site.answer = 503
    with_site = make_desk(desk.database, site_url=site.url(""))

    findings = on_loopback(with_site, build(with_site))

    assert {(found.code, found.level) for found in findings} == {("link-silent", "note")}


def test_with_the_check_switched_off_no_other_host_is_asked(desk, site):
    site.answer = 410
    quiet = make_desk(desk.database, site_url=site.url(""), check_links=False)

    assert on_loopback(quiet, build(quiet)) == []
    assert not site.asked


def test_links_into_this_service_are_never_asked_over_the_network(desk, site):
    """A site of another service stands at our public address, and would answer 404."""
    site.answer = 404
    here = make_desk(desk.database, base_url=site.url(""))

    assert here.preflight(build(here)) == []
    assert not site.asked


def test_a_link_to_a_page_that_this_service_has_not_got_blocks(desk):
    issue = with_html(build(desk), "/how-verdicts-are-made", "/how-it-was-done")

    [finding] = [found for found in desk.preflight(issue) if found.code == "page-unanswered"]

    assert finding.where == "/how-it-was-done"


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("unsubscribe", "unsubscribe-unanswered"),
        ("manage", "preferences-unanswered"),
        ("vote", "vote-unanswered"),
    ],
)
def test_a_personal_link_that_no_token_opens_blocks_and_shows_no_token(desk, path, code):
    issue = with_html(build(desk), f"/{path}/", f"/{path}/x")

    [finding] = [found for found in desk.preflight(issue) if found.code == code]

    assert finding.where.startswith(f"/{path}/x…")


def test_an_anchor_that_the_archive_page_has_not_got_blocks(desk):
    issue = with_html(build(desk), "#c-left-1-vs-right-1", "#c-nowhere")

    [finding] = [found for found in desk.preflight(issue) if found.code == "page-unanswered"]

    assert finding.where == f"/archive/{issue.number}#c-nowhere"


def test_without_readers_the_links_of_a_test_copy_are_asked(database):
    with database.writing() as session:
        store_comparisons(session, 1)
    desk = make_desk(database)

    assert codes(desk, build(desk)) == ["audience-empty"]


def test_two_drafts_of_one_comparison_do_not_both_leave(desk):
    """The first was missed and is sent late, when the second one already is a draft."""
    first = build(desk)
    next_week = make_desk(desk.database, now=MONDAY + WEEK)
    second = next_week.build(next_week.slots.next(), actor="test")
    desk.send(first.number, actor="test")

    findings = next_week.preflight(second)

    assert [found.code for found in findings] == ["mailed-before"] * 2
    assert {found.where for found in findings} == {"Left 1 vs Right 1", "Left 2 vs Right 2"}
    assert all("issue 1" in found.message for found in findings)


def test_an_issue_that_has_left_is_not_its_own_earlier_one(desk):
    number = build(desk).number
    desk.send(number, actor="test")

    assert codes(desk, desk.issue(number)) == []


def test_the_audience_is_compared_with_the_last_issue_that_left(desk):
    desk.send(build(desk).number, actor="test")
    with desk.database.writing() as session:
        save(session, make_comparison("brand-new", "just-in"), now=MONDAY)
        add_subscribers(session, 25)
    next_week = make_desk(desk.database, now=MONDAY + WEEK)
    issue = build(next_week)

    [finding] = next_week.preflight(issue)

    assert (finding.code, finding.level) == ("audience-rose", "hold")
    assert "25 would get it, 13 more than issue 1" in finding.message
    wider = replace(next_week, inspector=replace(next_week.inspector, band=Band(20, 200)))
    assert wider.preflight(issue) == []


def test_a_header_that_would_be_smuggled_in_is_a_finding_and_no_traceback(desk):
    issue = build(desk)
    issue.subject = "Hello\r\nBcc: everybody@example.org"

    assert "not-composable" in codes(desk, issue)


def test_a_mark_that_nobody_fills_is_a_finding_and_no_traceback(desk):
    issue = build(desk)
    issue.text += f"@@{issue.nonce}:phone@@"

    assert {"not-composable", "mark-unknown"} <= set(codes(desk, issue))


@pytest.mark.parametrize("content", ["{}", "not JSON", '{"number": 1}', "[]", "null"])
def test_what_another_release_froze_and_nobody_can_read_is_a_finding(desk, content):
    issue = build(desk)
    issue.content = content

    [finding] = desk.preflight(issue)

    assert (finding.code, finding.level) == ("issue-unreadable", "block")
    assert "newsletter issue build 1" in finding.message


def test_a_paused_issue_that_nobody_can_read_is_not_told_to_be_built_again(desk):
    number = build(desk).number
    desk.dispatch.start(number, actor="test")
    desk.change(number, IssueEvent.PAUSED, actor="test")
    issue = desk.issue(number)
    issue.content = "{}"

    [finding] = desk.preflight(issue)

    assert (finding.code, finding.level) == ("issue-unreadable", "block")
    assert "newsletter issue build" not in finding.message
    assert "newsletter issue resume 1" in finding.message
    assert "newsletter issue cancel 1" in finding.message


def test_a_check_that_breaks_blocks(desk):
    def no_router():
        raise RuntimeError("reader1@example.org is in this message")

    broken = replace(desk, inspector=replace(desk.inspector, router=no_router))

    [finding] = broken.preflight(build(desk))

    assert (finding.code, finding.level) == ("preflight-broken", "block")
    assert "RuntimeError" in finding.message
    assert "@" not in finding.message


def test_an_issue_built_with_other_settings_is_only_told_to_be_built_again(desk, site):
    renamed = make_desk(desk.database, name="Other Name", site_url=site.url(""))

    assert codes(renamed, build(desk)) == ["settings-changed"]
    assert not site.asked


def test_the_rest_of_a_paused_issue_can_leave_under_a_mended_sender(desk):
    number = build(desk).number
    desk.dispatch.start(number, actor="test")
    desk.change(number, IssueEvent.PAUSED, actor="test")
    mended = make_desk(desk.database, sender="Letter <digest@mended.example.org>")

    assert [(found.code, found.level) for found in mended.preflight(mended.issue(number))] == [
        ("settings-changed", "hold")
    ]


def test_a_preview_is_filled_as_in_a_send_and_holds_no_mark(desk):
    issue = build(desk)

    files = desk.preview(issue)

    assert set(files) == {".html", ".txt", "-archive.html"}
    assert "reader@example.org" in files[".html"]
    assert not any(issue.nonce in content for content in files.values())
