"""What can go wrong with an answer, each fault by its name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, Self

import orjson

from newsletter.testing.postmark.exchange import JSON, Reply

NOTHING_ACCEPTED = Reply({"ErrorCode": 101, "Message": "Nothing was accepted."})


@dataclass(frozen=True, slots=True)
class Wire:
    """What goes over the line.

    Attributes:
        content: the bytes of the body.
        status: the HTTP status; 0 breaks the line without any answer.
        content_type: of the body.
        promised: the Content-Length, more than the content when the line breaks in the middle.
        seconds: pause before the answer.
        drip: pause before each byte of the answer, its head too.
        cut: reset the line after this many bytes of the answer, its head too; a negative number
            is counted from the end.
        times: how often the whole answer is sent.
        retry_after: the header of that name; empty for none.
    """

    content: bytes
    status: int = HTTPStatus.OK
    content_type: str = JSON
    promised: int | None = None
    seconds: float = 0.0
    drip: float = 0.0
    cut: int | None = None
    times: int = 1
    retry_after: str = ""

    @classmethod
    def of(cls, reply: Reply) -> Self:
        """Take a proper reply."""
        return cls(orjson.dumps(reply.body), reply.status)


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of fault.

    Attributes:
        accepts: whether the messages are accepted all the same.
        spoil: makes the answer.
        late: whether they are accepted only after the rule's seconds, when the line is long cut.
        reads: whether the whole request is read; the line is reset in the middle of it otherwise.
    """

    accepts: bool
    spoil: Callable[[Reply], Wire]
    late: bool = False
    reads: bool = True


def _silent(_: Reply) -> Wire:
    return Wire(b"", status=0)


def _error_500(_: Reply) -> Wire:
    return Wire.of(Reply({"ErrorCode": 101, "Message": "Internal server error."}, 500))


def _html_502(_: Reply) -> Wire:
    return Wire(b"<html><h1>Bad gateway</h1></html>", 502, "text/html")


def _maintenance(_: Reply) -> Wire:
    return Wire.of(Reply({"ErrorCode": 100, "Message": "Down for maintenance."}, 503))


def _refused(code: int) -> Fault:
    body = {"ErrorCode": code, "Message": "The call as a whole is refused."}
    return Fault(False, lambda _: Wire.of(Reply(body, HTTPStatus.UNPROCESSABLE_ENTITY)))


def _truncated(reply: Reply) -> Wire:
    whole = Wire.of(reply)
    half = whole.content[: len(whole.content) // 2]
    return replace(whole, content=half, promised=len(whole.content))


def _entries(change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> Fault:
    def spoil(reply: Reply) -> Wire:
        if isinstance(reply.body, list):
            return Wire.of(replace(reply, body=change(reply.body)))
        return Wire.of(replace(reply, body=next(iter(change([reply.body])), {})))

    return Fault(True, spoil)


def _without_error_code(entry: Mapping[str, Any]) -> dict[str, Any]:
    delayed = {"Message": "Message accepted, but delivery may be delayed."}
    return {name: value for name, value in entry.items() if name != "ErrorCode"} | delayed


def _rendered_otherwise(reply: Reply) -> Wire:
    part = reply.body["HtmlBody"]
    spoilt = {**part, "RenderedContent": part["RenderedContent"].replace("&", "&amp;")}
    return Wire.of(replace(reply, body={**reply.body, "HtmlBody": spoilt}))


FAULTS: Mapping[str, Fault] = {
    "reset": Fault(False, _silent),
    "reset-request": Fault(False, _silent, reads=False),
    "reset-at": Fault(True, Wire.of),
    "drop-answer": Fault(True, _silent),
    "late-accept": Fault(False, _silent, late=True),
    "error-500": Fault(True, _error_500),
    "html-502": Fault(True, _html_502),
    "html-403": Fault(False, lambda _: Wire(b"<html>Forbidden</html>", 403, "text/html")),
    "too-many": Fault(False, lambda _: Wire(b"", 429)),
    "too-many-wait": Fault(False, lambda _: Wire(b"", 429, retry_after="90")),
    "maintenance": Fault(False, _maintenance),
    "truncated": Fault(True, _truncated),
    "not-json": Fault(True, lambda _: Wire(b'{"ErrorCode": 0, ')),
    "empty": Fault(True, lambda _: Wire(b"")),
    "short": _entries(lambda entries: entries[:-1]),
    "long": _entries(lambda entries: [*entries, entries[-1]]),
    "reordered": _entries(lambda entries: entries[::-1]),
    "twice": Fault(True, lambda reply: replace(Wire.of(reply), times=2)),
    "doubled": _entries(lambda entries: [entries[0], *entries[:-1]]),
    "without-error-code": _entries(lambda entries: list(map(_without_error_code, entries))),
    "slow": Fault(True, Wire.of),
    "drip": Fault(True, lambda reply: replace(Wire.of(reply), drip=0.02)),
    "rendered-otherwise": Fault(True, _rendered_otherwise),
    "refused-300": _refused(300),
    "refused-403": _refused(403),
    "refused-406": _refused(406),
}
"""All faults by name. A long, reordered or doubled answer needs a batch; ``doubled`` has one entry
twice and lacks another, ``twice`` is the whole answer two times on one line, and
``rendered-otherwise`` needs a test rendering of a template."""
