"""Who followed a link: a human, a machine, or nobody can say. Pure.

Mail filters follow links before a letter is shown to its reader, most of them all links at once.
What gives them away is judged for one copy at a time; where nothing speaks for a person either, the
verdict is "unknown", so that neither number is larger than the evidence for it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Verdict(StrEnum):
    """Who followed a link, as far as the evidence goes; the earlier in this list, the more human."""

    HUMAN = "human"
    UNKNOWN = "unknown"
    MACHINE = "machine"


@dataclass(frozen=True, slots=True)
class Click:
    """A link that was followed in one copy.

    Attributes:
        link: its address.
        at: when.
        user_agent: how whatever followed it named itself; "" when it did not.
        platform: what the provider took it for, such as "Desktop"; "" when it did not say.
    """

    link: str
    at: datetime
    user_agent: str = ""
    platform: str = ""


BURSTS: Sequence[tuple[int, timedelta]] = (
    (3, timedelta(seconds=2)),
    (6, timedelta(seconds=20)),
)
"""So many links of one letter, so close to each other, are followed by no hand."""

AT_ONCE = timedelta(seconds=1)
"""Two links that close together: a quick hand, or a slow machine."""

TOO_SOON = timedelta(seconds=2)
"""Since the letter arrived; nobody has seen it by then."""

EARLY = timedelta(minutes=1)
"""Most filters are done by then; few readers have begun."""

_NAMES_ITSELF = re.compile(
    r"bot\b|crawl|spider|scan|preview|monitor|headless|phantom|curl|wget|libwww|python|java/|okhttp"
    r"|go-http|httpclient|axios|barracuda|proofpoint|mimecast|fireeye|forcepoint|symantec|trendmicro",
    re.IGNORECASE,
)
_BROWSERS = frozenset({"desktop", "mobile", "webmail", "tablet"})


def judge(clicks: Sequence[Click], arrived: datetime | None) -> Mapping[str, Verdict]:
    """Say who followed the links of one copy.

    Args:
        clicks: all that is known to have been followed in it.
        arrived: when the receiving server took the copy; None when nobody knows.

    Returns:
        A verdict for each link; the most human one where it was followed more than once.
    """
    found: dict[str, Verdict] = {}
    for click in clicks:
        verdict = _verdict(click, clicks, arrived)
        found[click.link] = min(found.get(click.link, verdict), verdict, key=list(Verdict).index)
    return found


def _verdict(click: Click, clicks: Sequence[Click], arrived: datetime | None) -> Verdict:
    age = None if arrived is None else click.at - arrived
    if _NAMES_ITSELF.search(click.user_agent) or (age is not None and age < TOO_SOON):
        return Verdict.MACHINE
    if any(_links_within(span, click, clicks) >= links for links, span in BURSTS):
        return Verdict.MACHINE
    is_browser = bool(click.user_agent) and click.platform.casefold() in _BROWSERS
    if age is None or age < EARLY or not is_browser or _links_within(AT_ONCE, click, clicks) > 1:
        return Verdict.UNKNOWN
    return Verdict.HUMAN


def _links_within(span: timedelta, click: Click, clicks: Sequence[Click]) -> int:
    """Count the different links that were followed shortly before or after one, itself included."""
    return len({other.link for other in clicks if abs(other.at - click.at) <= span})
