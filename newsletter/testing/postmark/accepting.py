"""One message judged by itself: refused with a code, or accepted and written down."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from newsletter.testing.postmark.clock import Stamp
from newsletter.testing.postmark.events import Events
from newsletter.testing.postmark.exchange import Refused
from newsletter.testing.postmark.ledger import Ledger
from newsletter.testing.postmark.mustachio import render, with_unsubscribe_link
from newsletter.testing.postmark.streams import Streams
from newsletter.testing.postmark.suppressions import Suppressions
from newsletter.testing.postmark.unsubscribing import handled

LONGEST_KEY, LONGEST_VALUE, MOST_KEYS = 20, 80, 10

_ADDRESS = re.compile(r"[^@\s<>,]+@[^@\s<>,]+\.[^@\s<>,]+|.*<[^@\s<>,]+@[^@\s<>,]+\.[^@\s<>,]+>")
_INACTIVE = (
    "You tried to send to a recipient that has been marked as inactive. Found inactive "
    "addresses: {}. Inactive recipients are ones that have generated a hard bounce, a spam "
    "complaint, or a manual suppression. "
)

Message = Mapping[str, Any]


class Accepting:
    """Judges messages, whichever way they were handed over."""

    def __init__(
        self, ledger: Ledger, streams: Streams, suppressions: Suppressions, events: Events
    ) -> None:
        self._ledger = ledger
        self._streams = streams
        self._suppressions = suppressions
        self._events = events

    def row(self, message: Message, content: Message, at: Stamp) -> dict[str, Any]:
        """Judge a message and give its row for the ledger.

        Args:
            message: as it was handed over.
            content: Subject, HtmlBody and TextBody; of a template where it comes from one.
            at: when.

        Raises:
            Refused: with the code of the first thing that is wrong.
        """
        self.check(message, content)
        self.check_recipient(message)
        stream = message.get("MessageStream") or "outbound"
        row = {
            "MessageID": str(uuid4()),
            "To": message["To"],
            "MessageStream": stream,
            "Tag": message.get("Tag") or "",
            "Metadata": {
                name: str(value) for name, value in (message.get("Metadata") or {}).items()
            },
            "At": at.instant,
            "AcceptedAt": at.written,
            "From": message["From"],
            "Subject": content.get("Subject") or "",
        }
        return row | self._bodies(message, content) if self._ledger.keeps_bodies else row

    def add(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Write accepted messages down, and let them arrive."""
        self._ledger.add(rows)
        self._events.accepted(rows)

    def rendered(self, content: Message, model: Message) -> Message:
        """Fill placeholders, when bodies are kept; nobody reads them otherwise."""
        if not self._ledger.keeps_bodies:
            return content
        return {
            name: content.get(name) and render(content[name], model, escape=name == "HtmlBody")
            for name in ("Subject", "HtmlBody", "TextBody")
        }

    def check(self, message: Message, content: Message) -> None:
        """Judge the form of a message.

        Raises:
            Refused: with the code of the first thing that is wrong.
        """
        to, sender = message.get("To") or "", message.get("From") or ""
        stream = message.get("MessageStream") or "outbound"
        if not self._streams.can_send(stream):
            raise Refused(
                1235,
                f"The stream provided: '{stream}' does not exist on this server.",
                field="MessageStream",
            )
        if not _ADDRESS.fullmatch(to):
            raise Refused(300, f"Invalid 'To' address: '{to}'.", field="To")
        if not (content.get("HtmlBody") or content.get("TextBody")):
            raise Refused(
                300, "Provide either email TextBody or HtmlBody or both.", field="TextBody"
            )
        if not _ADDRESS.fullmatch(sender):
            raise Refused(300, f"Invalid 'From' address: '{sender}'.", field="From")
        if sender.rstrip(">").endswith(".invalid"):  # a reserved name, so nobody's signature
            raise Refused(
                400, f"The 'From' address you supplied ({sender}) is no signature.", field="From"
            )
        _check_metadata(message.get("Metadata") or {})

    def check_recipient(self, message: Message) -> None:
        """Judge who it is for.

        Raises:
            Refused: with code 406 when the address is suppressed on the stream.
        """
        stream, to = message.get("MessageStream") or "outbound", message["To"]
        if self._suppressions.has(stream, to):
            raise Refused(406, _INACTIVE.format(to))

    def _bodies(self, message: Message, content: Message) -> dict[str, Any]:
        headers = message.get("Headers") or []
        reply_to = {"ReplyTo": message.get("ReplyTo") or ""}
        stream = message.get("MessageStream") or "outbound"
        if self._streams.unsubscribes(stream):
            return reply_to | handled({**content, "Headers": headers})
        return {
            **reply_to,
            "Headers": headers,
            "HtmlBody": with_unsubscribe_link(content.get("HtmlBody") or ""),
            "TextBody": with_unsubscribe_link(content.get("TextBody") or ""),
        }


def _check_metadata(metadata: Mapping[str, Any]) -> None:
    too_long = [
        name
        for name, value in metadata.items()
        if len(name) > LONGEST_KEY or len(str(value)) > LONGEST_VALUE
    ]
    if too_long:
        limits = f"{LONGEST_KEY} characters and field values are limited to {LONGEST_VALUE}"
        raise Refused(
            300,
            f"Invalid metadata content. Field names are limited to {limits} characters in length. "
            f"The '{too_long[0]}' field in your metadata content exceeds these limits.",
            field="Metadata",
        )
    if len(metadata) > MOST_KEYS:
        raise Refused(
            300, f"Invalid metadata content: at most {MOST_KEYS} fields.", field="Metadata"
        )
