"""What the mail weighs, what it would fetch, and whether it holds anything but words and links."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from tests.audit.finding import Fault, Result
from tests.audit.letters import Form, Letter

MOST_BYTES = 90 * 1024

_FETCHING = ("src", "srcset", "background", "poster", "data", "action", "formaction")
_ACTIVE = "script,iframe,object,embed,form,input,video,audio,base,meta[http-equiv=refresh]"
_IN_STYLE = re.compile(r"url\(\s*['\"]?([^'\")]+)|@import\s+['\"]?([^'\";]+)", re.IGNORECASE)


def check(letters: list[Letter]) -> list[Result]:
    """Weigh every mail and look for hosts in both forms."""
    return [_result(letter) for letter in letters]


def _result(letter: Letter) -> Result:
    size = len(letter.html.encode())
    fetched = {form: _fetched(html) for form, html in letter.pages.items()}
    faults = (
        *_size_faults(letter, size),
        *(Fault("remote-host", f"{form}: {found}") for form in fetched for found in fetched[form]),
        *_active_faults(letter.pages),
    )
    measured = (
        f"{size / 1024:.1f} of {MOST_BYTES // 1024} KiB HTML, {letter.cards} cards, {letter.rows} rows, "
        f"{sum(map(len, fetched.values()))} remote hosts"
    )
    return Result("weight", letter.name, measured, faults)


def _size_faults(letter: Letter, size: int) -> Iterator[Fault]:
    if size > MOST_BYTES:
        yield Fault("too-big", f"{size} bytes of HTML; at most {MOST_BYTES}")
    if letter.cards + letter.rows != letter.match_ups:
        yield Fault("match-ups", f"{letter.match_ups} match-ups went in")
    if letter.overflows not in (None, bool(letter.rows)):
        yield Fault("rows", f"rows are {'missing' if letter.overflows else 'not needed'}")


def _fetched(html: str) -> list[str]:
    """Give every address that showing the page would ask for."""
    tree = LexborHTMLParser(html)
    found = [
        value
        for node in tree.css(":not(link[rel=canonical], link[rel=alternate])")
        for name, value in node.attributes.items()
        if value and (name in _FETCHING or (name == "href" and node.tag == "link"))
    ]
    styles = [node.text() for node in tree.css("style")]
    styles += [node.attributes["style"] or "" for node in tree.css("[style]")]
    found += [one or other for style in styles for one, other in _IN_STYLE.findall(style)]
    return [urlsplit(address).netloc or address[:40] for address in found]


def _active_faults(pages: dict[Form, str]) -> Iterator[Fault]:
    for form, html in pages.items():
        tree = LexborHTMLParser(html)
        for node in tree.css(_ACTIVE):
            yield Fault("active", f"{form}: <{node.tag}>")
        for node in tree.css("*"):
            for name, value in node.attributes.items():
                if name.startswith("on") or (value or "").strip().lower().startswith("javascript:"):
                    yield Fault("active", f"{form}: <{node.tag} {name}>")
