"""What Postmark's answers mean for our messages: two tables, and when an answer is believed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from email.utils import parseaddr
from http import HTTPStatus
from typing import Any

import orjson

from newsletter.delivery.message import Closed, Message, Outcome, Receipt, Why

_NO_BULK = (
    "This Postmark account has no bulk API: ask Postmark's support for it, or choose "
    "NEWSLETTER_POSTMARK_HANDOVER=template."
)

_MEANINGS: Mapping[int, tuple[Outcome, str]] = {
    10: (Outcome.NOT_TAKEN, "The server token is wrong: check NEWSLETTER_POSTMARK_SERVER_TOKEN."),
    11: (Outcome.NOT_TAKEN, "Fields of the request have the wrong name or type."),
    14: (Outcome.NOT_TAKEN, _NO_BULK),
    100: (Outcome.NOT_TAKEN, "Postmark is down for maintenance."),
    300: (Outcome.REJECTED, "Postmark calls the message invalid: look at the address first."),
    400: (Outcome.NOT_TAKEN, "The From address is no sender signature of this Postmark account."),
    401: (Outcome.NOT_TAKEN, "The From address is not confirmed at Postmark yet."),
    402: (Outcome.NOT_TAKEN, "Postmark could not read the request as JSON."),
    403: (Outcome.NOT_TAKEN, "A field of the request has the wrong name or type."),
    405: (Outcome.NOT_TAKEN, "The Postmark account is out of credits."),
    406: (Outcome.REJECTED, "Postmark suppresses this recipient on this stream."),
    410: (Outcome.NOT_TAKEN, "Too many messages in one call."),
    412: (Outcome.NOT_TAKEN, "The Postmark account still waits for its approval."),
    413: (Outcome.NOT_TAKEN, "The Postmark account may not send."),
    422: (Outcome.NOT_TAKEN, "The Postmark server behind this token is not valid."),
    429: (Outcome.NOT_TAKEN, "Postmark asks for fewer calls."),
    1101: (Outcome.NOT_TAKEN, "The issue's template is not at Postmark."),
    1105: (Outcome.NOT_TAKEN, "Postmark keeps 100 templates at most: delete old issues there."),
    1120: (Outcome.NOT_TAKEN, "A field of the issue's template is missing."),
    1121: (Outcome.NOT_TAKEN, "A field of the issue's template is too large."),
    1122: (Outcome.NOT_TAKEN, "A field of the issue's template is invalid."),
    1123: (Outcome.NOT_TAKEN, "A field of the issue's template is not allowed."),
    1235: (Outcome.NOT_TAKEN, "The message stream does not exist on this Postmark server."),
    1236: (Outcome.NOT_TAKEN, "The message stream cannot send."),
    1480: (Outcome.NOT_TAKEN, "This machine's IP address is not on the account's allow-list."),
}
"""By ErrorCode: what became of a message that carries it, and a sentence for an operator.

Postmark's own sentences name addresses, so none of them is passed on.
"""

_NEEDS_OPERATOR = frozenset(
    {10, 11, 14, 400, 401, 403, 405, 412, 413, 422, 1105, 1120, 1121, 1122, 1123, 1235, 1236, 1480}
)
"""ErrorCodes that stay until somebody changes a setting, the account or the issue."""

_REFUSED = frozenset({400, 401, 403, 404, 405, 411, 413, 415, 422, 429})
"""HTTP statuses that say "I did not take this call" whatever the body says."""

_ABOUT_ONE = frozenset({11, 300, 403, 406})
"""ErrorCodes of a refused call that one of its messages alone can be the cause of."""

_INVALID = 300
_NOT_THE_RECIPIENT = re.compile(
    r"Invalid metadata content|Provide either email|(?:Invalid|Error parsing) '(?!To')\w+'"
)
"""How those sentences about an invalid message begin that are surely about what all messages share.

No list of them is documented: whatever else Postmark says is taken to be about the address.
"""

_INVALID_FOR_ALL = Receipt(
    Outcome.NOT_TAKEN,
    code=str(_INVALID),
    detail="Postmark calls the message invalid, and not for its recipient: look at the sender, "
    "the headers and the metadata.",
    needs_operator=True,
)

_INACTIVE = 406
_CAUSES: Mapping[str, Why] = {
    "hard bounce": Why.BOUNCE,
    "spam complaint": Why.COMPLAINT,
    "manual suppression": Why.UNTOLD,
}
"""Why a recipient is inactive, as Postmark's sentence words it."""

_MAINTENANCE = (503, 100)

TEMPLATE_ABSENT, SHELF_FULL = "1101", "1105"
STREAM_ABSENT, STREAM_SILENT = 1235, 1236

_DOUBTFUL = "The answer does not fit the messages sent, so none of it is believed."
_UNREADABLE = "Postmark's answer for this message says nothing certain."


@dataclass(frozen=True, slots=True)
class Answer:
    """What one call brought back.

    Attributes:
        body: the decoded JSON of a 200 answer, else None.
        trouble: None for a 200 answer with JSON, else the receipt of everything in the call; never
            a rejection, for a refused call says nothing about each of its messages.
        divisible: whether a smaller call may be taken, because one message spoils this one.
    """

    body: Any = None
    trouble: Receipt | None = None
    divisible: bool = False


def read_call(status: int, content: bytes, wait: timedelta | None = None) -> Answer:
    """Judge a whole call by its HTTP status and body; ``wait`` is how long it asks for patience."""
    answer = _judged(status, content)
    if wait is None or answer.trouble is None:
        return answer
    return replace(answer, trouble=answer.trouble._replace(wait=wait))


