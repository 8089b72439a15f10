"""The letter of an issue as it was rendered: its parts, and the marks that are filled for each subscriber. Pure."""

from dataclasses import dataclass

from newsletter.rendering.personal import Marked, mark

TOKENS = frozenset({"unsubscribe", "preferences", "vote"})
"""The personal marks that stand in links: a token for each thing to do."""

MARKS = TOKENS | {"email", "date", "language"}
"""All personal marks of this letter: also the subscriber's address, and the issue's date as people
write it in the language, and the code of the language, that they chose."""

HTML_BUDGET = 90 * 1024
"""Bytes of HTML with the marks filled; mail programs cut near 102 kB."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A letter with its personal marks not yet filled.

    Attributes:
        subject: the same for everybody.
        preheader: what an inbox shows after the subject; part of the HTML too.
        html: the HTML part.
        text: the plain text part.
        nonce: by which the marks in both parts are known.
    """

    subject: str
    preheader: str
    html: str
    text: str
    nonce: str

    def marked_html(self) -> Marked:
        """Split the HTML part, ready to be filled for each subscriber."""
        return Marked.split(self.html, self.nonce, MARKS)

    def marked_text(self) -> Marked:
        """Split the text part, ready to be filled for each subscriber."""
        return Marked.split(self.text, self.nonce, MARKS)


def without_marks(text: str, nonce: str) -> str:
    """Write the name of each personal mark in its place, alike in every issue, to compare two."""
    for name in MARKS:
        text = text.replace(mark(nonce, name), f"[{name}]")
    return text
