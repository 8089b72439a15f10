"""Rules about which issue it is and why it came: title, number, date, and the footer."""

import re
from collections.abc import Iterator

from newsletter.rendering.checks.finding import Finding, Rule
from newsletter.rendering.checks.letter import Letter
from newsletter.rendering.checks.sayings import bare
from newsletter.rendering.dates import long_date

_WHY = bare("you get this letter because")
_WHY_AT_MOST = 600
"""Signs between the reason and the address; the newsletter's name may stand there."""
_PAGES = {"/archive": "the past issues", "/how-verdicts-are-made": "how verdicts are made"}


def title_differs(letter: Letter) -> Iterator[Finding]:
    """The document's title is the subject: browsers and screen readers show it instead."""
    title = letter.page.tree.css_first("title")
    said = bare(title.text()) if title else ""
    if letter.nonce in letter.subject:  # a mark in the subject is another rule's
        return
    if said and letter.subject.strip() and said != bare(letter.subject):
        told = "The title of the HTML is not the subject; put the subject into <mj-title>."
        yield Finding("title-differs", "hold", told, "html")


def issue_line_wrong(letter: Letter) -> Iterator[Finding]:
    """Both parts say the issue's number and, beside it, its date."""
    view = letter.view
    line = re.compile(rf"\bissue {view.number}\W{{1,3}}{long_date(view.date)}\b", re.IGNORECASE)
    for where, words in letter.spoken:
        if not line.search(words):
            told = f"It does not say that it is issue {view.number} of {long_date(view.date)}."
            yield Finding("issue-line-wrong", "block", told, where)


def footer_incomplete(letter: Letter) -> Iterator[Finding]:
    """Both parts tell why the letter came, and lead to past issues and to how it is made.

    It blocks, as the way out does: who asks why a letter came must find an answer in it.
    """
    address = bare(letter.marks.get("email", "")).casefold()
    for where, words in letter.spoken:
        if address not in bare(words).casefold().rpartition(_WHY)[2][:_WHY_AT_MOST]:
            yield _incomplete("why the letter came, with the reader's address", where)
    for where in letter.parts:
        urls = set(letter.page.urls if where == "html" else letter.text.split())
        for page, what in _PAGES.items():
            if f"{letter.view.brand.base_url}{page}" not in urls:
                yield _incomplete(f"the link to {what}", where)


RULES: tuple[Rule, ...] = (title_differs, issue_line_wrong, footer_incomplete)


def _incomplete(what: str, where: str) -> Finding:
    told = f"The footer lacks {what}; bring it back."
    return Finding("footer-incomplete", "block", told, where)
