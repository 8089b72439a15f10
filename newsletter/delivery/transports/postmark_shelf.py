"""Postmark's shelf of templates: what is on it, what must be put on it, what may be taken off."""

import re
import threading
from collections.abc import Callable

from newsletter.delivery.message import Outcome, Receipt
from newsletter.delivery.transports.postmark_answers import (
    SHELF_FULL,
    TEMPLATE_ABSENT,
    Answer,
)
from newsletter.delivery.transports.postmark_fidelity import refusal
from newsletter.delivery.transports.postmark_templates import Template

KEPT = 50
"""How many of our templates stay when the shelf, which holds 100, is full."""

Ask = Callable[..., Answer]
"""Makes a call that hands no message over: method, path, and ``data`` or query fields."""

_OURS = re.compile(r"(?:issue-\d+(?:-e\d+|-test)?|correction-\d+)-[0-9a-f]{16}")

_CHANGED = Receipt(
    Outcome.NOT_TAKEN,
    code="template-changed",
    detail="The issue's template was changed or switched off at Postmark: delete it there.",
    needs_operator=True,
)


class TemplateShelf:
    """The templates that are known to be good, and at Postmark; for all threads of a process."""

    def __init__(self) -> None:
        self._tried_out: set[str] = set()
        self._stored: set[str] = set()
        self._lock = threading.Lock()

    def try_out(self, ask: Ask, template: Template) -> Receipt | None:
        """Let Postmark render the template for a sample reader, once in this process.

        Returns:
            None when it writes what this service would, else why no message can be sent now.
        """
        return self._once(self._tried_out, template, lambda: _try_out(ask, template))

    def provide(self, ask: Ask, template: Template) -> Receipt | None:
        """Find the template at Postmark or create it; no message is sent by this.

        Two processes may do so at the same moment, and an answer may get lost: whoever is refused
        looks again, and the alias decides.

        Returns:
            None when it is there, else why no message of the mailing can be sent now.
        """
        return self._once(self._stored, template, lambda: _find_or_create(ask, template))

    def forget(self, template: Template) -> None:
        """Look again the next time: Postmark says that it is gone."""
        with self._lock:
            self._stored.discard(template.alias)

    def _once(
        self, done: set[str], template: Template, do: Callable[[], Receipt | None]
    ) -> Receipt | None:
        with self._lock:
            if template.alias in done:
                return None
            trouble = do()
            if trouble is None:
                done.add(template.alias)
            return trouble


def tidy(ask: Ask, *, keep: int = KEPT) -> int:
    """Delete our oldest templates, all but the newest ``keep``; say how many.

    Postmark numbers templates as they come. Numbers of issues and of corrections tell nothing of
    each other, and a correction of an early issue may be the one that is leaving now.

    Templates of anybody else stay. One that is needed after all is uploaded again.
    """
    listed = ask("GET", "/templates", count=500, offset=0)
    try:
        templates = listed.body["Templates"]
        ours = {
            entry["Alias"]: int(entry["TemplateId"])
            for entry in templates
            if _OURS.fullmatch(entry.get("Alias") or "")
        }
    except (AttributeError, KeyError, TypeError, ValueError):
        return 0
    oldest_first = sorted(ours, key=ours.__getitem__)
    return sum(_delete(ask, alias) for alias in oldest_first[: max(0, len(ours) - keep)])


def _try_out(ask: Ask, template: Template) -> Receipt | None:
    answer = ask("POST", "/templates/validate", data=template.trial())
    return _unsent(answer) if answer.trouble else refusal(template.sample, answer.body)


def _find_or_create(ask: Ask, template: Template) -> Receipt | None:
    found = _find(ask, template)
    if found.trouble is None or found.trouble.code != TEMPLATE_ABSENT:
        return _judged(template, found)
    created = _create(ask, template)
    if created.trouble is None:
        return None
    found_now = _find(ask, template)
    return _judged(template, found_now if found_now.trouble is None else created)


def _create(ask: Ask, template: Template) -> Answer:
    """Upload a template; when there is no room, make some and try once more."""
    created = ask("POST", "/templates", data=template.fields())
    if created.trouble is None or created.trouble.code != SHELF_FULL or not tidy(ask):
        return created
    return ask("POST", "/templates", data=template.fields())


def _find(ask: Ask, template: Template) -> Answer:
    return ask("GET", f"/templates/{template.alias}")


def _delete(ask: Ask, alias: str) -> bool:
    return ask("DELETE", f"/templates/{alias}").trouble is None


def _judged(template: Template, answer: Answer) -> Receipt | None:
    if answer.trouble is not None:
        return _unsent(answer)
    return None if template.is_stored_as(answer.body) else _CHANGED


def _unsent(answer: Answer) -> Receipt | None:
    # A template call in doubt is no message in doubt: nothing was handed over yet.
    return answer.trouble and answer.trouble._replace(outcome=Outcome.NOT_TAKEN)
