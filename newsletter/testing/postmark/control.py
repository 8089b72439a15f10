"""The calls by which a test steers the simulator; Postmark has none of them."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from newsletter.testing.postmark.account import Approvals
from newsletter.testing.postmark.api import Api
from newsletter.testing.postmark.clock import postmark_time
from newsletter.testing.postmark.exchange import Refused, Reply, Request
from newsletter.testing.postmark.faults import Plan, Rule
from newsletter.testing.postmark.index import Indexing
from newsletter.testing.postmark.webhooks import Webhook, post

PREFIX = "/control/"

Answer = Mapping[str, Any]


class Control:
    """Sets faults and time, makes things happen, and makes the webhook calls."""

    def __init__(self, api: Api, plan: Plan) -> None:
        self._api = api
        self._plan = plan
        self._calls: Mapping[str, Callable[[Any], Answer]] = {
            "plan": self._faults,
            "reset": self._reset,
            "clock": self._clock,
            "index": self._index,
            "account": self._account,
            "bulk": self._bulk,
            "events": self._events,
            "webhooks": self._webhooks,
            "webhooks/deliver": self._deliver,
        }

    def reply(self, request: Request) -> Reply:
        """Do what is asked; a field that is not known is refused."""
        call = self._calls.get(request.path.removeprefix(PREFIX))
        if call is None:
            return Refused(None, "No such control.", HTTPStatus.NOT_FOUND).reply
        try:
            answer = call(request.json() if request.body else {})
        except Refused as refused:
            return refused.reply
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            return Refused(403, f"The control is not understood: {error}").reply
        return Reply({"ErrorCode": 0, "Message": "OK", **answer})

    def _faults(self, rules: list[dict[str, Any]]) -> Answer:
        self._plan.set([Rule(**rule) for rule in rules])
        return {}

    def _reset(self, _: Any) -> Answer:
        self._plan.set([])
        self._api.reset()
        return {}

    def _clock(self, body: Mapping[str, float]) -> Answer:
        with self._api.lock:
            self._api.clock.advance(body.get("advance", 0.0))
        self._api.catch_up()
        return {"now": postmark_time(self._api.clock())}

    def _index(self, body: Mapping[str, Any]) -> Answer:
        with self._api.lock:
            self._api.rooms.index.set(Indexing(**body))
        return {}

    def _account(self, body: Mapping[str, bool]) -> Answer:
        with self._api.lock:
            self._api.rooms.streams.approve(Approvals(**body))
        return {}

    def _bulk(self, body: Mapping[str, Any]) -> Answer:
        bulk = self._api.rooms.bulk
        with self._api.lock:
            bulk.seconds = body.get("seconds", bulk.seconds)
            if "cancel" in body:
                bulk.cancel(body["cancel"])
        return {}

    def _events(self, events: list[dict[str, Any]]) -> Answer:
        with self._api.lock:
            bodies = [body for event in events for body in self._api.rooms.events.happen(event)]
        return {"events": bodies}

    def _webhooks(self, body: Mapping[str, Any]) -> Answer:
        with self._api.lock:
            self._api.rooms.webhooks.set(Webhook(**body))
        return {}

    def _deliver(self, _: Any) -> Answer:
        self._api.catch_up()
        webhooks = self._api.rooms.webhooks
        with self._api.lock:
            due = webhooks.take_due()
        made = [] if due is None else post(*due)  # unlocked: the receiver may call us
        with self._api.lock:
            return webhooks.settle(made)
