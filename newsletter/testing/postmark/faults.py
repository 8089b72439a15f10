"""Faults by plan: what the nth call of a path gets instead of a proper answer."""

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
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
    """

    content: bytes
    status: int = HTTPStatus.OK
    content_type: str = JSON
    promised: int | None = None
    seconds: float = 0.0
    drip: float = 0.0

    @classmethod
    def of(cls, reply: Reply) -> Self:
        """Take a proper reply."""
        return cls(orjson.dumps(reply.body), reply.status)


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of fault: whether the messages are accepted all the same, and the answer."""

    accepts: bool
    spoil: Callable[[Reply], Wire]


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
    return Fault(True, lambda reply: Wire.of(replace(reply, body=change(list(reply.body)))))


def _without_error_code(entry: Mapping[str, Any]) -> dict[str, Any]:
    delayed = {"Message": "Message accepted, but delivery may be delayed."}
    return {name: value for name, value in entry.items() if name != "ErrorCode"} | delayed


FAULTS: Mapping[str, Fault] = {
    "reset": Fault(False, _silent),
    "drop-answer": Fault(True, _silent),
    "error-500": Fault(True, _error_500),
    "html-502": Fault(True, _html_502),
    "html-403": Fault(False, lambda _: Wire(b"<html>Forbidden</html>", 403, "text/html")),
    "too-many": Fault(False, lambda _: Wire(b"", 429)),
    "maintenance": Fault(False, _maintenance),
    "truncated": Fault(True, _truncated),
    "not-json": Fault(True, lambda _: Wire(b'{"ErrorCode": 0, ')),
    "empty": Fault(True, lambda _: Wire(b"")),
    "short": _entries(lambda entries: entries[:-1]),
    "long": _entries(lambda entries: [*entries, entries[-1]]),
    "reordered": _entries(lambda entries: entries[::-1]),
    "doubled": _entries(lambda entries: [entries[0], *entries[:-1]]),
    "without-error-code": _entries(lambda entries: list(map(_without_error_code, entries))),
    "slow": Fault(True, Wire.of),
    "drip": Fault(True, lambda reply: replace(Wire.of(reply), drip=0.02)),
    "refused-300": _refused(300),
    "refused-403": _refused(403),
    "refused-406": _refused(406),
}
"""All faults by name. A short, long, reordered or doubled answer needs a batch."""


@dataclass(frozen=True, slots=True)
class Rule:
    """When a fault happens.

    Attributes:
        path: of the call, such as "/email/batch".
        fault: a name from FAULTS.
        nth: which call of this path since the plan was set (1 …); 0 is each.
        accept: whether messages are accepted, where it is not as the fault has it.
        seconds: pause before the answer.
    """

    path: str
    fault: str
    nth: int = 1
    accept: bool | None = None
    seconds: float = 0.0

    @property
    def accepts(self) -> bool:
        """Say whether the call is processed before its answer is spoiled."""
        return FAULTS[self.fault].accepts if self.accept is None else self.accept

    def answer(self, reply: Reply) -> Wire:
        """Spoil the reply."""
        return replace(FAULTS[self.fault].spoil(reply), seconds=self.seconds)


class Plan:
    """The rules in force, and how often each path was called under them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: Sequence[Rule] = ()
        self._calls: Counter[str] = Counter()

    def set(self, rules: Sequence[Rule]) -> None:
        """Replace all rules and count anew."""
        with self._lock:
            self._rules = rules
            self._calls.clear()

    def rule(self, path: str) -> Rule | None:
        """Count a call, and give the rule that it falls under."""
        key = path.lower()
        with self._lock:
            self._calls[key] += 1
            nth = self._calls[key]
            fitting = (rule for rule in self._rules if rule.path.lower() == key)
            return next((rule for rule in fitting if rule.nth in (0, nth)), None)
