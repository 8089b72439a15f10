"""Rules about what readers who listen depend on: language, title, one headline, tables, pictures.

They hold the issue: some readers are locked out, most are not. Only a changed template can bring
one, so that on an ordinary Monday holding costs nothing.
"""

from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from newsletter.rendering.checks.finding import Finding, Rule
from newsletter.rendering.checks.letter import Letter

_NOT_DATA = {"presentation", "none"}


def language_missing(letter: Letter) -> Iterator[Finding]:
    """The language and the direction stand on ``<html>`` and again on ``<body>``, which is kept."""
    for tag in ("html", "body"):
        attributes = _first(letter, tag)
        missing = [name for name in ("lang", "dir") if attributes.get(name) in {None, "", "und"}]
        if missing or attributes.get("dir") == "auto":
            told = f"<{tag}> does not say {' and '.join(missing) or 'dir'}; set both there."
            yield Finding("language-missing", "hold", told, "html")


def title_missing(letter: Letter) -> Iterator[Finding]:
    """The document has a title; screen readers begin with it. It is the subject, if there is one."""
    title = letter.page.tree.css_first("title")
    if letter.subject.strip() and (title is None or not title.text().strip()):
        told = "The HTML has no title; put the subject into <mj-title>."
        yield Finding("title-missing", "hold", told, "html")


def headline_not_one(letter: Letter) -> Iterator[Finding]:
    """There is exactly one ``<h1>``; it is what the letter is about."""
    count = len(letter.page.tree.css("h1"))
    if count != 1:
        told = f"There are {count} <h1>; keep one for the headline and use <h2> below it."
        yield Finding("headline-not-one", "hold", told, "html")


def table_without_role(letter: Letter) -> Iterator[Finding]:
    """A table either lays out, and says so, or holds data, and has headings."""
    for table in letter.page.tree.css("table"):
        if table.attributes.get("role") not in _NOT_DATA and not _has_heading(table):
            near = " ".join(table.text(separator=" ").split())[:40]
            told = f'The table {near!r} has no heading; give it role="presentation" or a <th>.'
            yield Finding("table-without-role", "hold", told, "html")
            return


def alt_missing(letter: Letter) -> Iterator[Finding]:
    """Every picture says what it shows; an empty ``alt`` says that it shows nothing."""
    for image in letter.page.tree.css("img"):
        if "alt" not in image.attributes:
            source = (image.attributes.get("src") or "")[:40]
            told = f'The picture {source!r} has no alt; describe it, or write alt="".'
            yield Finding("alt-missing", "hold", told, "html")


RULES: tuple[Rule, ...] = (
    language_missing,
    title_missing,
    headline_not_one,
    table_without_role,
    alt_missing,
)


def _first(letter: Letter, tag: str) -> dict[str, str | None]:
    node = letter.page.tree.css_first(tag)
    return dict(node.attributes) if node else {}


def _has_heading(table: LexborNode) -> bool:
    """Tell whether a heading of its own is in it, not only one of a table inside it."""
    return any(_table_of(heading) == table.mem_id for heading in table.css("th"))


def _table_of(node: LexborNode) -> int | None:
    parent = node.parent
    while parent is not None and parent.tag != "table":
        parent = parent.parent
    return parent.mem_id if parent is not None else None
