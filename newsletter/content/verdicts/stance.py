"""What a piece of a review argues: how much for the tool and how much against it."""

import re
from dataclasses import dataclass
from functools import lru_cache

from newsletter.content.verdicts.cues import CUES, Cue

VERDICT_WEIGHT = 4
WORTH_QUOTING, LABELLED = 2, 4
"""What one side must weigh for a piece to be shown at all, and to be shown as For or Against.

One phrase of the trade is worth quoting, but on sentences that nobody had tuned on one label in ten
that rested on it was wrong; a verdict word, or two phrases, was wrong once in sixty.
"""

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
# Nothing inside these is the reviewer's own assertion about the tool.
_NOT_OWN_WORDS = re.compile(
    r"`[^`]*`|“[^”]*”|\"[^\"]*\"|(?<=[\s(])['‘](?=\w).*?(?<=[\w.,!?])['’](?=[\s.,;:)]|$)"
    r"|\b(?:unlike|(?:where|while|whereas) (?:others?|most|every|competitors|rivals))\b[^,;—]*,"
    r"(?: which [^,;—]*,)?"
    r"|^(?:against|next to|beside|compared (?:with|to)) [^,;—]*,(?: (?:which|who|whose) [^,;—]*,)?"
    # What somebody expected is what they did not find.
    r"|\b(?:I|we) (?:half |fully )?(?:expected(?! to\b)|braced (?:myself |ourselves )?for"
    r"|feared|assumed|was ready for|were ready for)\b[^;—]*?(?:[,;—]| (?=(?:and|but|instead)\b)|$)",
    re.IGNORECASE,
)
# A cue close behind one of these, with no comma between, is denied, wished for, doubted or past.
_UNSAID = re.compile(
    r"(?:\b(?:not(?! just| only| merely)|never|no|nobody|none|nothing|nor|neither|(?<=\s)without"
    r"|hardly|barely|rarely|less|unlike|instead of|rather than|far from|anything but|hard to see"
    r"|if|unless|until|whether|would|could|might|may|should|cannot|lacks?|needs?|want\w*|wish\w*"
    r"|hop\w+|pretend\w*|suppos\w*|almost|nearly|seems?|avoid\w*|escape[sd]?|replac\w+"
    r"|remov\w+|fix\w*|ends?|ended|used to|no longer|yet to|before)\b|n['’]t\b)[^,;:—.!?()]{0,40}$",
    re.IGNORECASE,
)
# What a sentence grants before it turns is not what it argues.
_GRANTED = re.compile(
    r"^.*(?:[,;—]\s|\s)(?:but|however)\b|\b(?:although|though|granted|while)\b[^,;—]*,"
    r"|^.*,(?![^,;—]*\b(?:most|others|few|rivals)\b)"
    r"(?=[^,;—]*\b(?:is|are|was|were|does|do|did)(?: not|n['’]t)\W*$)",
    re.IGNORECASE,
)
# Neither praise nor blame in such a sentence is the reviewer's own, of the tool as it is now.
_NOT_NOW = re.compile(
    r"\b(?:old(?:er)?|earlier|previous|last|first) (?:version|release|generation|docs)s?\b"
    r"|\b(?:old|previous|last|former|other|competing) (?:\w+ )?(?:editor|plugin|tool|app|vendor|planner|tracker"
    r"|system|client|product|library|framework|service|supplier)s?\b"
    r"|\b(?:critics?|sceptics?|skeptics?|fans|some(?: people)?|others|early reviewers)"
    r" (?:will |may |might |would )?(?:say|call|called|think|find|found)"
    r"|\b(?:has|have) been called\b|\bcritics\b"
    r"|\b(?:no reason to|hard to|difficult to|I cannot|I can['’]t|I don['’]t)"
    r" (?:believe|think|imagine) that\b"
    r"|\b(?:I|we) doubt\b|\bunlikely\b",
    re.IGNORECASE,
)
# Praise in such a sentence may be somebody else's claim, or praise of somebody else.
_NOT_ABOUT_IT = re.compile(
    r"\b(?:claim\w*|says?(?! so\b)|said|promis\w+|pitch\w*|touts?|allegedly|marketing"
    r"|press release"
    r"|tagline|landing page|on paper|in theory|self-described|calls itself|according to|brochure"
    r"|slogan|launch post|sales page|argument|competitors?"
    r"|incumbents?|rivals?|alternatives?)\b"
    r"|^(?:once|when|if|unless|until|should|were)\b[^,]*,[^,]*\b(?:will|would|could|might)\b",
    re.IGNORECASE,
)
# A cue behind one of these, in the same clause, is said of other things of the kind.
_OF_OTHERS = re.compile(
    r"\b(?:most|others?|rivals?|competitors?|incumbents?|every(?:one|thing) else|elsewhere|the rest"
    r"|usual(?:ly)?|typical(?:ly)?|(?:so|too) many|years ago)\b[^,;:—.!?]{0,40}$",
    re.IGNORECASE,
)
# A verdict right behind one of these is on another tool: "the incumbent earns the ship".
_OTHERS_VERDICT = re.compile(r"\b(?:rivals?|competitors?|incumbents?|others?) $", re.IGNORECASE)
# What is said of a fault behind one of these is what the tool does about it.
_TARGETED = re.compile(
    r"\b(?:catch\w*|caught|finds|(?<!I )(?<!we )found|flags?|flagged|flagging|spots|spotted"
    r"|detect\w*|prevent\w*|reject\w*|repair\w*|warns|warned|guard\w*|protect\w*|eliminat\w*"
    r"|sav(?:es|ed) (?:me|us|you)|cuts?|reduc\w*|surviv\w+|tolerat\w*|handle[sd]?|recover\w*"
    r"|against|instead|solv\w+|tells? (?:me|you|us)|lists|documents|publish\w*"
    r"|explains)\b[^,;:—.!?]{0,40}$",
    re.IGNORECASE,
)
# A failure in such a clause is a case the sentence speaks of, and not what it asserts.
_SUBORDINATE = re.compile(
    r"\b(?:when\w*|where\w*|that|which|who|whose|what|how|why|after|before|as|once|in case"
    r"|than)\b[^,;:—.!?]{0,40}$",
    re.IGNORECASE,
)
_BACK = 60
_AND = re.compile(r"\band $", re.IGNORECASE)
_SUBJECT = re.compile(r"(?:I|you|we|it|they|nobody|no one|nothing|all|both|half)\b", re.IGNORECASE)
# A condition or a wish goes on behind "and": "if it stays open and it never asks".
_OPEN = re.compile(
    r"\b(?:if|unless|until|whether|when\w*|that|which|who|what|how|why|would|could|might|may"
    r"|should)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Weights:
    """The weight of what was found on each side, both 0 or more."""

    for_: int = 0
    against: int = 0


@dataclass(frozen=True, slots=True)
class _Hit:
    cue: Cue
    start: int
    end: int


def _anchored() -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for place, cue in enumerate(CUES):
        for word in cue.anchors:
            found.setdefault(word, []).append(place)
    return found


_ANCHORED = _anchored()


@lru_cache(maxsize=1024)
def score(text: str) -> Weights:
    """Weigh the cues in a cleaned sentence or a part of one."""
    if text.endswith("?"):
        return Weights()
    hits = _said(text, _longest(_hits(text)))
    if any(_outside(match, hits) for match in _NOT_NOW.finditer(text)):
        hits = [hit for hit in hits if abs(hit.cue.weight) >= VERDICT_WEIGHT]
    for_ = {hit.cue for hit in hits if hit.cue.weight > 0}
    against = {hit.cue for hit in hits if hit.cue.weight < 0}
    praise = [hit for hit in hits if hit.cue.weight > 0]
    if any(_outside(match, praise) for match in _NOT_ABOUT_IT.finditer(text)):
        for_ = {cue for cue in for_ if cue.weight >= VERDICT_WEIGHT}
    return Weights(sum(cue.weight for cue in for_), -sum(cue.weight for cue in against))


def _hits(text: str) -> list[_Hit]:
    words = {word.replace("’", "'") for word in _WORD.findall(text.lower())}
    worth_a_search = {place for word in words for place in _ANCHORED.get(word, ())}
    return [
        _Hit(CUES[place], match.start(), match.end())
        for place in sorted(worth_a_search)
        for match in CUES[place].pattern.finditer(text)
    ]


def _longest(hits: list[_Hit]) -> list[_Hit]:
    """Where hits overlap, keep the longest; the table's order decides between equals."""
    kept: list[_Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start - hit.end, hit.start)):
        if all(hit.end <= other.start or other.end <= hit.start for other in kept):
            kept.append(hit)
    return kept


