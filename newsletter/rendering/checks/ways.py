"""Rules about the reader's own ways: out, to the preferences, to the votes, and by post.

All of them block: without a way out a letter is unlawful in many countries, and a personal link
that does not work makes a promise to each reader that nobody keeps.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from newsletter.rendering.checks.finding import Finding, Rule
from newsletter.rendering.checks.hosts import is_here
from newsletter.rendering.checks.letter import Letter

ONE_CLICK = "List-Unsubscribe=One-Click"

_HERE = {"localhost", "127.0.0.1", "::1"}
_BRING_BACK = "; bring the footer back."


def unsubscribe_missing(letter: Letter) -> Iterator[Finding]:
    """Both parts show the subscriber's own way out."""
    for where in _without(letter, letter.unsubscribe_url):
        told = f"The unsubscribe link is missing{_BRING_BACK}"
        yield Finding("unsubscribe-missing", "block", told, where)


def unsubscribe_not_https(letter: Letter) -> Iterator[Finding]:
    """One click needs https; http is for this machine only."""
    address = urlsplit(letter.unsubscribe_url)
    if address.scheme != "https" and (address.scheme, address.hostname in _HERE) != ("http", True):
        told = "The unsubscribe link is not https; set NEWSLETTER_BASE_URL to an https address."
        yield Finding("unsubscribe-not-https", "block", told, "settings")


def one_click_missing(letter: Letter) -> Iterator[Finding]:
    """The headers of RFC 8058 lead to the same way out; only looked for where headers are known."""
    if not letter.headers:
        return
    headers = {name.lower(): value for name, value in letter.headers.items()}
    listed = headers.get("list-unsubscribe", "")
    posted = headers.get("list-unsubscribe-post", "")
    first, *_ = listed.split(", ")
    if first != f"<{letter.unsubscribe_url}>" or posted != ONE_CLICK:
        told = "The one-click unsubscribe headers are missing or lead elsewhere; bring them back."
        yield Finding("one-click-missing", "block", told, "headers")


def preferences_missing(letter: Letter) -> Iterator[Finding]:
    """Both parts show the subscriber's own page of preferences."""
    wanted = letter.personal_url("manage", "preferences")
    for where in _without(letter, wanted):
        if _plain_http(wanted) not in _links_of(letter, where):
            told = f"The preferences link is missing{_BRING_BACK}"
            yield Finding("preferences-missing", "block", told, where)


def preferences_not_https(letter: Letter) -> Iterator[Finding]:
    """A page that changes what is held of somebody is not asked for in the open."""
    wanted = letter.personal_url("manage", "preferences")
    for where in _without(letter, wanted):
        if _plain_http(wanted) in _links_of(letter, where):
            told = "The preferences link is not https; take the address from NEWSLETTER_BASE_URL."
            yield Finding("preferences-not-https", "block", told, where)


def vote_missing(letter: Letter) -> Iterator[Finding]:
    """Both parts let the reader vote for either tool of each open match-up shown in full."""
    for where in letter.parts:
        links = _links_of(letter, where)
        for card in letter.cards_in_full:
            wanted = {letter.vote_url(card, side) for side, _ in card.tools}
            if card.is_open and not wanted <= links:
                told = "A vote link is missing or another comparison's; bring the vote back."
                yield Finding("vote-missing", "block", told, f"{where}: {card.title}")


def base_url_local(letter: Letter) -> Iterator[Finding]:
    """A letter to other machines links to nothing that only this one can open."""
    addresses = (letter.brand.base_url, *letter.page.urls) if letter.brand.leaves_host else ()
    for address in addresses:
        if is_here(urlsplit(address).hostname or ""):
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
    for where, words in letter.spoken:
        if not all(line in words for line in said):
            told = f"The postal address is missing{_BRING_BACK}"
            yield Finding("postal-address-missing", "block", told, where)


RULES: tuple[Rule, ...] = (
    unsubscribe_missing,
    unsubscribe_not_https,
    one_click_missing,
    preferences_missing,
    preferences_not_https,
    vote_missing,
    base_url_local,
    postal_address_missing,
)


def _without(letter: Letter, url: str) -> Iterator[str]:
    """Name the parts that do not link there; an empty text part is another rule's business."""
    return (where for where in letter.parts if url not in _links_of(letter, where))


def _links_of(letter: Letter, where: str) -> set[str]:
    return set(letter.page.urls if where == "html" else letter.text.split())


def _plain_http(url: str) -> str:
    return url.replace("https:", "http:", 1) if url.startswith("https:") else ""
