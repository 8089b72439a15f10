"""An issue kept at Postmark as a template: tried out, uploaded once, found again by everybody else."""

import hashlib
import re
from dataclasses import dataclass, field
from typing import Any

from newsletter.delivery.message import Mailing
from newsletter.delivery.transports.postmark_fidelity import Sample, same_but_for_blanks
from newsletter.delivery.transports.postmark_model import Model
from newsletter.delivery.transports.postmark_mustachio import as_template, needed_braces
from newsletter.rendering.personal import Marked


@dataclass(frozen=True, slots=True)
class Template:
    """The content of an issue in Postmark's template language.

    Attributes:
        alias: made from the mailing's key and the content, so that the same content has the same
            template whoever uploads it, and other content another one.
        model: the shape in which readers' values are sent.
        sample: the reader for whom it is rendered as a trial.
    """

    alias: str
    subject: str
    html: str
    text: str
    model: Model = field(repr=False, compare=False)
    sample: Sample = field(repr=False, compare=False)

    @classmethod
    def of(cls, mailing: Mailing, html: Marked, text: Marked) -> "Template":
        """Write the parts of a mailing as a template."""
        model = Model.of(html, text, mailing.alike)
        contents = (
            as_template(Marked.plain(mailing.subject), {}),
            as_template(html, model.paths_in_html),
            as_template(text, model.plain),
        )
        digest = hashlib.sha256("\0".join(contents).encode()).hexdigest()[:16]
        sample = Sample.of(mailing.subject, html, text, model)
        return cls(f"{_alias(mailing.key)}-{digest}", *contents, model, sample)

    @property
    def braces(self) -> dict[str, str]:
        """Give the literal braces that its model must hold."""
        return needed_braces(self.subject, self.html, self.text)

    def content(self) -> dict[str, str]:
        """Give its three parts by Postmark's names."""
        return {"Subject": self.subject, "HtmlBody": self.html, "TextBody": self.text}

    def fields(self) -> dict[str, str]:
        """Give the request that creates it."""
        return {"Name": self.alias, "Alias": self.alias, **self.content()}

    def trial(self) -> dict[str, Any]:
        """Give the request for a test rendering, which keeps nothing."""
        model = {**self.sample.model, **self.braces}
        return {**self.content(), "TestRenderModel": model, "InlineCssForHtmlTestRender": False}

    def is_stored_as(self, stored: Any) -> bool:
        """Say whether Postmark holds this content, whatever it did to blanks and line ends."""
        if not isinstance(stored, dict) or not stored.get("Active", True):
            return False
        return all(
            same_but_for_blanks(stored.get(name) or "", value)
            for name, value in self.content().items()
        )


def _alias(key: str) -> str:
    fit = re.sub(r"[^A-Za-z0-9._-]", "-", key)[:60]
    return fit if re.match(r"[A-Za-z]", fit) else f"mailing-{fit}"