def _said(text: str, hits: list[_Hit]) -> list[_Hit]:
    """Leave out what the sentence quotes, grants, denies, wishes for or doubts."""
    foreign = [match.span() for match in _NOT_OWN_WORDS.finditer(text)]
    granted = [match.span() for match in _GRANTED.finditer(text)]
    return [
        hit
        for hit in hits
        if not _within(hit, foreign)
        and (abs(hit.cue.weight) >= VERDICT_WEIGHT or not _within(hit, granted))
        and not _unsaid(_before(text, hit), hit.cue)
    ]


def _before(text: str, hit: _Hit) -> str:
    """Give what stands close before a hit; a clause with a subject of its own begins afresh."""
    before = text[max(0, hit.start - _BACK) : hit.start]
    afresh = _AND.search(before) and _SUBJECT.match(text, hit.start)
    return "" if afresh and not _OPEN.search(before) else before


def _within(hit: _Hit, spans: list[tuple[int, int]]) -> bool:
    return any(start <= hit.start and hit.end <= end for start, end in spans)


def _unsaid(before: str, cue: Cue) -> bool:
    if cue.weight <= -VERDICT_WEIGHT:
        return False
    if _UNSAID.search(before) or (cue.main and _SUBORDINATE.search(before)):
        return True
    if cue.weight >= VERDICT_WEIGHT:
        return bool(_OTHERS_VERDICT.search(before))
    return bool(_OF_OTHERS.search(before) or (cue.weight < 0 and _TARGETED.search(before)))


def _outside(match: re.Match[str], hits: list[_Hit]) -> bool:
    return not any(hit.start <= match.start() and match.end() <= hit.end for hit in hits)
