"""Sender CPU per message by each handover to Postmark, beside postmarker as it comes.

Run with ``python -m benchmarks.postmark_transport``. The loopback Postmark is a process of its own
and not counted. All variants take turns in each round; compare only within one run.
"""

import http.client
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
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
from newsletter.testing.postmark.process import TOKEN, running_postmark

ROUNDS = 5
MESSAGES = 2_000
A_CALL = 500

Send = Callable[[], None]


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

    prepared = prepare(mailing, handover, "broadcast")
    size = sum(len(prepared.body(call)) for call in prepared.calls(messages)) / len(messages)
    return Variant(f"transport, {handover}", send, size)


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
    """Post the same bytes, as orjson writes them of each message, with http.client."""
    alias = _uploaded(url, mailing)

    def send() -> None:
        with connected(url) as connection:
            for start in range(0, len(messages), A_CALL):
                batch = [_values(mailing, alias, one) for one in messages[start : start + A_CALL]]
                body = orjson.dumps({"Messages": batch})
                post(connection, "/email/batchWithTemplates", body, len(body))

    written = orjson.dumps([_values(mailing, alias, one) for one in messages])
    return Variant("floor of template", send, len(written) / len(messages))


def floor_of_batch(url: str, mailing: Mailing, messages: list[Message]) -> Variant:
    """Fill the bodies, and post what orjson writes of them with http.client."""

    def send() -> None:
        with connected(url) as connection:
            for start in range(0, len(messages), A_CALL):
                batch = [_as_sent(mailing, one) for one in messages[start : start + A_CALL]]
                body = orjson.dumps(batch)
                post(connection, "/email/batch", body, len(body))

    written = orjson.dumps([_as_sent(mailing, one) for one in messages])
    return Variant("floor of batch", send, len(written) / len(messages))


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


def _as_sent(mailing: Mailing, one: Message) -> dict[str, Any]:
    tracked = {"TrackOpens": False, "TrackLinks": "None"}
    return {**in_full(mailing, one), "Headers": _headers(mailing, one), **tracked}


def _headers(mailing: Mailing, one: Message) -> list[dict[str, str]]:
    headers = [{"Name": name, "Value": value.fill(one.values)} for name, value in mailing.headers]
    headers.append({"Name": "Message-ID", "Value": f"<{one.delivery_id}@news.example>"})
    headers.append({"Name": "X-PM-KeepID", "Value": "true"})
    return headers


def _values(mailing: Mailing, alias: str, one: Message) -> dict[str, Any]:
    leave, email = one.values["unsubscribe"], one.values["email"]
    model = {
        "token": {"unsubscribe": leave},
        "text": {"email": email},
        "html": {"email": escape(email)},
    }
    return {
        "From": mailing.sender,
        "To": one.to,
        "Tag": mailing.key,
        "Headers": _headers(mailing, one),
        "Metadata": {"delivery-id": one.delivery_id, "batch-id": one.attempt_id},
        "MessageStream": "broadcast",
        "TrackOpens": False,
        "TrackLinks": "None",
        "TemplateAlias": alias,
        "TemplateModel": model,
        "InlineCss": False,
    }


def _stock_size(mailing: Mailing, one: Message) -> float:
    import json  # noqa: PLC0415 -- what requests uses, ASCII escapes included

    return float(len(json.dumps(in_full(mailing, one))))


def _uploaded(url: str, mailing: Mailing) -> str:
    template = prepare(mailing, "template", "broadcast").template
    assert template is not None
    with connected(url) as connection:
        body = orjson.dumps(template.fields())
        post(connection, "/templates", body, len(body))
    return template.alias


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
