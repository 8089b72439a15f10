"""Rules about the bytes: weight, left-over syntax, and that nothing is loaded or run."""

import re
from collections.abc import Iterator

from newsletter.rendering.checks.finding import Finding, Rule
from newsletter.rendering.checks.letter import Letter
from newsletter.rendering.letter import HTML_BUDGET

SIZE_LIMIT = 100 * 1024
"""Bytes; a little above it Gmail hides the rest of the letter, the footer with it."""

_TEMPLATE_SYNTAX = re.compile(r"\{\{|\{%")
_OPENED, _CLOSED = re.compile(r"<!--\[if "), re.compile(r"<!\[endif\]")


def size(letter: Letter) -> Iterator[Finding]:
    """The HTML is light enough to be shown whole."""
    weight = len(letter.html.encode())
    told = f"The HTML weighs {weight / 1024:.1f} KiB; mail programs cut it at about 100 KiB."
    if weight > SIZE_LIMIT:
        yield Finding("size-over-limit", "block", told, "html")
    elif weight > HTML_BUDGET:
        yield Finding("size-near-limit", "note", told, "html")


def template_syntax(letter: Letter) -> Iterator[Finding]:
    """No template engine left anything behind, and none later finds anything to do."""
    for where, part in (("html", letter.html), ("text", letter.text), *letter.headers.items()):
        if found := _TEMPLATE_SYNTAX.search(part):
            near = " ".join(part[found.start() : found.start() + 30].split())
            yield Finding("template-syntax", "block", f"Template syntax is left: {near!r}.", where)


def mjml_left_over(letter: Letter) -> Iterator[Finding]:
    """Unknown MJML passes the compiler silently; in the text part such words are only words."""
    for tag in sorted(tag for tag in letter.tags if tag.startswith("mj")):
        told = f"MJML does not know <{tag}>; correct the template."
        yield Finding("mjml-left-over", "block", told, "html")


def outlook_conditionals(letter: Letter) -> Iterator[Finding]:
    """Outlook's layout lives in comments, which a later step may have dropped."""
    opened, closed = (len(mark.findall(letter.html)) for mark in (_OPENED, _CLOSED))
    if opened == 0 or opened != closed:
        told = f"Outlook's conditional comments do not balance ({opened} opened, {closed} closed)."
        yield Finding("outlook-conditionals", "block", told, "html")


def script(letter: Letter) -> Iterator[Finding]:
    """A letter runs nothing."""
    for tag in sorted(letter.tags & {"script", "iframe", "object", "embed", "form"}):
        yield Finding("script", "block", f"The HTML holds <{tag}>; take it out.", "html")


def data_uri(letter: Letter) -> Iterator[Finding]:
    """Several mail programs refuse data addresses, and they weigh."""
    for address in (*letter.fetched, *letter.links):
        if address.lower().startswith("data:"):
            told = f"The HTML holds a data address: {address[:40]!r}."
            yield Finding("data-uri", "block", told, "html")


def remote_resource(letter: Letter) -> Iterator[Finding]:
    """Nothing is loaded when the letter is opened: no image, no font, no pixel."""
    for address in letter.fetched:
        if not address.lower().startswith(("data:", "cid:")):
            told = f"Opening the letter would load {address[:80]!r}; take it out."
            yield Finding("remote-resource", "block", told, "html")


RULES: tuple[Rule, ...] = (
    size,
    template_syntax,
    mjml_left_over,
    outlook_conditionals,
    script,
    data_uri,
    remote_resource,
)
