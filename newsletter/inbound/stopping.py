"""Whether a mail asks for no more letters: it says so, and says nothing else. Pure.

A word in the middle of a letter of praise is no wish, and who asks for something in words that are
not known here has not asked a program: the whole of what somebody wrote has to be such a phrase.
"""

import re

from newsletter.inbound.machines import is_automatic
from newsletter.inbound.mail import InboundMail
from newsletter.inbound.phrases import LANGUAGES
from newsletter.inbound.phrases.around import AROUND
from newsletter.inbound.reply import own_lines
from newsletter.inbound.words import plain

_REPLY_TO = re.compile(
    r"\A\s*(?:(?:re|aw|sv|antw|vs|odp|ynt|fwd?|wg|tr)\s*(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE
)
_AROUND = re.compile(
    rf"(?<!\S)(?:{'|'.join(map(re.escape, sorted(AROUND, key=len, reverse=True)))})(?!\S)"
)
_NAME = re.compile(r"[^\W\d_a-z][\w.'’-]*(?: [^\W\d_a-z][\w.'’-]*){0,2}[.,!]?")
_MOST_NAMES = 2
_LONGEST = 300
"""Characters of a wish with its greeting; nothing longer is looked at."""

_MOST_OF_A_SUBJECT = 2 * _LONGEST
"""Room for many "Re:" before a wish; a subject that goes on behind them is no wish anyway."""

_GREETING_WORDS = 5


def asks_to_stop(mail: InboundMail) -> bool:
    """Tell whether a person asks, in words only, to get no more letters.

    When nothing is written above the quoted letter, the subject is what was said. Their own address
    says nothing more than the mail does; another one does.
    """
    if is_automatic(mail):
        return False
    themselves = re.compile(re.escape(mail.sender), re.IGNORECASE)
    lines = [themselves.sub("", line) for line in own_lines(mail)]
    subject = mail.subject[:_MOST_OF_A_SUBJECT]
    return says_stop(lines or [_REPLY_TO.sub("", subject, count=1)])


def says_stop(lines: list[str]) -> bool:
    """Tell whether some lines say nothing but that; the last may be names."""
    if sum(map(len, lines)) > _LONGEST:
        return False
    lines = _without_greeting(lines)
    for named in range(_MOST_NAMES + 1):
        own, names = lines[: len(lines) - named], lines[len(lines) - named :]
        if not own or not all(map(_NAME.fullmatch, names)):
            return False
        if _is_phrase(" ".join(own)):
            return True
    return False


def _is_phrase(text: str) -> bool:
    said, asks = plain(text), "?" in text
    bare = " ".join(_AROUND.sub(" ", said).split())
    return any(language.says_stop(one, asks=asks) for language in LANGUAGES for one in (said, bare))


def _without_greeting(lines: list[str]) -> list[str]:
    """Drop a first line such as "Hello Weekly Verdict," when more follows."""
    first = plain(lines[0]).split() if len(lines) > 1 else []
    begins_so = any(" ".join(first[:count]) in AROUND for count in (1, 2, 3)) and first
    short = len(first) <= _GREETING_WORDS and lines[0].endswith((",", "!", ".", ":"))
    return lines[1:] if begins_so and short and not _is_phrase(lines[0]) else lines
