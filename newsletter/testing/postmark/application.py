"""The loopback Postmark behind its HTTP: which path leads where."""

import re
import threading
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from newsletter.testing.postmark.exchange import Refused, Reply, Request
from newsletter.testing.postmark.faults import NOTHING_ACCEPTED, Plan, Rule, Wire
from newsletter.testing.postmark.ledger import Ledger
from newsletter.testing.postmark.searching import Searching
from newsletter.testing.postmark.sending import Sending
from newsletter.testing.postmark.streams import Streams
from newsletter.testing.postmark.templates import Templates

Handler = Callable[..., Reply]

LARGEST_BATCH, LARGEST_MESSAGE = 50_000_000, 10_000_000

_SERVER = {
    "ID": 139630,
    "Name": "Loopback",
    "ApiTokens": [],
    "Color": "Grey",
    "SmtpApiActivated": False,
    "DeliveryType": "Sandbox",
    "TrackOpens": False,
    "TrackLinks": "None",
}


class Application:
    """Everything that is remembered, and the table of paths.

    Args:
        token: the server token that calls must carry.
        ledger: where accepted messages go.
    """

    def __init__(self, token: str, ledger: Ledger) -> None:
        self._token = token
        self._lock = threading.Lock()
        self.plan = Plan()
        self._routes = _routes(ledger)

    def answer(self, request: Request) -> Wire:
        """Answer a call as Postmark would, or as the fault plan wants it."""
        if request.path == "/control/plan":
            self.plan.set([Rule(**rule) for rule in request.json()])
            return Wire.of(Reply({"ErrorCode": 0, "Message": "OK"}))
        rule = self.plan.rule(request.path)
        if rule is None:
            return Wire.of(self._reply(request))
        return rule.answer(self._reply(request) if rule.accepts else NOTHING_ACCEPTED)

    def _reply(self, request: Request) -> Reply:
        try:
            self._check(request)
            handler, words = self._find(request)
            with self._lock:
                return handler(request, *words)
        except Refused as refused:
            return refused.reply

    def _check(self, request: Request) -> None:
        if request.token != self._token:
            text = "Request does not contain a valid Server token."
            raise Refused(10, text, HTTPStatus.UNAUTHORIZED)
        many = request.path.lower().startswith("/email/batch")
        if len(request.body) > (LARGEST_BATCH if many else LARGEST_MESSAGE):
            raise Refused(None, "Payload too large.", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)

    def _find(self, request: Request) -> tuple[Handler, tuple[Any, ...]]:
        for method, path, handler in self._routes:
            if method == request.method and (match := path.fullmatch(request.path)):
                return handler, match.groups()
        raise Refused(None, "No such address.", HTTPStatus.NOT_FOUND)


def _routes(ledger: Ledger) -> list[tuple[str, re.Pattern[str], Handler]]:
    templates, streams = Templates(), Streams()
    sending, searching = Sending(ledger, templates, streams), Searching(ledger)
    table: list[tuple[str, str, Handler]] = [
        ("POST", "/email", sending.one),
        ("POST", "/email/batch", sending.batch),
        ("POST", "/email/withTemplate", sending.one_from_template),
        ("POST", "/email/batchWithTemplates", sending.batch_from_templates),
        ("POST", "/templates/validate", templates.validate),
        ("POST", "/templates", templates.create),
        ("GET", "/templates", templates.all),
        ("GET", "/templates/([^/]+)", templates.get),
        ("PUT", "/templates/([^/]+)", templates.edit),
        ("DELETE", "/templates/([^/]+)", templates.delete),
        ("GET", "/server", lambda _: Reply(_SERVER)),
        ("GET", "/message-streams", streams.all),
        ("POST", "/message-streams/([^/]+)/suppressions", streams.suppress),
        ("GET", "/message-streams/([^/]+)/suppressions/dump", streams.dump),
        ("GET", "/messages/outbound", searching.outbound),
        ("GET", "/messages/outbound/([^/]+)/details", searching.details),
    ]
    return [(method, re.compile(path, re.IGNORECASE), handler) for method, path, handler in table]
