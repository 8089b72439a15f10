"""The message streams of the Postmark server: whether ours exist, and who lets readers go there."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from newsletter.delivery.message import Outcome, Receipt, Stream
from newsletter.delivery.transports.postmark_answers import (
    STREAM_ABSENT,
    STREAM_SILENT,
    Answer,
    meaning,
)
from newsletter.delivery.transports.postmark_shelf import Ask
from newsletter.delivery.transports.postmark_unsubscribe import Unsubscribe

_ADVICE: Mapping[Unsubscribe, str] = {
    "custom": "Postmark handles unsubscribing on the newsletter's stream: ask its support for "
    "custom unsubscribe handling there, or set NEWSLETTER_POSTMARK_UNSUBSCRIBE=postmark.",
    "postmark": "Postmark leaves unsubscribing on the newsletter's stream to this service: set "
    "NEWSLETTER_POSTMARK_UNSUBSCRIBE=custom, or let Postmark handle it there.",
}
"""What to do when the setting is this, and the stream is otherwise."""

_SETTING: Mapping[Stream, str] = {
    "broadcast": "NEWSLETTER_POSTMARK_STREAM",
    "transactional": "NEWSLETTER_POSTMARK_NOTICE_STREAM",
}
_WRONG_TYPE: Mapping[Stream, str] = {"broadcast": "Transactional", "transactional": "Broadcasts"}
"""Postmark wants letters to many and letters to one on streams of different types."""

_TYPES_EXCHANGED = Receipt(
    Outcome.NOT_TAKEN,
    code="wrong-stream-type",
    detail="A newsletter leaves on a broadcast stream, single letters on a transactional one.",
    needs_operator=True,
)

_OURS: tuple[Stream, ...] = get_args(Stream)

_UNREADABLE = Receipt(
    Outcome.NOT_TAKEN,
    code="unreadable-streams",
    detail="Postmark's list of message streams cannot be read, so nothing was sent.",
)


@dataclass(frozen=True, slots=True)
class StreamSettings:
    """Postmark's streams as the settings name them; at first as it names those of a new server.

    Attributes:
        broadcast: id of the newsletter's stream.
        transactional: id of the stream of notices.
        unsubscribe: who is to handle unsubscribing on the newsletter's stream.
    """

    broadcast: str = "broadcast"
    transactional: str = "outbound"
    unsubscribe: Unsubscribe = "custom"

    def id_of(self, stream: Stream) -> str:
        """Give Postmark's id of one of our streams."""
        return self.broadcast if stream == "broadcast" else self.transactional


@dataclass(frozen=True, slots=True)
class Found:
    """What a stream is at Postmark.

    Attributes:
        server: the number of the server that it is on.
        type: Postmark's word for what it is for.
        outbound: whether messages leave on it, or did before it was archived.
        sends: whether messages leave on it now.
        postmark_unsubscribes: whether Postmark writes link and headers for leaving there.
    """

    server: str
    type: str
    outbound: bool
    sends: bool
    postmark_unsubscribes: bool


class Streams:
    """Our streams as Postmark has them; looked up once in a process, for all threads."""

    def __init__(self, settings: StreamSettings) -> None:
        self._settings = settings
        self._good: set[Stream] = set()
        self._server: str | None = None
        self._lock = threading.Lock()

    def server(self, ask: Ask) -> str | None:
        """Give the number of the server, whatever token opens it; None when Postmark does not tell."""
        with self._lock:
            if self._server is None:
                self._note(listed(ask))
            return self._server

    def problem(self, ask: Ask, stream: Stream) -> Receipt | None:
        """Say why no message can leave on a stream, if so; Postmark is asked until all is well."""
        with self._lock:
            if stream in self._good:
                return None
            found = listed(ask)
            self._note(found)
            return self._judged(found, stream)

    def problems(self, ask: Ask) -> dict[Stream, Receipt]:
        """Say by stream what keeps messages from leaving, as it is now."""
        found = listed(ask)
        judged = {stream: self._judged(found, stream) for stream in _OURS}
        return {stream: problem for stream, problem in judged.items() if problem}

    def _note(self, found: Mapping[str, Found] | Receipt) -> None:
        if not isinstance(found, Receipt):
            self._server = next((one.server for one in found.values()), None)
            self._good |= {stream for stream in _OURS if self._judged(found, stream) is None}

    def _judged(self, found: Mapping[str, Found] | Receipt, stream: Stream) -> Receipt | None:
        if isinstance(found, Receipt):
            return found
        as_found = found.get(self._settings.id_of(stream))
        if as_found is None:
            return _see(stream, meaning(STREAM_ABSENT))
        if not as_found.sends:
            return _see(stream, meaning(STREAM_SILENT))
        if as_found.type == _WRONG_TYPE[stream]:
            return _see(stream, _TYPES_EXCHANGED)
        if stream != "broadcast":
            return None
        return self._mismatch(as_found)

    def _mismatch(self, found: Found) -> Receipt | None:
        if found.postmark_unsubscribes == (self._settings.unsubscribe == "postmark"):
            return None
        return Receipt(
            Outcome.NOT_TAKEN,
            code="unsubscribe-mismatch",
            detail=_ADVICE[self._settings.unsubscribe],
            needs_operator=True,
        )


def _see(stream: Stream, problem: Receipt) -> Receipt:
    """Add which setting names the stream."""
    return problem._replace(detail=f"{problem.detail} See {_SETTING[stream]}.")


def listed(ask: Ask) -> Mapping[str, Found] | Receipt:
    """Give all streams there ever were on the server by id, or the receipt of whatever waits for them."""
    answer: Answer = ask(
        "GET", "/message-streams", MessageStreamType="All", IncludeArchivedStreams="true"
    )
    if answer.trouble is not None:
        return answer.trouble._replace(outcome=Outcome.NOT_TAKEN)
    try:
        return {str(entry["ID"]): _found(entry) for entry in answer.body["MessageStreams"]}
    except (AttributeError, KeyError, TypeError):
        return _UNREADABLE


def _found(entry: Mapping[str, Any]) -> Found:
    handling = (entry.get("SubscriptionManagementConfiguration") or {}).get(
        "UnsubscribeHandlingType"
    )
    type_ = str(entry.get("MessageStreamType"))
    outbound = type_ != "Inbound"
    return Found(
        server=str(entry["ServerID"]),
        type=type_,
        outbound=outbound,
        sends=outbound and not entry.get("ArchivedAt"),
        postmark_unsubscribes=str(handling).lower() == "postmark",
    )
