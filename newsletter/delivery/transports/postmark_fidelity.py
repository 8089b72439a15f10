"""Whether Postmark's engine writes a template just as this service fills the letter."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from newsletter.delivery.message import Outcome, Receipt
from newsletter.delivery.transports.postmark_model import Model
from newsletter.delivery.transports.postmark_mustachio import (
    LEAVING,
    LEAVING_LINK,
)
from newsletter.rendering.personal import Marked

_PARTS = {"Subject": "subject", "HtmlBody": "HTML part", "TextBody": "text part"}
_BLANKS = re.compile(r"[ \t\r\n]+")
_ANY_LINK = r" ?(?:\{\{\{ pm:unsubscribe \}\}\}|[^ \"<>]*) ?"


@dataclass(frozen=True, slots=True)
class Sample:
    """A reader whose values have every sign that is written differently somewhere.

    Attributes:
        model: the values, as a template model has them.
        filled: Subject, HtmlBody and TextBody as this service fills them with these values.
    """

    model: Mapping[str, Any]
    filled: Mapping[str, str]

    @classmethod
    def of(cls, subject: str, html: Marked, text: Marked, model: Model) -> "Sample":
        """Write to the sample reader.

        Args:
            subject: without marks.
            html: the HTML part.
            text: the text part.
            model: the shape of the values.
        """
        paths = model.paths_in_html
        alike = (paths.keys() & html.names) - model.escaped.keys()
        values = {
            name: _alike(name) if name in alike else _crooked(name, path)
            for name, path in paths.items()
        }
        filled = values | {LEAVING: LEAVING_LINK}
        bodies = {"HtmlBody": html.fill_html(filled), "TextBody": text.fill(filled)}
        written = model.filled(values.__getitem__, lambda name: escape(values[name]))
        return cls(written, {"Subject": subject, **bodies})


def refusal(sample: Sample, answer: Any) -> Receipt | None:
    """Say which part of a test rendering is not what this service would write, if any is.

    Forgiven are the lengths of blanks and line ends, and what stands in place of Postmark's own
    unsubscribe link.

    Args:
        sample: what was to be rendered.
        answer: the body of Postmark's answer.
    """
    for name, part in _PARTS.items():
        rendered = _rendered(answer, name)
        if rendered is None or not _is_faithful(sample.filled[name], rendered):
            return Receipt(
                Outcome.NOT_TAKEN,
                code="template-unfaithful",
                detail=f"Postmark writes the {part} of this issue otherwise than this service does:"
                " set NEWSLETTER_POSTMARK_HANDOVER=batch, and report this.",
                needs_operator=True,
            )
    return None


def same_but_for_blanks(one: str, other: str) -> bool:
    """Compare texts in which blanks and line ends may have other lengths."""
    return _squeezed(one) == _squeezed(other)


def _is_faithful(filled: str, rendered: str) -> bool:
    if same_but_for_blanks(filled, rendered):
        return True
    pieces = [re.escape(_squeezed(piece)) for piece in filled.split(LEAVING_LINK)]
    return re.fullmatch(_ANY_LINK.join(pieces), _squeezed(rendered)) is not None


def _rendered(answer: Any, name: str) -> str | None:
    part = answer.get(name) if isinstance(answer, dict) else None
    rendered = part.get("RenderedContent") if isinstance(part, dict) else None
    return rendered if isinstance(rendered, str) else None


def _squeezed(text: str) -> str:
    return _BLANKS.sub(" ", text).strip(" ")


def _alike(name: str) -> str:
    return f"{name}-token_0.~, äж日"


def _crooked(name: str, path: str) -> str:
    return f"{name} <b>&amp;\"'`/=</b> {{{{{path}}}}} äж"
