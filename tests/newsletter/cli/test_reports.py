"""What a report says has to be done names the command that does it where it is read."""

from datetime import timedelta

import pytest

from newsletter.cli.reports import unfinished
from newsletter.delivery.books import Waiting
from newsletter.delivery.ramp import Stage
from newsletter.delivery.reconciling.standing import Doubts
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState
from schedules.windows import window_from
from tests.factories import MONDAY

WINDOW = window_from("mon 09:00", "UTC", timedelta(hours=6))
LEFT = {
    "a wave": Waiting(2, next_wave=MONDAY + timedelta(hours=5)),
    "a stage": Waiting(2, stage=Stage.ALL),
    "a refusal": Waiting(2, because="429: busy", next_try=MONDAY),
    "nothing": Waiting(2),
}


def told(waiting, *, by_jobs=False, state=IssueState.SENDING):
    issue = Issue(
        number=7, schedule="weekly", local_date=MONDAY.date(), nonce="", created_at=MONDAY
    )
    issue.state, issue.sending_at = state.value, MONDAY
    return "\n".join(unfinished(issue, waiting, Doubts(7, (), None), WINDOW, by_jobs=by_jobs))


@pytest.mark.parametrize("why", LEFT)
def test_where_workers_send_the_worker_is_named_and_nothing_that_would_not_send(why):
    by_workers, by_itself = told(LEFT[why], by_jobs=True), told(LEFT[why], by_jobs=False)

    assert "newsletter worker" in by_workers
    assert "serve" not in by_workers
    assert "issue send" not in by_workers
    assert "newsletter serve, or newsletter " in by_itself


@pytest.mark.parametrize("why", sorted(set(LEFT) - {"a wave"}))
def test_the_command_that_goes_on_names_the_issue(why):
    assert "newsletter serve, or newsletter issue send 7, " in told(LEFT[why])


def test_the_command_that_resumes_names_the_issue():
    assert told(LEFT["a refusal"], state=IssueState.HELD).endswith(": newsletter issue resume 7")
