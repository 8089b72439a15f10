"""Rules about what an inbox shows before the letter is opened.

A letter without a subject does not leave. Everything else an editor may have meant, so that it
holds; what is merely unusual is noted.
"""

import re
from collections.abc import Iterator

from newsletter.rendering.checks.finding import Finding, Rule
from newsletter.rendering.checks.letter import Letter
from newsletter.rendering.checks.sayings import Sayings, bare
from newsletter.rendering.subject import SUBJECT_MOST

PREHEADER_LEAST_SHOWN = 40
PREHEADER_MOST_SHOWN = 200

_UNFINISHED = re.compile(
    r"\b(test|todo|tbd|tba|tk|tktk|fixme|x{3,}|lorem|ipsum|untitled|placeholder)\b", re.IGNORECASE
)
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\ufe0f\u20e3]")
_FEW_LETTERS = 4
_SHORTEST_PIECE = 3


def subject_missing(letter: Letter) -> Iterator[Finding]:
    """There is a subject."""
    if not letter.subject.strip():
        yield Finding("subject-missing", "block", "The subject is empty; write one.", "subject")


def subject_too_long(letter: Letter) -> Iterator[Finding]:
    """Phones show about 60 characters of it; blanks put between braces are not its own."""
    length = len(letter.view.subject)
    if length > SUBJECT_MOST:
        told = f"The subject has {length} characters; {SUBJECT_MOST} are shown; shorten it."
        yield Finding("subject-too-long", "hold", told, "subject")


def subject_unfinished(letter: Letter) -> Iterator[Finding]:
    """It holds no note to self; a tool may be called Test, so names do not count."""
    if found := _UNFINISHED.search(_subject_without_names(letter)):
        told = f'The subject says "{found[0]}"; finish it.'
        yield Finding("subject-unfinished", "hold", told, "subject")


def subject_shouts(letter: Letter) -> Iterator[Finding]:
    """It is not all in capitals; filters and readers take that for advertising."""
    letters = [sign for sign in _subject_without_names(letter) if sign.isalpha()]
    if len(letters) >= _FEW_LETTERS and all(sign.isupper() for sign in letters):
        told = "The subject is all in capitals; write it as a sentence."
        yield Finding("subject-shouts", "hold", told, "subject")


def subject_emoji(letter: Letter) -> Iterator[Finding]:
    """A picture in the subject is no fault, but not our voice unless a tool is called so."""
    if _EMOJI.search(_subject_without_names(letter)):
        told = "There is an emoji in the subject; leave it out if it is not meant."
        yield Finding("subject-emoji", "note", told, "subject")


def subject_cuts_name(letter: Letter) -> Iterator[Finding]:
    """It does not end in the middle of a tool's name."""
    subject = letter.subject.strip()
    names = [tool.name for row in letter.view.match_ups for _, tool in row.tools]
    if any(subject.endswith(name) for name in names):
        return
    for name in names:
        if _ends_inside(subject, name):
            told = f"The subject ends in the middle of {name[:60]!r}; shorten it elsewhere."
            yield Finding("subject-cuts-name", "hold", told, "subject")
            return


def preheader_missing(letter: Letter) -> Iterator[Finding]:
    """There is a preheader, and it is in the HTML."""
    preheader = bare(letter.preheader)
    if not preheader or preheader not in bare(letter.page.said):
        told = (
            "The preheader is missing; inboxes would show the first line instead; write one and "
            "build the issue again."
        )
        yield Finding("preheader-missing", "hold", told, "preheader")


def preheader_is_subject(letter: Letter) -> Iterator[Finding]:
    """It says more than the subject."""
    subject, preheader = (" ".join(line.split()) for line in (letter.subject, letter.preheader))
    if preheader and subject.casefold() == preheader.casefold():
        told = "The preheader repeats the subject; say something more."
        yield Finding("preheader-is-subject", "hold", told, "preheader")


def preheader_length(letter: Letter) -> Iterator[Finding]:
    """It is long enough to keep the first line out, and short enough to be shown."""
    length = len(letter.preheader.strip())
    if length and not PREHEADER_LEAST_SHOWN <= length <= PREHEADER_MOST_SHOWN:
        told = (
            f"The preheader has {length} characters; write {PREHEADER_LEAST_SHOWN} to "
            f"{PREHEADER_MOST_SHOWN}."
        )
        yield Finding("preheader-length", "note", told, "preheader")


RULES: tuple[Rule, ...] = (
    subject_missing,
    subject_too_long,
    subject_unfinished,
    subject_shouts,
    subject_emoji,
    subject_cuts_name,
    preheader_missing,
    preheader_is_subject,
    preheader_length,
)


def _subject_without_names(letter: Letter) -> str:
    return Sayings.names_of(letter.view).taken_out_of(letter.subject)


def _ends_inside(subject: str, name: str) -> bool:
    """Tell whether a beginning of the name closes the subject: cut inside a word, or with dots."""
    kept = subject.rstrip(" .…")
    for length in range(len(name) - 1, _SHORTEST_PIECE - 1, -1):
        piece = name[:length].rstrip()
        before = kept[: -len(piece)][-1:]
        if kept.endswith(piece) and not before.isalnum():
            inside_word = name[length - 1].isalnum() and name[length].isalnum()
            return inside_word or kept != subject
    return False
