"""Every address that holds a token: whose token opens it, and what GET and POST answer then."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

from newsletter.editor_notices.decide_links import issue_name
from newsletter.service import Service
from subscribers.tokens import EXPIRING, Purpose


class Answers(NamedTuple):
    """The status of each method, for a reader who is on the list and a form with nothing in it."""

    get: int
    post: int


SHUT = Answers(404, 404)

DOORS: Mapping[str, Mapping[Purpose, Answers]] = {
    "/unsubscribe/{token}": {Purpose.UNSUBSCRIBE: Answers(200, 200)},
    "/undo/{token}": {Purpose.UNDO: Answers(200, 200)},
    "/never/{token}": {Purpose.NEVER: Answers(200, 200)},
    "/confirm/{token}": {Purpose.CONFIRM: Answers(200, 200)},
    "/vote/{token}": {Purpose.VOTE: Answers(200, 404)},
    "/manage/{token}": {
        Purpose.PREFERENCES: Answers(200, 200),
        Purpose.MANAGE: Answers(200, 422),
    },
    "/manage/{token}/address": {Purpose.MANAGE: Answers(200, 422)},
    "/manage/{token}/data": {
        Purpose.PREFERENCES: Answers(200, 422),
        Purpose.MANAGE: Answers(200, 422),
    },
    "/export/{token}": {Purpose.EXPORT: Answers(200, 200)},
    "/erase/{token}": {Purpose.ERASE: Answers(200, 200)},
    "/address/{token}": {
        Purpose.CHANGE_FROM: Answers(410, 422),  # nobody has asked
        Purpose.CHANGE_TO: Answers(410, 422),
    },
    "/decide/{token}": {Purpose.DECIDE: Answers(200, 200)},  # nothing is in doubt
    "/editor/sign-in/{token}": {},  # its tokens are kept in rows, not signed
}
"""What is not stated here stays shut, to GET as to POST."""

OWN = [(door, purpose) for door, opens in DOORS.items() for purpose in opens]
"""Each token and the door that is its own."""


def token_for(service: Service, purpose: Purpose, public_id: str, *, number: int = 1) -> str:
    """Sign a token as letters hold it; those that end are good for a week.

    Args:
        service: that signs, and has the issue.
        purpose: what it is good for.
        public_id: whose it is, where it is a reader's.
        number: of the issue.
    """
    until = service.clock() + timedelta(days=7) if purpose in EXPIRING else None
    if purpose is Purpose.DECIDE:
        public_id = issue_name(service.desk.issue(number))
    issue = 0 if purpose is Purpose.NEVER else number  # how often its reader has moved
    return service.signer.sign(purpose, public_id, issue=issue, expires=until)


def without_tokens(text: str) -> str:
    """Leave out what may by chance hold any short word."""
    return re.sub(r"[\w-]{39,}", "", text)
