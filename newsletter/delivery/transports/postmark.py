"""Postmark as a transport: its HTTP API through postmarker, each outcome a receipt."""

import threading
import weakref
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from time import monotonic

from newsletter.delivery.message import Mailing, Message, Receipt, Stream
from newsletter.delivery.transports.limits import require_size
from newsletter.delivery.transports.postmark_answers import (
    TEMPLATE_ABSENT,
    Answer,
    read_batch,
    refused_lone,
)
from newsletter.delivery.transports.postmark_calls import (
    MOST_BYTES,
    MOST_MESSAGES,
    Call,
    Prepared,
)
from newsletter.delivery.transports.postmark_client import (
    USUAL_PATIENCE,
    Client,
    require_sendable,
)
from newsletter.delivery.transports.postmark_dividing import NOT_TRIED, Division
from newsletter.delivery.transports.postmark_handover import Handover, prepare
from newsletter.delivery.transports.postmark_line import Patience
from newsletter.delivery.transports.postmark_search import find
from newsletter.delivery.transports.postmark_templates import TemplateShelf

API_URL = "https://api.postmarkapp.com"
STREAMS: Mapping[Stream, str] = {"broadcast": "broadcast", "transactional": "outbound"}
"""Our streams, and the ids that Postmark gives its own ones on a new server."""

_MAILINGS_KEPT = 8


class PostmarkTransport:
    """Sends through one Postmark server.

    Args:
        token: the server token.
        api_url: where Postmark is; a loopback one in tests.
        handover: "template" uploads an issue once and then sends each message's values only;
            "batch" sends full bodies. Notices and text-only mailings always go in full.
        streams: the ids of Postmark's message streams.
        most_bytes: of one call; Postmark refuses more than 50 MB.
        patience: how long to put up with Postmark. ``send`` ends within three whole calls, the look
            for its template included: nine minutes, where the usual lease of a batch is ten.

    Raises:
        UnusableToken: when the token cannot be one.
    """

    name = "postmark"
    most = MOST_MESSAGES

    def __init__(
        self,
        token: str,
        *,
        api_url: str = API_URL,
        handover: Handover = "template",
        streams: Mapping[Stream, str] = STREAMS,
        most_bytes: int = MOST_BYTES,
        patience: Patience = USUAL_PATIENCE,
    ) -> None:
        require_sendable(token)
        self._new_client = partial(Client, token, api_url=api_url, patience=patience)
        self._longest = patience.call
        self._handover = handover
        self._streams = streams
        self._most_bytes = most_bytes
        self._prepared = lru_cache(_MAILINGS_KEPT)(self._prepare)
        self._shelf = TemplateShelf()
        self._lock = threading.Lock()
        self._clients: weakref.WeakSet[Client] = weakref.WeakSet()
        self._of_thread = threading.local()

    def send(self, mailing: Mailing, messages: Sequence[Message]) -> list[Receipt]:
        """Send each message once, in as few calls as their bytes allow.

        A call that Postmark refuses for the sake of one message is divided until that message is
        found, and only that one is rejected. After a call that failed in any other way no further
        one is made: the rest was not taken.

        Raises:
            WrongBatchSize: for no message, or more than ``most``; nothing was sent.
            MissingValue: when a message has no value for a mark; nothing was sent.
            UnsafeHeader: when the mailing itself cannot be sent.
        """
        require_size(messages, self.most)
        prepared = self._prepared(mailing)
        refused = {
            position: refusal
            for position, message in enumerate(messages)
            if (refusal := prepared.values.refusal(message))
        }
        safe = [message for position, message in enumerate(messages) if position not in refused]
        answered = iter(self._send(prepared, safe))
        return [refused.get(position) or next(answered) for position in range(len(messages))]

    def find(self, attempt_id: str, stream: Stream) -> dict[str, str] | None:
        """Ask what Postmark accepted of an attempt whose answer was lost.

        Returns:
            Postmark's message id by delivery id, of what its search shows by now; None when the
            search gave no complete answer, which says nothing about the messages.
        """
        return find(self._client(), attempt_id, self._streams[stream])

    def close(self) -> None:
        """Let go of the connections of all threads; sending again opens new ones."""
        with self._lock:
            clients, self._clients = self._clients, weakref.WeakSet()
            self._of_thread = threading.local()
        for client in clients:
            client.close()

    def _prepare(self, mailing: Mailing) -> Prepared:
        return prepare(mailing, self._handover, self._streams[mailing.stream])

    def _send(self, prepared: Prepared, messages: Sequence[Message]) -> list[Receipt]:
        until = monotonic() + self._longest
        calls = prepared.calls(messages, self._most_bytes)
        if calls and (trouble := self._missing_template(prepared)):
            return [trouble] * len(messages)
        receipts: list[Receipt] = []
        for call in calls:
            answered, goes_on = _delivered(prepared, call, partial(self._post, prepared, until))
            receipts += answered
            if not goes_on:
                break
        if prepared.template and any(receipt.code == TEMPLATE_ABSENT for receipt in receipts):
            self._shelf.forget(prepared.template)
        return receipts + [NOT_TRIED] * (len(messages) - len(receipts))

    def _post(self, prepared: Prepared, until: float, call: Call) -> Answer | None:
        """Make one call, unless it is too late for one."""
        if monotonic() > until:
            return None
        answer: Answer = self._client().call("POST", prepared.endpoint, data=prepared.body(call))
        return answer

    def _missing_template(self, prepared: Prepared) -> Receipt | None:
        if prepared.template is None:
            return None
        return self._shelf.provide(self._client(), prepared.template)

    def _client(self) -> Client:
        client: Client | None = getattr(self._of_thread, "client", None)
        if client is None:
            client = self._of_thread.client = self._new_client()
            with self._lock:
                self._clients.add(client)
        return client


def _delivered(
    prepared: Prepared, call: Call, post: Callable[[Call], Answer | None]
) -> tuple[list[Receipt], bool]:
    """Give the receipts of one call, and say whether another one may follow."""
    answer = post(call)
    if answer is None:
        return [], False
    if answer.trouble is None:
        return read_batch(answer.body, call.messages), True
    if not answer.divisible:
        return [answer.trouble] * len(call.messages), False
    if len(call.messages) == 1:
        return [refused_lone(answer.trouble)], True

    def post_part(messages: Sequence[Message]) -> Answer | None:
        [part] = prepared.calls(messages)
        return post(part)

    division = Division(call.messages, answer.trouble, post_part)
    return division.receipts, division.complete
