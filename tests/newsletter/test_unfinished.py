"""Whether an issue that is not over gets on by itself."""

from datetime import timedelta

import pytest

from newsletter.delivery.books import Waiting
from newsletter.delivery.ramp import Stage
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState
from newsletter.unfinished import STANDSTILL, gets_on
from tests.factories import MONDAY

MINUTE = timedelta(minutes=1)
REST = timedelta(minutes=15)
NOTHING, STAGE = Waiting(1), Waiting(1, stage=Stage.ALL)
WAVE, LINE = Waiting(1, next_wave=MONDAY), Waiting(1, next_try=MONDAY)
REFUSED = Waiting(1, because="429: busy", next_try=MONDAY)


@pytest.mark.parametrize(
    ("state", "waiting", "idle", "in_doubt", "well"),
    [
        pytest.param("sending", NOTHING, STANDSTILL, False, True, id="it left just now"),
        pytest.param("sending", NOTHING, STANDSTILL + MINUTE, False, False, id="it stands still"),
        pytest.param("sending", NOTHING, None, False, False, id="it never left"),
        pytest.param("held", NOTHING, MINUTE, False, False, id="it is paused"),
        pytest.param(
            "held", WAVE, MINUTE, False, False, id="its wave would come, but for the pause"
        ),
        pytest.param("sending", WAVE, None, False, True, id="its wave is to come"),
        pytest.param("sending", LINE, None, False, True, id="the line is booked"),
        pytest.param("sending", REFUSED, None, False, False, id="the line refuses it"),
        pytest.param("sending", STAGE, STANDSTILL + REST, False, True, id="its stage rests"),
        pytest.param("sending", STAGE, 2 * STANDSTILL, False, False, id="its stage rests too long"),
        pytest.param("sending", STAGE, None, True, True, id="its stage waits for evidence"),
        pytest.param("cancelled", WAVE, None, False, False, id="it was given up"),
    ],
)
def test_an_issue_gets_on_while_it_waits_for_its_turn_or_left_just_now(
    state, waiting, idle, in_doubt, well
):
    issue = Issue(
        number=7, schedule="weekly", local_date=MONDAY.date(), nonce="", created_at=MONDAY
    )
    issue.state, issue.sending_at = IssueState(state).value, MONDAY

    assert gets_on(issue, waiting, idle, in_doubt=in_doubt, rest=REST) is well
