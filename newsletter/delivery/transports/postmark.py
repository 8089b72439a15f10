"""Postmark as a transport: its HTTP API through postmarker, each outcome a receipt."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache, partial
from time import monotonic

from newsletter.delivery.marks import account_of, attempt_of, of_jobs
from newsletter.delivery.message import NOT_TRIED, Mailing, Message, Outcome, Receipt, Stream
from newsletter.delivery.transport import Job, MayGoOn, Sighting, Take, Told, always
from newsletter.delivery.transports import postmark_lists
from newsletter.delivery.transports.limits import require_size
from newsletter.delivery.transports.postmark_answers import (
    TEMPLATE_ABSENT,
    Answer,
    refused_lone,
)
from newsletter.delivery.transports.postmark_bulk import read_job
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
from newsletter.delivery.transports.postmark_clients import Clients
from newsletter.delivery.transports.postmark_dividing import Division
from newsletter.delivery.transports.postmark_handover import Handover, prepare
from newsletter.delivery.transports.postmark_jobs import jobs_since
from newsletter.delivery.transports.postmark_line import Patience
from newsletter.delivery.transports.postmark_recall import Span, recall
from newsletter.delivery.transports.postmark_search import count, find
from newsletter.delivery.transports.postmark_shelf import KEPT, Ask, TemplateShelf, tidy
from newsletter.delivery.transports.postmark_streams import Streams, StreamSettings
from newsletter.rendering.personal import Marked

API_URL = "https://api.postmarkapp.com"

NOBODY = "test@blackhole.postmarkapp.com"
"""Postmark takes messages to it as to anybody else, and drops them."""

_MAILINGS_KEPT = 8

_UNNAMED = Receipt(
    Outcome.NOT_TAKEN,
    code="unnamed-server",
    detail="Postmark did not tell in time which server it is, so nothing was sent.",
)


class PostmarkTransport:
    """Sends through one Postmark server, and asks it afterwards what became of lost calls.

    Args:
        token: the server token.
        api_url: where Postmark is; a loopback one in tests.
        handover: "template" uploads an issue once and then sends each message's values only;
            "batch" sends full bodies; "bulk" sends one body and the values of many, as a job.
            Notices and text-only mailings always go in full, and so do a template's few copies.
        streams: Postmark's message streams, as the settings name them.
        sender: the From address of messages to nobody; without one there is no fence.
        patience: how long to put up with Postmark. ``send`` begins no call later than one whole
            call after its beginning, so it ends within two: six minutes, where the usual lease of a
            batch is ten.

    Attributes:
        most_bytes: of one call; Postmark refuses more than 50 MB.

    Raises:
        UnusableToken: when the token cannot be one.
    """

    name = "postmark"
    most = MOST_MESSAGES
    exact = False

    def __init__(
        self,
        token: str,
        *,
        api_url: str = API_URL,
        handover: Handover = "template",
        streams: StreamSettings = StreamSettings(),  # noqa: B008  # it is frozen
        sender: str | None = None,
        patience: Patience = USUAL_PATIENCE,
    ) -> None:
        require_sendable(token)
        self._clients = Clients(partial(Client, token, api_url=api_url, patience=patience))
        self._longest = patience.call
        self._handover = handover
        self._settings = streams
        self._sender = sender
        self.most_bytes = MOST_BYTES
        self._prepared = lru_cache(_MAILINGS_KEPT)(self._prepare)
        self._streams = Streams(streams)
        self._shelf = TemplateShelf()

    @property
    def longest(self) -> timedelta:
        """The longest that ``send`` can take: what is begun within one whole call ends within two."""
        return timedelta(seconds=2 * self._longest)

    def send(
        self, mailing: Mailing, messages: Sequence[Message], *, may_go_on: MayGoOn = always
    ) -> list[Receipt]:
        """Send each message once, in as few calls as their bytes allow.

        A call that Postmark refuses for the sake of one message is divided until that message is
        found, and only that one is rejected. After a call that failed in any other way no further
        one is made: the rest was not taken. Nor is one made once the caller may not go on; each is
        asked for, those before the first messages of a mailing as well.

        Raises:
            WrongBatchSize: for no message, or more than ``most``; nothing was sent.
            MissingValue: when a message has no value for a mark; nothing was sent.
            UnsafeHeader: when the mailing itself cannot be sent.
        """
        require_size(messages, self.most)
        prepared = self._prepared(mailing)
        refused = prepared.values.refusals(messages)
        if not refused:
            return self._send(mailing.stream, prepared, messages, may_go_on)
        safe = [message for position, message in enumerate(messages) if position not in refused]
        answered = iter(self._send(mailing.stream, prepared, safe, may_go_on))
        return [refused.get(position) or next(answered) for position in range(len(messages))]

    def mark(self) -> str | None:
        """Name the Postmark server, which a new token does not change; None when it does not tell."""
        server = self._streams.server(self._clients.call)
        if server is None:
            return None
        return of_jobs(f"pm{server}") if self._handover == "bulk" else f"pm{server}"

    def find(
        self, attempt_id: str, stream: Stream, _delivery_ids: Sequence[str] = ()
    ) -> Sighting | None:
        """Ask what Postmark accepted of an attempt whose answer was lost.

        Returns:
            What its search shows by now; None when the search gave no answer that can be trusted,
            which says nothing about the messages.
        """
        return find(self._clients.call, attempt_id, self._settings.id_of(stream))

    def count(self, tag: str, stream: Stream) -> int | None:
        """Ask how many messages of a mailing Postmark's search knows; None when that is unsure."""
        return count(self._clients.call, tag, self._settings.id_of(stream))

    def recall(
        self, tag: str, stream: Stream, since: datetime, until: datetime, take: Take
    ) -> bool:
        """Ask for every copy of a mailing that Postmark's search shows; say whether it shows all."""
        id_, span = self._settings.id_of(stream), Span(since, until)
        return recall(self._clients.call, tag, id_, span, take)

    def fence(self, stream: Stream) -> str | None:
        """Send one message to nobody and give the id of its attempt, or None when it failed.

        It goes in full, whatever the handover, and counts as one message at Postmark.
        """
        mark = self.mark()
        if self._sender is None or mark is None:
            return None
        text = Marked.plain("A message to nobody, by which the search is proved.\n")
        mailing = Mailing("fence", self._sender, "Fence", text, stream=stream)
        attempt_id = attempt_of(account_of(mark))
        message = Message(f"fence-{attempt_id}", NOBODY, attempt_id=attempt_id)
        prepared = prepare(mailing, "batch", self._settings.id_of(stream))
        [receipt] = self._send("transactional", prepared, [message])
        return attempt_id if receipt.outcome is Outcome.ACCEPTED else None

    def job(self, job_id: str) -> Job | None:
        """Ask how far Postmark is with a bulk call."""
        answer = self._clients.call("GET", f"/email/bulk/{job_id}")
        return None if answer.trouble else read_job(answer.body)

    def jobs(self, since: datetime) -> Mapping[str, Job] | None:
        """List all bulk calls since an instant; None when no whole list came."""
        return jobs_since(self._clients.call, since)

    def suppressions(self, stream: Stream) -> list[Told] | None:
        """List whom Postmark writes to no more on a stream; None when no whole list came."""
        return postmark_lists.suppressions(self._clients.call, self._settings.id_of(stream))

    def bounces(self, stream: Stream, since: datetime, until: datetime) -> list[Told] | None:
        """List what bounced on a stream in some days; None when no whole list came."""
        id_ = self._settings.id_of(stream)
        return postmark_lists.bounces(self._clients.call, id_, since, until)

    def reopen(self, stream: Stream, addresses: Sequence[str]) -> list[str]:
        """Delete suppressions; give the addresses of which Postmark said that it has."""
        id_ = self._settings.id_of(stream)
        return postmark_lists.reopen(self._clients.call, id_, addresses)

    def check(self) -> dict[Stream, Receipt]:
        """Say by stream what keeps messages from leaving as the settings are, without sending any."""
        return self._streams.problems(self._clients.call)

    def tidy(self, keep: int = KEPT) -> int:
        """Delete all but our newest templates; give how many were deleted."""
        return tidy(self._clients.call, keep=keep)

    def close(self) -> None:
        """Let go of the connections of all threads; sending again opens new ones."""
        self._clients.close()

    def _prepare(self, mailing: Mailing) -> Prepared:
        settings = self._settings
        stream = settings.id_of(mailing.stream)
        return prepare(mailing, self._handover, stream, settings.unsubscribe)

    def _send(
        self,
        stream: Stream,
        prepared: Prepared,
        messages: Sequence[Message],
        may_go_on: MayGoOn = always,
    ) -> list[Receipt]:
        ask = self._clients.until(monotonic() + self._longest, may_go_on)
        calls = prepared.calls(messages, self.most_bytes)
        if calls and (trouble := self._obstacle(stream, prepared, ask)):
            return [trouble] * len(messages)
        if stream == "broadcast" and account_of(messages[0].attempt_id) == self.name:
            return [_UNNAMED] * len(messages)  # it could not be looked for
        receipts: list[Receipt] = []
        for call in calls:
            answered, goes_on = _delivered(prepared, call, ask)
            receipts += answered
            if not goes_on:
                break
        if prepared.template and any(receipt.code == TEMPLATE_ABSENT for receipt in receipts):
            self._shelf.forget(prepared.template)
        return receipts + [NOT_TRIED] * (len(messages) - len(receipts))

    def _obstacle(self, stream: Stream, prepared: Prepared, ask: Ask) -> Receipt | None:
        """Say why no message of a mailing can be handed over now, if so; each is asked once."""
        if stream == "broadcast" and (problem := self._streams.problem(ask, stream)):
            return problem
        if prepared.template is None:
            return None
        return self._shelf.try_out(ask, prepared.template) or (
            self._shelf.provide(ask, prepared.template) if prepared.uploads else None
        )


def _delivered(prepared: Prepared, call: Call, ask: Ask) -> tuple[list[Receipt], bool]:
    """Give the receipts of one call, and say whether another one may follow."""

    def post(part: Call) -> Answer:
        return ask("POST", prepared.endpoint, data=prepared.body(part))

    answer = post(call)
    if answer.trouble is None:
        return prepared.read(answer.body, call.messages), True
    if not answer.divisible:
        return [answer.trouble] * len(call.messages), False
    if len(call.messages) == 1:
        return [refused_lone(answer.trouble)], True

    def post_part(messages: Sequence[Message]) -> Answer:
        [part] = prepared.calls(messages)
        return post(part)

    division = Division(call.messages, answer.trouble, post_part, prepared.read)
    return division.receipts, division.complete
