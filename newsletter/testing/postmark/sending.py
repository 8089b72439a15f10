"""The four ways to send up to 500 messages, each message answered by itself."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from newsletter.testing.postmark.accepting import Accepting
from newsletter.testing.postmark.clock import Stamp, VirtualClock, stamp
from newsletter.testing.postmark.exchange import Refused, Reply, Request
from newsletter.testing.postmark.shapes import an_object, objects
from newsletter.testing.postmark.templates import Templates

MOST_MESSAGES = 500

_SPOILS = re.compile(r"spoils-(\d+)[@-].*")


class Sending:
    """Accepts and refuses messages.

    A message to ``spoils-300@…`` makes the whole call that it is in be refused with code 300, as
    Postmark refuses a call for the sake of one item; other codes likewise.
    """

    def __init__(self, accepting: Accepting, templates: Templates, clock: VirtualClock) -> None:
        self._accepting = accepting
        self._templates = templates
        self._clock = clock

    def one(self, request: Request) -> Reply:
        """Send one full message."""
        return self._single(request, from_template=False)

    def one_from_template(self, request: Request) -> Reply:
        """Send one message from a template."""
        return self._single(request, from_template=True)

    def batch(self, request: Request) -> Reply:
        """Send up to 500 full messages."""
        return self._many(objects(request), from_template=False)

    def batch_from_templates(self, request: Request) -> Reply:
        """Send up to 500 messages from templates."""
        return self._many(an_object(request).get("Messages"), from_template=True)

    def _single(self, request: Request, *, from_template: bool) -> Reply:
        reply = self._many([an_object(request)], from_template=from_template)
        (entry,) = reply.body
        if entry["ErrorCode"]:
            raise Refused(entry["ErrorCode"], entry["Message"])
        return Reply(entry)

    def _many(self, messages: list[dict[str, Any]] | None, *, from_template: bool) -> Reply:
        if messages is None:
            raise Refused(403, "Invalid request field(s): 'Messages'.")
        if len(messages) > MOST_MESSAGES:
            raise Refused(410, "Too many batch messages: 500 are allowed.")
        _check_call(messages)
        content = self._from_template if from_template else dict
        now = stamp(self._clock())
        answers = [self._answer(message, content, now) for message in messages]
        self._accepting.add([row for _, row in answers if row is not None])
        return Reply([entry for entry, _ in answers])

    def _answer(
        self, message: Mapping[str, Any], content: Any, now: Stamp
    ) -> tuple[dict[str, Any], dict[str, Any] | None]:
        try:
            row = self._accepting.row(message, content(message), now)
        except Refused as refused:
            return refused.reply.body, None
        entry = {
            "To": message["To"],
            "SubmittedAt": row["AcceptedAt"],
            "MessageID": row["MessageID"],
            "ErrorCode": 0,
            "Message": "OK",
        }
        return entry, row

    def _from_template(self, message: Mapping[str, Any]) -> Mapping[str, Any]:
        template = self._templates.find(message.get("TemplateAlias") or message.get("TemplateId", 0))
        return self._accepting.rendered(template, message.get("TemplateModel") or {})


def _check_call(messages: Sequence[Mapping[str, Any]]) -> None:
    for message in messages:
        if found := _SPOILS.fullmatch(str(message.get("To"))):
            raise Refused(int(found[1]), "One item spoils the whole call.")
