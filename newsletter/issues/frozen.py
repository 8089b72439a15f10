"""What is frozen in the row of an issue, or of an edition: written, read back as values, and hashed."""

import hashlib
import json
from typing import Protocol

from newsletter.errors import NewsletterError
from newsletter.issues.models import Issue
from newsletter.rendering.letter import render
from newsletter.rendering.rendered import Rendered
from newsletter.rendering.views import IssueView


class Unreadable(NewsletterError):
    """Another release froze what this one cannot read."""

    code = "issue-unreadable"


class Row(Protocol):
    """The columns of a row that hold a letter, and what it was made of."""

    subject: str
    preheader: str
    html: str
    text: str
    content: str
    content_hash: str


def freeze(row: Row, letter: Rendered, content: IssueView) -> None:
    """Write a letter into its row, with what it was made of."""
    row.subject, row.preheader = letter.subject, letter.preheader
    row.html, row.text = letter.html, letter.text
    row.content = json.dumps(content.as_json(), ensure_ascii=False, sort_keys=True)
    row.content_hash = content_hash(letter)


def rendered(issue: Issue) -> Rendered:
    """Give the letter as it was rendered, with its marks unfilled."""
    return Rendered(
        subject=issue.subject,
        preheader=issue.preheader,
        html=issue.html,
        text=issue.text,
        nonce=issue.nonce,
    )


def view(issue: Issue) -> IssueView:
    """Give the content of the issue, from which archive, feed and checks are made.

    Raises:
        Unreadable: when another release froze what this one cannot read.
    """
    try:
        return IssueView.from_json(json.loads(issue.content))
    except ValueError:
        raise Unreadable(
            f"issue {issue.number} was frozen by another release and cannot be read by this one; what "
            f"to do: newsletter issue preflight {issue.number}"
        ) from None


def readable(issue: Issue) -> IssueView | None:
    """Give the content of the issue, or None when another release froze what this one cannot read."""
    try:
        return view(issue)
    except Unreadable:
        return None


def content_hash(letter: Issue | Rendered) -> str:
    """Hash what leaves: subject, preheader, HTML and text, with their personal marks unfilled."""
    digest = hashlib.sha256()
    for part in (letter.subject, letter.preheader, letter.html, letter.text):
        digest.update(hashlib.sha256(part.encode()).digest())
    return digest.hexdigest()


def altered(issue: Issue) -> tuple[str, ...]:
    """Name what of the letter is not, byte for byte, what its frozen content renders to now.

    Returns:
        Of "subject", "preheader", "html", "text" and "hash" those that differ.
    """
    kept, again = rendered(issue), render(view(issue), issue.nonce)
    parts = ("subject", "preheader", "html", "text")
    differing = [part for part in parts if getattr(kept, part) != getattr(again, part)]
    if issue.content_hash != content_hash(issue):
        differing.append("hash")
    return tuple(differing)


def passed_over(issue: Issue) -> list[tuple[str, str]]:
    """Give title and reason of each comparison that was passed over when the issue was built."""
    return [(decision["title"], decision["because"]) for decision in json.loads(issue.passed_over)]
