"""The text of a page under /tool/: the reviewed date, the price and the tally of one tool."""

import re
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from newsletter.content.addresses import parse_address
from newsletter.content.pages.labels import FOOTER, is_initial, position
from newsletter.content.pages.lines import Line, joined, lines_of
from newsletter.content.refusals import Unreadable

_TAKE = "the panel's take"
_SHARE = "share this verdict"
_REVIEWS = "panel reviews"
_ENDINGS = frozenset({_SHARE, _REVIEWS, FOOTER})
_NO_TAGLINES = _ENDINGS | {"price", "reviewed", "expert verdict"}

_REVIEWED = re.compile(r"(?:Price(?P<price>.*?))?Reviewed\s*(?P<day>\d{4}-\d{2}-\d{2})(?!\d)")
_TALLY = re.compile(r"(\d+)\s*ships?\s*[·,|/&]?\s*(\d+)\s*skips?\b", re.IGNORECASE)
_PANEL_TALLY = re.compile(_TALLY.pattern + r" from the expert panel", re.IGNORECASE)
_VERDICT = re.compile(r"^(?P<name>\S.*?) verdict: (?:SHIP|SKIP|MIXED)\b")
_ALTERNATIVES = re.compile(r"with every other (?P<category>\S.*?) tool reviewed by our panel")
_BREADCRUMB = re.compile(r"Reviews\s*/\s*(?P<category>[^/]+?)\s*/\s*\S")
_FULL_REVIEW = re.compile(r"Full review: (?P<address>\S+/tool/\S+)$")


@dataclass(frozen=True, slots=True)
class ToolPage:
    """What a tool's own page says; None where it does not, or may have been cut.

    Attributes:
        slug: identity; None when neither the page nor its address has it.
        reviewed_on: the day of the review.
        price: free text, such as "Open Source (MIT)".
        ships: reviewers who would ship it.
        skips: reviewers who would skip it.
    """

    slug: str | None = None
    name: str | None = None
    category: str | None = None
    tagline: str | None = None
    description: str | None = None
    reviewed_on: date | None = None
    price: str | None = None
    ships: int | None = None
    skips: int | None = None


def is_tool_page(text: str) -> bool:
    """Say whether the text has the marks of a tool's page."""
    return any(_is_mark(line) for line in lines_of(text))


def read_tool_page(text: str) -> ToolPage:
    """Read a tool's page in any of its layouts, perhaps cut.

    Raises:
        Unreadable: the text has none of the marks of such a page.
    """
    lines = lines_of(text)
    if not is_tool_page(text):
        raise Unreadable(
            "no “The Panel's Take”, “Share this verdict” or “Panel Reviews” up to here, so this "
            "is no page of a tool",
            line=lines[-1].number if lines else 1,
        )
    footer = position(lines, FOOTER)
    # What follows the footer repeats the page for makers; only its sentences about others count.
    content = lines[: len(lines) - 1 if footer is None else footer]
    page = ToolPage(
        slug=_slug(content),
        category=_found(_ALTERNATIVES, lines, "category")
        or _found(_BREADCRUMB, content, "category"),
        description=_description(lines),
    )
    return _with_name(_with_review(page, content), content)


def _is_mark(line: Line) -> bool:
    is_section = line.folded in {_SHARE, _REVIEWS} or line.folded.endswith(_TAKE)
    return is_section or _REVIEWED.fullmatch(line.text) is not None


def _with_review(page: ToolPage, lines: list[Line]) -> ToolPage:
    price, day = _glued_review(lines)
    ships, skips = _tally(lines)
    return replace(
        page,
        price=price or _value_below(lines, "price"),
        reviewed_on=_day(day or _value_below(lines, "reviewed")),
        ships=ships,
        skips=skips,
    )


def _glued_review(lines: list[Line]) -> tuple[str | None, str | None]:
    for line in lines:
        if found := _REVIEWED.fullmatch(line.text):
            return (found["price"] or "").strip() or None, found["day"]
    return None, None


def _value_below(lines: list[Line], label: str) -> str | None:
    """Give the line under a label; on a tool's page the label stands before its value."""
    at = position(lines, label)
    return lines[at + 1].text if at is not None and at + 1 < len(lines) else None


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _tally(lines: list[Line]) -> tuple[int | None, int | None]:
    """Give ships and skips, unless two places on the page disagree."""
    found = [_TALLY.fullmatch(line.text) or _PANEL_TALLY.search(line.text) for line in lines]
    tallies = {(int(match[1]), int(match[2])) for match in found if match}
    return tallies.pop() if len(tallies) == 1 else (None, None)


def _description(lines: list[Line]) -> str | None:
    """Give what stands between the panel's take and the next section, when both are there."""
    takes = (at for at, line in enumerate(lines) if line.folded.endswith(_TAKE))
    start = next(takes, None)
    if start is None:
        return None
    ends = (at for at in range(start + 1, len(lines)) if lines[at].folded in _ENDINGS)
    end = next(ends, None)
    return joined(lines[start + 1 : end]) if end is not None else None


def _slug(lines: list[Line]) -> str | None:
    address = parse_address(_found(_FULL_REVIEW, lines, "address") or "")
    return address.slug if address.kind == "tool" else None


def _with_name(page: ToolPage, lines: list[Line]) -> ToolPage:
    """Add the name, and the tagline below it, when a second place on the page confirms the name."""
    name = _found(_VERDICT, lines, "name") or _doubled(lines)
    if name is None:
        return page
    places = [at for at, line in enumerate(lines) if line.text == name and not is_initial(line)]
    below = places[-1] + 1 if places else len(lines)
    return replace(page, name=name, tagline=_tagline(lines[below : below + 1]))


def _doubled(lines: list[Line]) -> str | None:
    """Give the name of an older page: its picture's text and its heading, one below the other."""
    first_section = next((at for at, line in enumerate(lines) if _is_mark(line)), len(lines))
    pairs = pairwise(lines[:first_section])
    return next((one.text for one, two in pairs if one.text == two.text), None)


def _tagline(below: list[Line]) -> str | None:
    if not below:
        return None
    words = below[0].folded
    is_fact = words in _NO_TAGLINES or words.startswith("verdict —")
    return None if is_fact or _is_mark(below[0]) else below[0].text


def _found(shape: re.Pattern[str], lines: list[Line], group: str) -> str | None:
    matches = (shape.search(line.text) for line in lines)
    return next((match[group] for match in matches if match), None)
