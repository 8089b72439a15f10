"""Sender CPU per message by each handover to Postmark, beside postmarker as it comes.

Run with ``python -m benchmarks.postmark_transport``. The loopback Postmark is a process of its own
and not counted. All variants take turns in each round; compare only within one run.
"""

import http.client
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from email.utils import parseaddr
from html import escape
from io import StringIO
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

import orjson
from postmarker.core import PostmarkClient

from benchmarks.letters import issue, message
from newsletter.delivery.message import Mailing, Message, Outcome, Receipt
from newsletter.delivery.transports.postmark import PostmarkTransport
from newsletter.delivery.transports.postmark_bulk import BULK_ACCEPTED
from newsletter.delivery.transports.postmark_handover import Handover, prepare
from newsletter.delivery.transports.postmark_headers import without_the_optional
from newsletter.testing.postmark.process import TOKEN, running_postmark

ROUNDS = 5
MESSAGES = 2_000
A_CALL = 500

PATHS: Mapping[Handover, str] = {
    "template": "/email/batchWithTemplates",
    "batch": "/email/batch",
    "bulk": "/email/bulk",
}

Send = Callable[[], None]
Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to hand messages over.

    Attributes:
        name: as printed.
        send: sends all messages once.
        size: bytes a message on the wire.
    """

    name: str
    send: Send
    size: float


def ours(url: str, mailing: Mailing, messages: list[Message], handover: Handover) -> Variant:
    """Send through the product's transport."""
    transport = PostmarkTransport(TOKEN, api_url=url, handover=handover)

    def send() -> None:
        for start in range(0, len(messages), A_CALL):
            receipts = transport.send(mailing, messages[start : start + A_CALL])
            assert all(map(_is_taken, receipts))

    return Variant(f"transport, {handover}", send, size_of(mailing, messages, handover))


def size_of(mailing: Mailing, messages: list[Message], handover: Handover) -> float:
    """Give the bytes of a message in the body of the product's calls."""
    prepared = prepare(mailing, handover, "broadcast")
    return sum(len(prepared.body(call)) for call in prepared.calls(messages)) / len(messages)


def stock(url: str, mailing: Mailing, messages: list[Message]) -> Variant:
    """Send with postmarker's own ``send_batch``, bodies filled for each reader."""
    client = PostmarkClient(server_token=TOKEN, root_api_url=url, logs_stream=StringIO())
    client.session.trust_env = False

    def send() -> None:
        for start in range(0, len(messages), A_CALL):
            batch = [in_full(mailing, one) for one in messages[start : start + A_CALL]]
            assert all(entry["ErrorCode"] == 0 for entry in client.emails.send_batch(*batch))

    return Variant("postmarker send_batch", send, _stock_size(mailing, messages[0]))


def _is_taken(receipt: Receipt) -> bool:
    return receipt.outcome is Outcome.ACCEPTED or receipt.code == BULK_ACCEPTED


def floor_of_template(url: str, mailing: Mailing, messages: list[Message]) -> Variant:
    """Post the same messages by the template, each written for its reader and encoded with orjson."""
    written = _ByTemplate(mailing)
    with connected(url) as connection:
        body = orjson.dumps(written.template.fields())
        post(connection, "/templates", body, len(body))

    def encoded(batch: list[Message]) -> bytes:
        return orjson.dumps({"Messages": list(map(written, batch))})

    return _floor("template", url, encoded, messages)


def floor_of_batch(url: str, mailing: Mailing, messages: list[Message]) -> Variant:
    """Post the same messages in full, bodies filled for each reader and encoded with orjson."""
    written = _InFull(mailing)

    def encoded(batch: list[Message]) -> bytes:
        return orjson.dumps(list(map(written, batch)))

    return _floor("batch", url, encoded, messages)


def _floor(
    handover: Handover,
    url: str,
    encoded: Callable[[list[Message]], bytes],
    messages: list[Message],
) -> Variant:
    path = PATHS[handover]

    def send() -> None:
        with connected(url) as connection:
            for start in range(0, len(messages), A_CALL):
                body = encoded(messages[start : start + A_CALL])
                post(connection, path, body, len(body))

    size = len(encoded(messages[:A_CALL])) / len(messages[:A_CALL])
    return Variant(f"floor of {handover}", send, size)


def lowest_floor_of_batch(url: str, mailing: Mailing, messages: list[Message]) -> Variant:
    """Post bytes that are ready, the same in each call, in the transport's chunks."""
    prepared = prepare(mailing, "batch", "broadcast")
    (call,) = prepared.calls(messages[:A_CALL])
    chunks = list(prepared.body(call))
    size = sum(map(len, chunks))

    def send() -> None:
        with connected(url) as connection:
            for _ in range(0, len(messages), A_CALL):
                post(connection, "/email/batch", iter(chunks), size)

    return Variant("the same, bytes ready", send, size / A_CALL)


