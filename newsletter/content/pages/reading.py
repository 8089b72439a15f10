"""One document, in whatever form, to what it says: comparisons, a tool page, or a refusal."""

from collections.abc import Iterator
from dataclasses import replace

from newsletter.content.addresses import PageKind, parse_address
from newsletter.content.comparison import Comparison
from newsletter.content.pages.documents import Document, form_of, text_of
from newsletter.content.pages.html_page import HtmlPage, read_html
from newsletter.content.pages.identity import identify, identify_tool, pair_of, slug_of
from newsletter.content.pages.json_form import read_json
from newsletter.content.pages.markdown import without_markdown
from newsletter.content.pages.page_text import read_comparison
from newsletter.content.pages.tool_page import ToolPage, is_tool_page, read_tool_page
from newsletter.content.refusals import Refusal, Unreadable, refused

Reading = Comparison | ToolPage
"""What a document can say."""


def read(
    document: Document, *, address: str | None = None, known_slugs: frozenset[str] = frozenset()
) -> list[Reading | Refusal]:
    """Read a document; nothing in it can raise.

    Args:
        document: page text, HTML or JSON; which one is seen from its content.
        address: the page's address as the operator claims it; wins over what the page says.
        known_slugs: slugs already stored, for addresses that can be split at several places.

    Returns:
        One reading or refusal for a page; for JSON one for each comparison in it.
    """
    try:
        return list(_read(document, address, known_slugs))
    except Unreadable as error:
        return [refused(document.source, error)]


def _read(
    document: Document, address: str | None, known_slugs: frozenset[str]
) -> Iterator[Reading | Refusal]:
    text = text_of(document)
    form = form_of(text, file_name=document.source)
    if form == "json":
        yield from read_json(text, source=document.source)
        return
    page = read_html(text) if form == "html" else HtmlPage(without_markdown(text))
    try:
        yield _read_page(page, document, address=address, known_slugs=known_slugs)
    except Unreadable as error:
        if form != "html" or error.line is None:
            raise
        raise Unreadable(f"(of the visible text) {error}", line=error.line) from error


def _read_page(
    page: HtmlPage, document: Document, *, address: str | None, known_slugs: frozenset[str]
) -> Reading:
    claimed = _claimed_kind(address)
    # An operator's claim stands alone: a canonical link must not quietly overrule it.
    addresses = (address,) if address else (document.address, page.address)
    try:
        comparison = read_comparison(page.text)
    except Unreadable:
        if claimed == "comparison" or not is_tool_page(page.text):
            raise
        return identify_tool(read_tool_page(page.text), slug=slug_of(*addresses))
    if claimed == "tool":
        raise Unreadable("a comparison, but the address given is that of a tool; check --url")
    pair = pair_of(document.source, *addresses)
    identified = identify(comparison, pair=pair, known_slugs=known_slugs)
    return replace(identified, published_on=page.published_on)


def _claimed_kind(address: str | None) -> PageKind | None:
    if address is None:
        return None
    kind = parse_address(address).kind
    if kind == "neither":
        raise Unreadable(
            f"“{address}” is no address of a comparison (/compare/<slug-a>-vs-<slug-b>) "
            "or of a tool (/tool/<slug>); correct --url"
        )
    return kind
