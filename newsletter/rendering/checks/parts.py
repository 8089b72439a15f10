"""Rules about both parts: marks, the way out, the postal address, and that they say the same."""

import re
from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from newsletter.rendering.checks.finding import Finding, Rule
from newsletter.rendering.checks.letter import Letter, bare

_HERE = {"localhost", "127.0.0.1", "::1"}
_NAMES_OF_HERE = ("localhost", "localdomain")


def mark_unknown(letter: Letter) -> Iterator[Finding]:
    """Each mark in a part has somebody who fills it."""
    unknown = re.compile(rf"@@{re.escape(letter.nonce)}:([^@]*)@@")
    for where, part in (("html", letter.html), ("text", letter.text)):
        for name in sorted(set(unknown.findall(part))):
            told = f'Nobody fills the mark "{name}"; take it out of the template.'
            yield Finding("mark-unknown", "block", told, where)


def mark_left_over(letter: Letter) -> Iterator[Finding]:
    """No damaged mark is left in a part, and none at all in a header."""
    whole = re.compile(rf"@@{re.escape(letter.nonce)}:[^@]*@@")
    for where, part in (("html", letter.html), ("text", letter.text)):
        if letter.nonce in whole.sub("", part):
            yield Finding("mark-left-over", "block", "A personal mark is damaged.", where)
    for where, header in letter.headers.items():
        if letter.nonce in header:
            told = "It holds a personal mark, but it is the same for everybody."
            yield Finding("mark-left-over", "block", told, where)


def unsubscribe_missing(letter: Letter) -> Iterator[Finding]:
    """Both parts show the subscriber's own way out."""
    told = "The unsubscribe link is missing; bring the footer back."
    if letter.unsubscribe_url not in letter.links:
        yield Finding("unsubscribe-missing", "block", told, "html")
    if letter.text.strip() and letter.unsubscribe_url not in letter.text.split():
        yield Finding("unsubscribe-missing", "block", told, "text")


def unsubscribe_not_https(letter: Letter) -> Iterator[Finding]:
    """One click needs https; http is for this machine only."""
    address = urlsplit(letter.unsubscribe_url)
    if address.scheme != "https" and (address.scheme, address.hostname in _HERE) != ("http", True):
        told = "The unsubscribe link is not https; set NEWSLETTER_BASE_URL to an https address."
        yield Finding("unsubscribe-not-https", "block", told, "settings")


def base_url_local(letter: Letter) -> Iterator[Finding]:
    """A letter to other machines links to nothing that only this one can open."""
    addresses = (letter.brand.base_url, *letter.links) if letter.brand.leaves_host else ()
    for address in addresses:
        if _is_here(urlsplit(address).hostname or ""):
            told = (
                f"Readers cannot open {address[:60]!r}, an address of this machine; "
                "set NEWSLETTER_BASE_URL and build the issue again."
            )
            yield Finding("base-url-local", "block", told, "settings")
            return


def postal_address_missing(letter: Letter) -> Iterator[Finding]:
    """The law of several countries asks for it in each issue."""
    lines = [" ".join(line.split()) for line in letter.brand.postal_address.splitlines()]
    said = [line for line in lines if line]
    if not said:
        told = "No postal address is set; set NEWSLETTER_POSTAL_ADDRESS."
        yield Finding("postal-address-missing", "block", told, "settings")
        return
    for where, part in (("html", letter.said), ("text", " ".join(letter.text.split()))):
        if part and not all(line in part for line in said):
            told = "The postal address is missing; bring the footer back."
            yield Finding("postal-address-missing", "block", told, where)


def text_missing(letter: Letter) -> Iterator[Finding]:
    """There is a text part."""
    if not letter.text.strip():
        yield Finding("text-missing", "block", "The text part is empty.", "text")


def comparison_missing(letter: Letter) -> Iterator[Finding]:
    """Both parts name all match-ups of the issue, in its order."""
    titles = [bare(row.title) for row in letter.view.match_ups]
    for where, part in (("html", letter.said), ("text", letter.text)):
        if part.strip() and not _in_order(titles, bare(part)):
            told = "It does not name the issue's match-ups in their order; render it again."
            yield Finding("comparison-missing", "block", told, where)


RULES: tuple[Rule, ...] = (
    mark_unknown,
    mark_left_over,
    unsubscribe_missing,
    unsubscribe_not_https,
    base_url_local,
    postal_address_missing,
    text_missing,
    comparison_missing,
)


def _is_here(host: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return host.rstrip(".").rpartition(".")[2] in _NAMES_OF_HERE
    return address.is_loopback or address.is_unspecified


def _in_order(titles: list[str], part: str) -> bool:
    start = 0
    for title in titles:
        found = part.find(title, start)
        if found < 0:
            return False
        start = found + len(title)
    return True
