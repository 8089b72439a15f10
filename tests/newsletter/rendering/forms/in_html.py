"""The HTML forms read back as a reader sees them: the letter, its archive page, and a feed's entry."""

import re
from collections.abc import Iterator
from itertools import takewhile

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tests.newsletter.rendering.forms.told import InALine, InFull, MatchUp, Told, Voted

_SHARE = re.compile(r"(?:: )?(\d+%|no verdict yet)")


def read_letter(html: str) -> Told:
    """Read an HTML mail or an archive page, which are of one make."""
    tree = LexborHTMLParser(html)
    for hidden in tree.css("[aria-hidden=true]"):
        hidden.decompose()
    top, glance, *headings = tree.css("h1, h2")
    rest, voted = _apart(headings)
    number, _, day = _words(_before(top)[-1]).removeprefix("Issue ").partition(" · ")
    bodies = [body for heading in rest for body in _bodies(heading, tree)]
    lines = [_glance(table) for table in _after(glance) if table.tag == "table"]
    return Told(
        headline=_words(top),
        intro=" ".join(_words(node) for node in _after(top)),
        number_and_date=(number, day),
        match_ups=tuple(
            MatchUp(title, line, body) for line, (title, body) in zip(lines, bodies, strict=True)
        ),
        voted=voted,
    )


def read_entry(html: str) -> Told:
    """Read an issue as a feed holds it."""
    tree = LexborHTMLParser(html)
    assert tree.body is not None
    nodes = list(tree.body.iter())
    number_and_date, headline, *intro = takewhile(lambda node: node.tag != "table", nodes)
    number, _, day = _words(number_and_date).removeprefix("Issue ").partition(" · ")
    lines = [[_words(cell) for cell in row.css("td")] for row in nodes[2 + len(intro)].css("tr")]
    headings, voted = _apart(tree.css("h2"))
    bodies = [body for heading in headings for body in _entry_bodies(heading)]
    return Told(
        headline=_words(headline),
        intro=" ".join(_words(node) for node in intro),
        number_and_date=(number, day),
        match_ups=tuple(
            MatchUp(title, (f"{a} vs {b}", left, right), body)
            for (a, left, right, b), (title, body) in zip(lines, bodies, strict=True)
        ),
        voted=voted,
    )


def _apart(headings: list[LexborNode]) -> tuple[list[LexborNode], Voted | None]:
    """Part the headings of match-ups from that of readers' votes, which is read."""
    if not headings or not _words(headings[-1]).startswith("How you voted"):
        return headings, None
    heading = headings[-1]
    counted, *lines = [node for node in _after(heading) if node.tag == "p"]
    said = " ".join(_words(line) for line in lines)
    links = [link for line in lines for link in line.css("a")]
    return headings[:-1], Voted(_words(heading), _words(counted), tuple(_results(said, links)))


def _results(said: str, links: list[LexborNode]) -> Iterator[tuple[str, str, str, str]]:
    for link in links:
        title = _words(link)
        votes, panel, rest = re.fullmatch(
            rf"{re.escape(title)} ?(\d+ votes: .*?) ?(The panel: .*?\.)(?: (.*))?", said
        ).groups()  # type: ignore[union-attr]
        said = rest or ""
        yield title, votes, panel, link.attributes["href"] or ""


def _bodies(heading: LexborNode, tree: LexborHTMLParser) -> list[tuple[str, InFull | InALine]]:
    following = _after(heading)
    if not heading.attributes.get("id"):
        return [_line(node) for node in following]
    title = _words(heading)
    versus = next(node for node in following if node.tag == "table")
    said = takewhile(lambda node: node.tag != "table", following)
    quoted = [p for table in following if table.tag == "table" for p in table.css("p")]
    body = InFull(
        categories=_categories(_words(_before(heading)[-1])),
        verdict=" ".join(_words(node) for node in said).removeprefix("Verdict. "),
        tools=_tools(versus),
        quotes=tuple(_quote(node) for node in quoted),
        link=_link(following[-1], title) or _own_place(heading, tree),
    )
    return [(title, body)]


def _entry_bodies(heading: LexborNode) -> list[tuple[str, InFull | InALine]]:
    following = list(takewhile(lambda node: node.tag != "h2", _after(heading)))
    if heading.css_first("a") is None:
        return [_line(node) for node in following]
    title = _words(heading)
    at = next(place for place, node in enumerate(following) if node.tag == "table")
    said = [_words(node) for node in following[:at]]
    place = "" if said[0].startswith("Verdict. ") else said.pop(0)
    quoted = following[at + 1 : -1]
    link = _link(following[-1], title)
    assert link is not None
    body = InFull(
        categories=_categories(place),
        verdict=" ".join(said).removeprefix("Verdict. "),
        tools=_tools(following[at]),
        quotes=tuple(
            (*_words(label).rsplit(" · ", 1), _words(quote))
            for label, quote in zip(quoted[::2], quoted[1::2], strict=True)
        ),
        link=link,
    )
    return [(title, body)]


def _glance(table: LexborNode) -> tuple[str, str, str]:
    """Tell shares from names by what they look like: where each stands is a matter of design."""
    pieces = [" ".join(piece.split()) for piece in table.text(separator="\0").split("\0")]
    shares = [found[1] for piece in pieces if (found := _SHARE.fullmatch(piece))]
    names = [piece for piece in pieces if piece and not _SHARE.fullmatch(piece)]
    return " vs ".join(names), shares[0], shares[1]


def _tools(versus: LexborNode) -> tuple[tuple[str, ...], ...]:
    names = [_words(cell) for cell in versus.css("th[scope=col]")]
    facts = [row for row in versus.css("tr") if row.css_first("th[scope=row]")]
    rows = [[_words(cell) for cell in row.css("td")] for row in facts]
    labels = [_words(cell) for cell in versus.css("th[scope=row]")]
    assert labels == ["In short", "Panel ship", "Community", "Entry price"]
    return tuple(zip(names, *rows, strict=True))


def _quote(paragraph: LexborNode) -> tuple[str, str, str]:
    label = paragraph.css_first("span")
    assert label is not None
    about, _, by = _words(label).rpartition(" · ")
    label.decompose()
    return about, by, _words(paragraph)


def _line(paragraph: LexborNode) -> tuple[str, InALine]:
    link = paragraph.css_first("a")
    assert link is not None
    name = link.css_first("span") or link
    title, url = _words(name), link.attributes["href"] or ""
    name.decompose()
    return title, InALine(_words(paragraph), url)


def _link(paragraph: LexborNode, title: str) -> tuple[str, str] | None:
    link = paragraph.css_first("a")
    if paragraph.tag != "p" or link is None:
        return None
    return _words(link).removesuffix(f": {title}"), link.attributes["href"] or ""


def _own_place(heading: LexborNode, tree: LexborHTMLParser) -> tuple[str, str]:
    """On the archive page itself a match-up without a page of its own is where links lead."""
    page = tree.css_first("link[rel=canonical]")
    assert page is not None
    return "Find it in the archive", f"{page.attributes['href']}#{heading.attributes['id']}"


def _categories(place: str) -> str:
    return re.sub(r"^\d+ of \d+(?: · )?", "", place)


def _before(node: LexborNode) -> list[LexborNode]:
    assert node.parent is not None
    return list(takewhile(lambda other: other.mem_id != node.mem_id, node.parent.iter()))


def _after(node: LexborNode) -> list[LexborNode]:
    assert node.parent is not None
    siblings = list(node.parent.iter())
    return siblings[[other.mem_id for other in siblings].index(node.mem_id) + 1 :]


def _words(node: LexborNode) -> str:
    return " ".join(node.text().split())
