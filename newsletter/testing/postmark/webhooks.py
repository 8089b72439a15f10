"""The one webhook: its calls wait here until they are due by the virtual clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from random import Random
from typing import Any
from uuid import uuid4

import orjson
import requests

from newsletter.testing.postmark.clock import VirtualClock

RETRIES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 10, 10, 10, 15))
"""Pauses after a failed call, as Postmark's page has them in 2026; then the event is dropped."""

MAIL_RETRIES = (*RETRIES, *(timedelta(minutes=minutes) for minutes in (30, 60, 120, 360)))
"""The same for a mail that came in: ten and a half hours."""

INBOUND = "Inbound"
"""Kind of a mail that came in, whose body alone does not say what it is."""

_SUCCESS, _FAULTS_OF_THE_RECEIVER = range(200, 300), range(500, 600)
_WORTH_A_RETRY = (408, 429)


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where events go.

    Attributes:
        url: to post to.
        user: of basic authentication; without it there is none.
        password: likewise.
        headers: sent with each call, but for mails that came in, which cannot have any.
        kinds: record types that are wanted.
        copies: how often each event is posted.
        shuffle: seed of the order in which calls that are due at once are made; None: as happened.
        timeout: real seconds to wait for an answer.
    """

    url: str
    user: str | None = None
    password: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    kinds: Sequence[str] = ()
    copies: int = 1
    shuffle: int | None = None
    timeout: float = 5.0


@dataclass(frozen=True, slots=True)
class Call:
    """One event on its way; a copy is a call of its own with the same trace.

    Attributes:
        body: to post.
        trace: stays the same for each retry.
        due: when to make it.
        tries: calls that failed before.
    """

    body: Mapping[str, Any]
    trace: str
    due: datetime
    tries: int = 0

    @property
    def kind(self) -> str:
        """Say what it tells of."""
        return str(self.body.get("RecordType", INBOUND))

    @property
    def pauses(self) -> Sequence[timedelta]:
        """Give the pauses before each further try."""
        return MAIL_RETRIES if self.kind == INBOUND else RETRIES

    def is_done(self, status: int | None) -> bool:
        """Say whether an answer ends it well: of a mail, 200 alone does."""
        if self.kind == INBOUND:
            return status == HTTPStatus.OK
        return status in _SUCCESS

    def is_repeated(self, status: int | None) -> bool:
        """Say whether it is made again: of a mail always, but after 403."""
        if self.is_done(status) or self.tries == len(self.pauses):
            return False
        if self.kind == INBOUND:
            return status != HTTPStatus.FORBIDDEN
        return status is None or status in (*_WORTH_A_RETRY, *_FAULTS_OF_THE_RECEIVER)


class Webhooks:
    """Queues events and posts them."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self._webhook: Webhook | None = None
        self._waiting: list[Call] = []

    def set(self, webhook: Webhook) -> None:
        """Configure the webhook; what waits already goes to the new address."""
        self._webhook = webhook

    def wants(self, kind: str) -> bool:
        """Say whether anybody listens to this kind of event."""
        return self._webhook is not None and kind in self._webhook.kinds

    def queue(self, body: Mapping[str, Any]) -> None:
        """Post an event as soon as somebody says so; without a listener it is gone."""
        call = Call(body, str(uuid4()), self._clock())
        if self._webhook is None or not self.wants(call.kind):
            return
        self._waiting += [call] * self._webhook.copies

    def take_due(self) -> tuple[Webhook, list[Call]] | None:
        """Take out the calls that are due, in the order in which to make them."""
        if self._webhook is None:
            return None
        now = self._clock()
        due = [call for call in self._waiting if call.due <= now]
        self._waiting = [call for call in self._waiting if call.due > now]
        if self._webhook.shuffle is not None:
            Random(self._webhook.shuffle).shuffle(due)  # noqa: S311 -- no secret
        return self._webhook, due

    def settle(self, made: Sequence[tuple[Call, int | None]]) -> dict[str, int]:
        """Note the answers: done, dropped, or to be retried."""
        accepted = [call for call, status in made if call.is_done(status)]
        again = [call for call, status in made if call.is_repeated(status)]
        self._waiting += [
            replace(call, due=self._clock() + call.pauses[call.tries], tries=call.tries + 1)
            for call in again
        ]
        dropped = len(made) - len(accepted) - len(again)
        waiting = len(self._waiting)
        return {
            "sent": len(made),
            "accepted": len(accepted),
            "waiting": waiting,
            "dropped": dropped,
        }


def post(webhook: Webhook, calls: Sequence[Call]) -> list[tuple[Call, int | None]]:
    """Make the calls one after the other; give each one's status, None for no answer."""
    with requests.Session() as session:
        session.trust_env = False
        if webhook.user is not None:
            session.auth = (webhook.user, webhook.password or "")
        session.headers["Content-Type"] = "application/json"
        return [(call, _post(session, webhook, call)) for call in calls]


def _post(session: requests.Session, webhook: Webhook, call: Call) -> int | None:
    headers = {
        "X-PM-Webhook-Trace-Id": call.trace,
        "X-PM-Retries-Remaining": str(len(call.pauses) - call.tries),
        **({} if call.kind == INBOUND else webhook.headers),
    }
    body = orjson.dumps(call.body)
    try:
        answer = session.post(webhook.url, data=body, headers=headers, timeout=webhook.timeout)
    except requests.RequestException:
        return None
    return answer.status_code
