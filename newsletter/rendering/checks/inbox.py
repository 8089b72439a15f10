"""Rules about what an inbox shows before the letter is opened."""

import re
from collections.abc import Iterator

from newsletter.rendering.checks.finding import Finding, Rule
from newsletter.rendering.checks.letter import Letter, bare
from newsletter.rendering.subject import SUBJECT_MOST

_UNFINISHED = re.compile(r"\b(test|todo|tbd|fixme|lorem ipsum|untitled)\b", re.IGNORECASE)


def subject_missing(letter: Letter) -> Iterator[Finding]:
    """There is a subject."""
    if not letter.headers["subject"].strip():
        yield Finding("subject-missing", "block", "The subject is empty; write one.", "subject")


def subject_too_long(letter: Letter) -> Iterator[Finding]:
    """Phones show about 60 characters of it."""
    length = len(letter.headers["subject"])
    if length > SUBJECT_MOST:
        told = f"The subject has {length} characters; {SUBJECT_MOST} are shown."
        yield Finding("subject-too-long", "hold", told, "subject")


def subject_unfinished(letter: Letter) -> Iterator[Finding]:
    """It holds no note to self; a tool may be called Test, so names do not count."""
    subject = letter.headers["subject"]
    for row in letter.view.match_ups:
        subject = subject.replace(row.tool_a.name, "").replace(row.tool_b.name, "")
    if found := _UNFINISHED.search(subject):
        told = f'The subject says "{found[0]}"; is it finished?'
        yield Finding("subject-unfinished", "hold", told, "subject")


def preheader_missing(letter: Letter) -> Iterator[Finding]:
    """There is a preheader, and it is in the HTML."""
    preheader = bare(letter.headers["preheader"])
    if not preheader or preheader not in bare(letter.said):
        told = "The preheader is missing; inboxes would show the first line instead."
        yield Finding("preheader-missing", "hold", told, "preheader")


def preheader_is_subject(letter: Letter) -> Iterator[Finding]:
    """It says more than the subject."""
    subject, preheader = (
        " ".join(letter.headers[name].split()) for name in ("subject", "preheader")
    )
    if preheader and subject.casefold() == preheader.casefold():
        told = "The preheader repeats the subject; say something more."
        yield Finding("preheader-is-subject", "hold", told, "preheader")


RULES: tuple[Rule, ...] = (
    subject_missing,
    subject_too_long,
    subject_unfinished,
    preheader_missing,
    preheader_is_subject,
)