def in_full(mailing: Mailing, one: Message) -> dict[str, Any]:
    """Write a message with its bodies filled."""
    assert mailing.html is not None
    return {
        "From": mailing.sender,
        "To": one.to,
        "Subject": mailing.subject,
        "HtmlBody": mailing.html.fill_html(one.values),
        "TextBody": mailing.text.fill(one.values),
        "Headers": {name: value.fill(one.values) for name, value in mailing.headers},
        "Metadata": {"delivery-id": one.delivery_id, "batch-id": one.attempt_id},
        "Tag": mailing.key,
        "MessageStream": "broadcast",
    }


class _InFull:
    """Writes messages in full, one by one."""

    def __init__(self, mailing: Mailing) -> None:
        assert mailing.html is not None
        self._subject, self._html, self._text = mailing.subject, mailing.html, mailing.text
        self._shared = _Shared(mailing)

    def __call__(self, one: Message) -> Fields:
        return {
            **self._shared(one),
            "Subject": self._subject,
            "HtmlBody": self._html.fill_html(one.values),
            "TextBody": self._text.fill(one.values),
        }


class _ByTemplate:
    """Writes messages for a template, one by one."""

    def __init__(self, mailing: Mailing) -> None:
        template = prepare(mailing, "template", "broadcast").template
        assert template is not None
        self.template = template
        self._plain, self._escaped = template.model.plain.items(), template.model.escaped.items()
        self._shared = _Shared(mailing)

    def __call__(self, one: Message) -> Fields:
        values = one.values
        model: Fields = {key: values[name] for name, key in self._plain}
        model["h"] = {key: escape(values[name]) for name, key in self._escaped}
        return {
            **self._shared(one),
            "TemplateAlias": self.template.alias,
            "TemplateModel": model,
            "InlineCss": False,
        }


class _Shared:
    """Writes what a message has by every hand-over; what all messages share is there already."""

    def __init__(self, mailing: Mailing) -> None:
        headers = without_the_optional(mailing).headers
        self._sender, self._key = mailing.sender, mailing.key
        self._domain = parseaddr(mailing.sender)[1].rpartition("@")[2]
        self._own = [(name, value) for name, value in headers if value.names]
        fixed = [(name, value.fill({})) for name, value in headers if not value.names]
        fixed.append(("X-PM-KeepID", "true"))
        self._fixed = [{"Name": name, "Value": value} for name, value in fixed]

    def __call__(self, one: Message) -> Fields:
        name_of_mail = f"<{one.delivery_id}@{self._domain}>"
        return {
            "From": self._sender,
            "To": one.to,
            "Tag": self._key,
            "Headers": [
                *({"Name": name, "Value": value.fill(one.values)} for name, value in self._own),
                *self._fixed,
                {"Name": "Message-ID", "Value": name_of_mail},
            ],
            "Metadata": {"delivery-id": one.delivery_id, "batch-id": one.attempt_id},
            "MessageStream": "broadcast",
            "TrackOpens": False,
            "TrackLinks": "None",
        }


def _stock_size(mailing: Mailing, one: Message) -> float:
    import json  # noqa: PLC0415 -- what requests uses, ASCII escapes included

    return float(len(json.dumps(in_full(mailing, one))))


@contextmanager
def connected(url: str) -> Iterator[http.client.HTTPConnection]:
    """Keep one connection open during the block."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    try:
        yield connection
    finally:
        connection.close()


def post(connection: http.client.HTTPConnection, path: str, body: Any, size: int) -> None:
    """Post a body that is ready, and read the answer."""
    headers = {"X-Postmark-Server-Token": TOKEN, "Content-Length": str(size)}
    connection.request("POST", path, body=body, headers=headers)
    answer = connection.getresponse()
    assert answer.status == http.client.OK, answer.read()[:300]
    orjson.loads(answer.read())


def measure(variants: list[Variant]) -> dict[str, float]:
    """Give the median CPU of this process in microseconds a message, by variant."""
    taken: dict[str, list[float]] = {variant.name: [] for variant in variants}
    for variant in variants:
        variant.send()
    for _ in range(ROUNDS):
        for variant in variants:
            before = time.process_time()
            variant.send()
            taken[variant.name].append((time.process_time() - before) / MESSAGES * 1e6)
    return {name: median(values) for name, values in taken.items()}


def main() -> None:
    """Measure and print a table."""
    mailing, messages = issue(), [message(number) for number in range(MESSAGES)]
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        url = stack.enter_context(running_postmark(Path(folder) / "log")).url
        variants = [
            ours(url, mailing, messages, "template"),
            floor_of_template(url, mailing, messages),
            ours(url, mailing, messages, "bulk"),
            ours(url, mailing, messages, "batch"),
            floor_of_batch(url, mailing, messages),
            lowest_floor_of_batch(url, mailing, messages),
            stock(url, mailing, messages),
        ]
        cpu = measure(variants)
    reference = cpu["postmarker send_batch"]
    sys.stdout.write(f"{'variant':<30}{'CPU µs':>9}{'cheaper by':>12}{'bytes':>9}\n")
    for variant in variants:
        spent = cpu[variant.name]
        ratio = f"{reference / spent:.1f}x"
        sys.stdout.write(f"{variant.name:<30}{spent:>9.1f}{ratio:>12}{variant.size:>9.0f}\n")


if __name__ == "__main__":
    main()
