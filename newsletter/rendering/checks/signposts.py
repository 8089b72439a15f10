"""Rules about what is written on links: a button votes for the tool it names, a way out says so.

They block: a vote for the wrong tool and a reader who cannot find the way out are harm done.
"""

import re
from collections.abc import Iterator

from newsletter.content.comparison import Side
from newsletter.rendering.checks.finding import Finding, Rule
from newsletter.rendering.checks.html_part import Link, links_in
from newsletter.rendering.checks.letter import Letter
from newsletter.rendering.checks.naming import names
from newsletter.rendering.checks.sayings import bare
from newsletter.rendering.checks.segments import segments
from newsletter.rendering.views import Card

_POINTED_AT: dict[Side, str] = {"a": "the left one", "b": "the right one"}
_SPELT = re.compile(r"\\u\{([0-9a-f]{1,5}|10[0-9a-f]{4})\}")
_WAYS = (("unsubscribe", "unsubscribe"), ("manage", "preferences"))


def vote_mislabelled(letter: Letter) -> Iterator[Finding]:
    """Each vote stands in its own match-up and names the tool that it is for, in both parts.

    In a match-up whose poll is over there is none.
    """
    for where, card, wrong in _wrong_votes(letter):
        told = f"The vote for {card.tool(wrong).name[:40]!r} stands elsewhere or names another."
        yield Finding("vote-mislabelled", "block", told, f"{where}: {card.title}")
    for where, card, urls in _by_card(letter):
        if not card.is_open and any(_votes(letter, url) for url in urls):
            told = "It can be voted on although its poll is over; mend the template."
            yield Finding("vote-mislabelled", "block", told, f"{where}: {card.title}")


def link_mislabelled(letter: Letter) -> Iterator[Finding]:
    """A link to a match-up names it and stands in it; its place in the archive is its own."""
    titles: dict[str, set[str]] = {}
    for row in letter.view.match_ups:
        titles.setdefault(row.url, set()).add(bare(row.title))
    for result in letter.view.results:
        titles.setdefault(result.url, set()).add(bare(result.title))
    for link in letter.page.links:
        named = titles.get(link.url)
        if named and not any(title in bare(link.shown) for title in named):
            told = f"The link {link.shown[:60]!r} leads to another match-up; mend the template."
            yield Finding("link-mislabelled", "block", told, "html")
    for where, card, urls in _by_card(letter):
        if card.url not in urls:
            told = "Its link does not stand in it; mend the template."
            yield Finding("link-mislabelled", "block", told, f"{where}: {card.title}")


def way_out_mislabelled(letter: Letter) -> Iterator[Finding]:
    """The links to unsubscribe and to the preferences say so, and no other link does."""
    for page, word in _WAYS:
        url = letter.personal_url(page, {"manage": "preferences"}.get(page, page))
        ways = [link for link in letter.page.links if link.url == url]
        others = [link for link in letter.page.links if link.url != url]
        named = any(word in link.shown.casefold() for link in ways)
        if ways and (not named or any(_says(letter, link, word) for link in others)):
            yield _way(word, "html")
        head, found, _ = letter.text.partition(url)
        if found and word not in head.rstrip().rpartition("\n")[2].casefold():
            yield _way(word, "text")


RULES: tuple[Rule, ...] = (vote_mislabelled, link_mislabelled, way_out_mislabelled)


def _wrong_votes(letter: Letter) -> Iterator[tuple[str, Card, Side]]:
    for card in letter.cards_in_full:
        links = [link for one in letter.page.sections if one.anchor == card.anchor
                 for link in links_in(one.nodes)]  # fmt: skip
        for side, _ in card.tools:
            url = letter.vote_url(card, side)
            if not card.is_open:
                continue
            if url in letter.page.urls and not _names_it(links, url, card, side):
                yield "html", card, side
            head, found, _ = letter.text.partition(f"{url}\n")
            if found and not _ends_with_name(head.rstrip().removesuffix(":"), card, side):
                yield "text", card, side


def _names_it(links: list[Link], url: str, card: Card, side: Side) -> bool:
    """Tell whether the card's own link there names the tool, to the eye and to the ear."""
    return any(
        _ends_with_name(link.shown, card, side)
        and (not link.label or _heard(link.label).startswith(bare(link.shown)))
        for link in links
        if link.url == url
    )


def _heard(label: str) -> str:
    """Give a label bare, with the signs that the MJML compiler spells out in attributes."""
    return bare(_SPELT.sub(lambda found: chr(int(found[1], 16)), label))


def _ends_with_name(words: str, card: Card, side: Side) -> bool:
    """Tell whether words end with a name of that tool, and with no longer one of the other's."""
    said = bare(words[-1000:])
    lengths: dict[Side, int] = {"a": 0, "b": 0}
    found: set[Side] = set()
    for which, tool in card.tools:
        for name in (*names(tool), _POINTED_AT[which]):
            if said.endswith(bare(name)):  # also a name of which nothing is left when bare
                lengths[which] = max(lengths[which], len(bare(name)))
                found.add(which)
    return side in found and lengths[side] == max(lengths.values())


def _by_card(letter: Letter) -> Iterator[tuple[str, Card, set[str]]]:
    """Give where each card leads to in each part, as far as the parts can be cut into cards."""
    for section in letter.page.sections:
        for card in letter.cards_in_full:
            if card.anchor == section.anchor:
                yield "html", card, {link.url for link in links_in(section.nodes)}
    if letter.text.strip():
        for segment in segments(letter, "text", " ".join(letter.text.split())):
            yield from (("text", card, set(segment.words.split())) for card in segment.cards)


def _votes(letter: Letter, url: str) -> bool:
    return url.startswith(letter.personal_url("vote", "vote"))


def _says(letter: Letter, link: Link, word: str) -> bool:
    return word in letter.sayings.taken_out_of(link.shown).casefold()


def _way(word: str, where: str) -> Finding:
    told = f'The link "{word}" is called otherwise, or another is called so; mend the footer.'
    return Finding("way-out-mislabelled", "block", told, where)
