"""Rules about whose pages are linked to: this service's, the site's, and those of the issue."""

from collections.abc import Iterator
from email.utils import parseaddr
from urllib.parse import SplitResult, urlsplit

from newsletter.rendering.checks.finding import Finding, Rule
from newsletter.rendering.checks.letter import Letter


def link_disguised(letter: Letter) -> Iterator[Finding]:
    """No address names one host to the eye and leads to another: nothing stands before an "@".

    It blocks: nobody links so by mistake, and a reader's own protection may refuse the letter.
    """
    for where, url in _linked(letter):
        address = _split(url)
        if address is None or ("@" in address.netloc and address.scheme in {"https", "http"}):
            told = f"{url[:60]!r} hides its host; use the page's plain address."
            yield Finding("link-disguised", "block", told, where)


def link_foreign(letter: Letter) -> Iterator[Finding]:
    """Links lead to hosts that the settings or the issue name; any other an editor looks at."""
    known = _known(letter)
    told: set[str] = set()
    for where, url in _linked(letter):
        host = _host(url)
        if host and host not in known and host not in told:
            told.add(host)
            said = f"{url[:60]!r} leads to a host that is not of this issue; look where it is from."
            yield Finding("link-foreign", "hold", said, where)


RULES: tuple[Rule, ...] = (link_disguised, link_foreign)


def _linked(letter: Letter) -> Iterator[tuple[str, str]]:
    yield from (("html", url) for url in dict.fromkeys(letter.page.urls))
    yield from (("text", url) for url in dict.fromkeys(letter.text_links))


def _known(letter: Letter) -> set[str]:
    brands = (letter.brand, letter.view.brand)
    urls = [url for brand in brands for url in (brand.base_url, brand.site_url or "")]
    urls += [letter.view.archive_url, *(row.url for row in letter.view.match_ups)]
    senders = [brand.sender for brand in brands]
    senders += [value for name, value in letter.headers.items() if name.lower() == "reply-to"]
    return {_host(url) for url in urls} | {_domain(parseaddr(one)[1]) for one in senders}


def _host(url: str) -> str:
    """Give host and port in small letters, without what stands before an "@"."""
    address = _split(url)
    if address is None:
        return ""
    if address.scheme == "mailto":
        return _domain(address.path)
    return _domain(address.netloc) if address.scheme in {"https", "http"} else ""


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()


def _split(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:  # a bracket that is no address of version six
        return None
