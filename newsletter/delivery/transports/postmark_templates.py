"""An issue kept at Postmark as a template: uploaded once, found again by everybody else."""

import hashlib
import re
import threading
from dataclasses import dataclass, replace
from typing import Any

from newsletter.delivery.message import Mailing, Outcome, Receipt
from newsletter.delivery.transports.postmark_answers import TEMPLATE_ABSENT, Answer
from newsletter.delivery.transports.postmark_client import Client
from newsletter.delivery.transports.postmark_mustachio import as_template
from newsletter.rendering.personal import Marked

_CHANGED = Receipt(
    Outcome.NOT_TAKEN,
    code="template-changed",
    detail="The issue's template was changed or switched off at Postmark: delete it there.",
    needs_operator=True,
)


@dataclass(frozen=True, slots=True)
class Template:
    """The content of an issue in Postmark's template language.

    Attributes:
        alias: made from the mailing's key and the content, so that the same content has the same
            template whoever uploads it, and other content another one.
    """

    alias: str
    subject: str
    html: str
    text: str

    @classmethod
    def of(cls, mailing: Mailing, html: Marked, text: Marked) -> "Template":
        """Write the parts of a mailing as a template."""
        contents = (
            as_template(Marked.plain(mailing.subject), "text"),
            as_template(html, "html"),
            as_template(text, "text"),
        )
        digest = hashlib.sha256("\0".join(contents).encode()).hexdigest()[:16]
        return cls(f"{_alias(mailing.key)}-{digest}", *contents)

    def fields(self) -> dict[str, str]:
        """Give the request that creates it."""
        content = {"Subject": self.subject, "HtmlBody": self.html, "TextBody": self.text}
        return {"Name": self.alias, "Alias": self.alias, **content}

    def is_stored_as(self, stored: Any) -> bool:
        """Say whether Postmark holds this content, whatever it did to blanks and line ends."""
        if not isinstance(stored, dict) or not stored.get("Active", True):
            return False
        return all(
            " ".join((stored.get(name) or "").split()) == " ".join(value.split())
            for name, value in self.fields().items()
            if name in ("Subject", "HtmlBody", "TextBody")
        )


class TemplateShelf:
    """The templates that are known to be at Postmark; for all threads of a process."""

    def __init__(self) -> None:
        self._known: set[str] = set()
        self._lock = threading.Lock()

    def provide(self, client: Client, template: Template) -> Receipt | None:
        """Find the template at Postmark or create it; no message is sent by this.

        Two processes may do so at the same moment, and an answer may get lost: whoever is refused
        looks again, and the alias decides.

        Returns:
            None when it is there, else why no message of the mailing can be sent now.
        """
        with self._lock:
            if template.alias in self._known:
                return None
            trouble = _find_or_create(client, template)
            if trouble is None:
                self._known.add(template.alias)
            return trouble

    def forget(self, template: Template) -> None:
        """Look again the next time: Postmark says that it is gone."""
        with self._lock:
            self._known.discard(template.alias)


def _find_or_create(client: Client, template: Template) -> Receipt | None:
    found = _find(client, template)
    if found.trouble is None or found.trouble.code != TEMPLATE_ABSENT:
        return _unsent(template, found)
    created = client.call("POST", "/templates", data=template.fields())
    if created.trouble is None:
        return None
    found_now = _find(client, template)
    return _unsent(template, found_now if found_now.trouble is None else created)


def _find(client: Client, template: Template) -> Answer:
    answer: Answer = client.call("GET", f"/templates/{template.alias}")
    return answer


def _unsent(template: Template, answer: Answer) -> Receipt | None:
    if answer.trouble is None:
        return None if template.is_stored_as(answer.body) else _CHANGED
    # A template call in doubt is no message in doubt: nothing was handed over yet.
    trouble = answer.trouble
    return replace(trouble, outcome=Outcome.NOT_TAKEN)


def _alias(key: str) -> str:
    fit = re.sub(r"[^A-Za-z0-9._-]", "-", key)[:60]
    return fit if re.match(r"[A-Za-z]", fit) else f"mailing-{fit}"
