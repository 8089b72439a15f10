"""Postmark as a transport: its HTTP API through postmarker, each outcome a receipt."""

import threading
import weakref
from collections.abc import Mapping, Sequence
from functools import lru_cache, partial

from newsletter.delivery.message import Mailing, Message, Outcome, Receipt, Stream
from newsletter.delivery.transports.postmark_answers import TEMPLATE_ABSENT, read_batch
from newsletter.delivery.transports.postmark_calls import MOST_MESSAGES, Call, Prepared
from newsletter.delivery.transports.postmark_client import TIMEOUT, Client
from newsletter.delivery.transports.postmark_handover import Handover, prepare
from newsletter.delivery.transports.postmark_search import find
from newsletter.delivery.transports.postmark_templates import TemplateShelf

API_URL = "https://api.postmarkapp.com"
STREAMS: Mapping[Stream, str] = {"broadcast": "broadcast", "transactional": "outbound"}
"""Our streams, and the ids that Postmark gives its own ones on a new server."""

_MAILINGS_KEPT = 8
_NOT_TRIED = Receipt(
    Outcome.NOT_TAKEN,
    code="not-tried",
    detail="An earlier call of the same batch failed as a whole, so this one was not made.",
)


class PostmarkTransport:
    """Sends through one Postmark server.

    Args:
        token: the server token.
        api_url: where Postmark is; a loopback one in tests.
        handover: "template" uploads an issue once and then sends each message's values only;
            "batch" sends full bodies. Notices and text-only mailings always go in full.
        streams: the ids of Postmark's message streams.
        timeout: seconds to connect, and to wait for an answer.
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
        timeout: tuple[float, float] = TIMEOUT,
    ) -> None:
        self._new_client = partial(Client, token, api_url=api_url, timeout=timeout)
        self._handover = handover
        self._streams = streams
        self._prepared = lru_cache(_MAILINGS_KEPT)(self._prepare)
        self._shelf = TemplateShelf()
        self._lock = threading.Lock()
        self._clients: weakref.WeakSet[Client] = weakref.WeakSet()
        self._of_thread = threading.local()

    def send(self, mailing: Mailing, messages: Sequence[Message]) -> list[Receipt]:
        """Send each message once, in as few calls as Postmark allows.

        After a call that failed as a whole no further one is made: the rest was not taken.
        """
        prepared = self._prepared(mailing)
        calls = prepared.calls(messages)
        if prepared.template and (
            trouble := self._shelf.provide(self._client(), prepared.template)
        ):
            return [trouble] * len(messages)
        receipts: list[Receipt] = []
        for call in calls:
            answered, failed = self._post(prepared, call)
            receipts += answered
            if failed:
                break
        self._heed(prepared, receipts)
        return receipts + [_NOT_TRIED] * (len(messages) - len(receipts))

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

    def _post(self, prepared: Prepared, call: Call) -> tuple[list[Receipt], bool]:
        answer = self._client().call("POST", prepared.endpoint, data=prepared.body(call))
        if answer.trouble:
            return [answer.trouble] * len(call.messages), True
        return read_batch(answer.body, call.messages), False

    def _heed(self, prepared: Prepared, receipts: Sequence[Receipt]) -> None:
        if prepared.template and any(receipt.code == TEMPLATE_ABSENT for receipt in receipts):
            self._shelf.forget(prepared.template)

    def _client(self) -> Client:
        client: Client | None = getattr(self._of_thread, "client", None)
        if client is None:
            client = self._of_thread.client = self._new_client()
            with self._lock:
                self._clients.add(client)
        return client