def _judged(status: int, content: bytes) -> Answer:
    try:
        body = orjson.loads(content)
    except orjson.JSONDecodeError:
        body = None
    code = body.get("ErrorCode") if isinstance(body, dict) else None
    if status == HTTPStatus.OK and body is not None:
        return Answer(body=body)
    if status in _REFUSED and _is_invalid_for_all(body):
        return Answer(trouble=_INVALID_FOR_ALL)
    if status in _REFUSED or (status, code) == _MAINTENANCE:
        divisible = status == HTTPStatus.UNPROCESSABLE_ENTITY and code in _ABOUT_ONE
        refusal = _refusal(status, code)._replace(closed=_closed(body))
        return Answer(trouble=refusal, divisible=divisible)
    detail = f"Postmark answered with HTTP {status}" + ("" if body is not None else ", not JSON")
    return Answer(trouble=Receipt(Outcome.UNKNOWN, code=f"http-{status}", detail=f"{detail}."))


def read_batch(body: Any, messages: Sequence[Message]) -> list[Receipt]:
    """Give the receipt of each message from the body of a batch answer.

    Results come in the order of the messages, and only successes repeat the address. So the
    answer is believed as a whole or not at all: one entry for each message, and each address,
    where there is one, at its own place.
    """
    if not _is_consistent(body, messages):
        doubt = Receipt(Outcome.UNKNOWN, code="inconsistent-answer", detail=_DOUBTFUL)
        return [doubt] * len(messages)
    return [_read_entry(entry) for entry in body]


def refused_lone(trouble: Receipt) -> Receipt:
    """Give the receipt of the only message of a refused call: the table says what is known."""
    code = trouble.code or ""
    if not code.isdecimal() or int(code) not in _MEANINGS:
        return trouble
    return meaning(int(code))._replace(closed=trouble.closed)


def refused_alone(trouble: Receipt) -> Receipt:
    """Give the receipt of a message that was refused in a call of its own, unlike its neighbours."""
    return refused_lone(trouble)._replace(outcome=Outcome.REJECTED, needs_operator=False)


def _refusal(status: int, code: object) -> Receipt:
    if code is None and status == HTTPStatus.TOO_MANY_REQUESTS:
        code = int(status)  # such an answer may have no body
    if isinstance(code, int) and code in _ABOUT_ONE:
        detail = (
            f"Postmark refuses the whole call with code {code}: look at what its messages share."
        )
        return Receipt(Outcome.NOT_TAKEN, code=str(code), detail=detail, needs_operator=True)
    if isinstance(code, int) and code in _MEANINGS:
        return meaning(code)
    name = str(code) if isinstance(code, int) else f"http-{status}"
    detail = f"Postmark refused the call: {name}."
    return Receipt(Outcome.NOT_TAKEN, code=name, detail=detail, needs_operator=True)


def _is_consistent(body: Any, messages: Sequence[Message]) -> bool:
    if not isinstance(body, list) or len(body) != len(messages):
        return False
    if set(map(type, body)) != {dict}:
        return False
    ids = [str(found) for entry in body if (found := entry.get("MessageID"))]
    if len(set(ids)) < len(ids):
        return False
    sent = [message.to for message in messages]
    echoed = [entry.get("To", to) for entry, to in zip(body, sent, strict=True)]
    return echoed == sent or all(map(_same_address, echoed, sent))


def _same_address(echoed: object, sent: str) -> bool:
    if echoed == sent:
        return True
    return isinstance(echoed, str) and parseaddr(echoed)[1].casefold() == sent.casefold()


def _read_entry(entry: Mapping[str, Any]) -> Receipt:
    code, provider_id = entry.get("ErrorCode", 0), entry.get("MessageID")
    if code == 0 and isinstance(provider_id, str) and provider_id:
        return Receipt(Outcome.ACCEPTED, provider_id)
    if provider_id or not isinstance(code, int) or code not in _MEANINGS:
        name = str(code) if isinstance(code, int) and code else "unreadable-entry"
        return Receipt(Outcome.UNKNOWN, code=name, detail=_UNREADABLE)
    if _is_invalid_for_all(entry):
        return _INVALID_FOR_ALL
    known = meaning(code)
    return known._replace(closed=_closed(entry)) if code == _INACTIVE else known


def _is_invalid_for_all(entry: Any) -> bool:
    """Say whether an answer calls a message invalid for what is not its recipient's."""
    if not isinstance(entry, dict) or entry.get("ErrorCode") != _INVALID:
        return False
    return _NOT_THE_RECIPIENT.match(str(entry.get("Message"))) is not None


def _closed(entry: Any) -> Closed | None:
    """Give what an answer says about an inactive recipient; None when it is about something else.

    Mostly Postmark names all the causes there are, and so tells none.
    """
    if not isinstance(entry, dict) or entry.get("ErrorCode") != _INACTIVE:
        return None
    sentence = str(entry.get("Message")).casefold()
    told = [why for words, why in _CAUSES.items() if words in sentence]
    words = orjson.dumps(entry).decode()
    return Closed(told[0] if len(told) == 1 else Why.UNTOLD, words)


def meaning(code: int) -> Receipt:
    """Give the receipt of a message that carries an ErrorCode of the table."""
    outcome, sentence = _MEANINGS[code]
    return Receipt(outcome, code=str(code), detail=sentence, needs_operator=code in _NEEDS_OPERATOR)
