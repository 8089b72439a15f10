"""Rules about links: that they lead somewhere, safely and openly, and say where.

What no reader can use blocks. What a reader can use but should not have to holds: an editor may
know why, and the rest of the letter is right.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from newsletter.rendering.checks.finding import Finding, Rule
from newsletter.rendering.checks.letter import Letter

SHORTENERS = frozenset(
    [
        "adf.ly",
        "amzn.to",
        "bit.do",
        "bit.ly",
        "bl.ink",
        "buff.ly",
        "clck.ru",
        "cutt.ly",
        "dlvr.it",
        "dub.sh",
        "fb.me",
        "goo.gl",
        "is.gd",
        "j.mp",
        "kutt.it",
        "lnkd.in",
        "mcaf.ee",
        "ow.ly",
        "qr.ae",
        "rb.gy",
        "rebrand.ly",
        "s.id",
        "short.io",
        "shorturl.at",
        "shorturl.com",
        "soo.gd",
        "t.co",
        "t.ly",
        "t2m.io",
        "tiny.cc",
        "tinyurl.com",
        "trib.al",
        "u.to",
        "v.gd",
        "wp.me",
        "x.gd",
    ]
)
"""Hosts that hide where a link leads; spam filters distrust them, and so do readers."""

_NO_DESTINATION = re.compile(r"(?:^|\.)(?:example\.(?:com|net|org)|example|test|invalid)$")
_EMPTY_WORDS = frozenset(
    [
        "article", "button", "check it out", "click", "click here", "click me", "continue",
        "continue reading", "details", "find out more", "go", "here", "info", "learn more", "link",
        "more", "more info", "open", "page", "press here", "read", "read it", "read more",
        "read on", "see here", "see more", "tap here", "this", "this link", "this page", "url",
        "view", "view more", "visit", "website",
    ]
)  # fmt: skip


def link_leads_nowhere(letter: Letter) -> Iterator[Finding]:
    """A link is https, http or mailto with a destination, or a place in the letter itself.

    "mailto" is allowed, since a reader may answer a letter; scripts, files and bare paths are not.
    """
    for url in letter.page.urls:
        if url.startswith("#"):
            right = url[1:] in letter.page.ids
        else:
            parsed = urlsplit(url)
            right = (parsed.scheme in {"https", "http"} and bool(parsed.hostname)) or (
                parsed.scheme == "mailto" and "@" in parsed.path
            )
        if not right and not url.lower().startswith("data:"):
            told = f"The link {url[:60]!r} leads nowhere in a letter; give it a whole address."
            yield Finding("link-leads-nowhere", "block", told, "html")


def link_not_https(letter: Letter) -> Iterator[Finding]:
    """Links go by https; those into this service are the base URL's business.

    It holds: the page may be right, and only its owner can give it https.
    """
    own = f"http://{urlsplit(letter.brand.base_url).netloc}/".lower()
    for url in dict.fromkeys(letter.page.urls):
        if url.lower().startswith("http://") and not url.lower().startswith(own):
            told = f"The link {url[:60]!r} is not https; use the page's https address."
            yield Finding("link-not-https", "hold", told, "html")


def link_shortened(letter: Letter) -> Iterator[Finding]:
    """Links name the page they lead to, in both parts."""
    linked = [("html", url) for url in letter.page.urls]
    linked += [("text", url) for url in letter.text_links]
    for url, where in {url: where for where, url in reversed(linked)}.items():
        host = (urlsplit(url).hostname or "").removeprefix("www.")
        if host in SHORTENERS:
            told = f"{url[:60]!r} hides where it leads; use the page's own address."
            yield Finding("link-shortened", "hold", told, where)


def link_placeholder(letter: Letter) -> Iterator[Finding]:
    """A letter that leaves this machine links to no host that is reserved for examples."""
    for url in dict.fromkeys(letter.page.urls) if letter.brand.leaves_host else ():
        if _NO_DESTINATION.search((urlsplit(url).hostname or "").rstrip(".")):
            told = (
                f"{url[:60]!r} is an example's address; set NEWSLETTER_BASE_URL and "
                "NEWSLETTER_SITE_URL to your own and build the issue again."
            )
            yield Finding("link-placeholder", "block", told, "settings")
            return


def link_without_words(letter: Letter) -> Iterator[Finding]:
    """Every link says something; a screen reader has nothing else of it."""
    for link in letter.page.links:
        if not link.words:
            told = f"The link to {link.url[:60]!r} has no words; name what it leads to."
            yield Finding("link-without-words", "hold", told, "html")


def link_says_nothing(letter: Letter) -> Iterator[Finding]:
    """Its words tell where it leads, also alone; a tool may be called "Here"."""
    names = {tool.name.casefold() for row in letter.view.match_ups for _, tool in row.tools}
    for words in dict.fromkeys(link.words for link in letter.page.links):
        said = words.casefold().strip(" .…:!→»›>-–—")
        if said in _EMPTY_WORDS and words.casefold() not in names:
            told = f'A link only says "{words}"; name what it leads to.'
            yield Finding("link-says-nothing", "hold", told, "html")


RULES: tuple[Rule, ...] = (
    link_leads_nowhere,
    link_not_https,
    link_shortened,
    link_placeholder,
    link_without_words,
    link_says_nothing,
)
