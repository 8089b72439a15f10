"""The four ways to send, each message judged by itself."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from newsletter.testing.postmark.exchange import Refused, Reply, Request
from newsletter.testing.postmark.ledger import Ledger
from newsletter.testing.postmark.mustachio import render, with_unsubscribe_link
from newsletter.testing.postmark.streams import Streams
from newsletter.testing.postmark.templates import Templates

MOST_MESSAGES = 500
LONGEST_KEY, LONGEST_VALUE, MOST_KEYS = 20, 80, 10

_ADDRESS = re.compile(r"[^@\s<>,]+@[^@\s<>,]+\.[^@\s<>,]+|.*<[^@\s<>,]+@[^@\s<>,]+\.[^@\s<>,]+>")
_SPOILS = re.compile(r"spoils-(\d+)[@-].*")
_INACTIVE = (
    "You tried to send to a recipient that has been marked as inactive. Found inactive "
    "addresses: {}. Inactive recipients are ones that have generated a hard bounce, a spam "
    "complaint, or a manual suppression. "
)


class Sending:
    """Accepts and refuses messages.

    A message to ``spoils-300@…`` makes the whole call that it is in be refused with code 300, as
    Postmark refuses a call for the sake of one item; other codes likewise.
    """

    def __init__(self, ledger: Ledger, templates: Templates, streams: Streams) -> None:
        self._ledger = ledger
        self._templates = templates
        self._streams = streams

    def one(self, request: Request) -> Reply:
        """Send one full message."""
        return self._single(request, from_template=False)

    def one_from_template(self, request: Request) -> Reply:
        """Send one message from a template."""
        return self._single(request, from_template=True)

    def batch(self, request: Request) -> Reply:
        """Send up to 500 full messages."""
        return self._many(request.json(), from_template=False)

    def batch_from_templates(self, request: Request) -> Reply:
        """Send up to 500 messages from templates."""
        body = request.json()
        return self._many(
            body.get("Messages") if isinstance(body, dict) else None, from_template=True
        )

    def _single(self, request: Request, *, from_template: bool) -> Reply:
        reply = self._many([request.json()], from_template=from_template)
        (entry,) = reply.body
        if entry["ErrorCode"]:
            raise Refused(entry["ErrorCode"], entry["Message"])
        return Reply(entry)

    def _many(self, messages: Any, *, from_template: bool) -> Reply:
        if not isinstance(messages, list) or not all(isinstance(one, dict) for one in messages):
            raise Refused(403, "Invalid request field(s).")
        if len(messages) > MOST_MESSAGES:
            raise Refused(410, "Too many batch messages: 500 are allowed.")
        _check_call(messages)
        rows: list[Mapping[str, Any]] = []
        entries = [self._accept(one, from_template, rows) for one in messages]
        self._ledger.add(rows)
        return Reply(entries)

    def _accept(
        self, message: Mapping[str, Any], from_template: bool, rows: list[Mapping[str, Any]]
    ) -> dict[str, Any]:
        try:
            content = self._content(message, from_template)
            self._check(message, content)
        except Refused as refused:
            entry: dict[str, Any] = refused.reply.body
            return entry
        row = self._row(message, content)
        rows.append(row)
        return {
            "To": message["To"],
            "SubmittedAt": row["AcceptedAt"],
            "MessageID": row["MessageID"],
            "ErrorCode": 0,
            "Message": "OK",
        }

    def _content(self, message: Mapping[str, Any], from_template: bool) -> Mapping[str, Any]:
        if not from_template:
            return message
        template = self._templates.find(message.get("TemplateAlias") or message["TemplateId"])
        if not self._ledger.keeps_bodies:
            return template
        model = message.get("TemplateModel") or {}
        return {
            name: template[name] and render(template[name], model, escape=name == "HtmlBody")
            for name in ("Subject", "HtmlBody", "TextBody")
        }

    def _check(self, message: Mapping[str, Any], content: Mapping[str, Any]) -> None:
        to, sender = message.get("To") or "", message.get("From") or ""
        stream = message.get("MessageStream") or "outbound"
        if not self._streams.can_send(stream):
            raise Refused(1235, f"The stream provided: '{stream}' does not exist on this server.")
        if not _ADDRESS.fullmatch(to):
            raise Refused(300, f"Invalid 'To' address: '{to}'.")
        if not (content.get("HtmlBody") or content.get("TextBody")):
            raise Refused(300, "Provide either email TextBody or HtmlBody or both.")
        if sender.rstrip(">").endswith(".invalid"):  # a reserved name, so nobody's signature
            raise Refused(400, f"The 'From' address you supplied ({sender}) is no signature.")
        _check_metadata(message.get("Metadata") or {})
        if self._streams.is_suppressed(stream, to):
            raise Refused(406, _INACTIVE.format(to))

    def _row(self, message: Mapping[str, Any], content: Mapping[str, Any]) -> dict[str, Any]:
        row = {
            "MessageID": str(uuid4()),
            "To": message["To"],
            "MessageStream": message.get("MessageStream") or "outbound",
            "Tag": message.get("Tag") or "",
            "Metadata": {
                name: str(value) for name, value in (message.get("Metadata") or {}).items()
            },
            "AcceptedAt": self._ledger.now(),
            "From": message["From"],
            "Subject": content.get("Subject") or "",
        }
        return row | self._bodies(message, content) if self._ledger.keeps_bodies else row

    @staticmethod
    def _bodies(message: Mapping[str, Any], content: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "ReplyTo": message.get("ReplyTo") or "",
            "Headers": message.get("Headers") or [],
            "HtmlBody": with_unsubscribe_link(content.get("HtmlBody") or ""),
            "TextBody": with_unsubscribe_link(content.get("TextBody") or ""),
        }


def _check_call(messages: Sequence[Mapping[str, Any]]) -> None:
    for message in messages:
        if found := _SPOILS.fullmatch(str(message.get("To"))):
            raise Refused(int(found[1]), "One item spoils the whole call.")


def _check_metadata(metadata: Mapping[str, Any]) -> None:
    lengths: Sequence[tuple[int, int]] = [(len(key), len(str(metadata[key]))) for key in metadata]
    if len(lengths) > MOST_KEYS or any(
        key > LONGEST_KEY or value > LONGEST_VALUE for key, value in lengths
    ):
        raise Refused(300, "Invalid metadata content: a key or a value is too long.")
