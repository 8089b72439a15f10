"""An issue's view becomes subject, HTML and text: once, for all subscribers."""

from dataclasses import dataclass
from functools import cache

from markupsafe import Markup

from newsletter.rendering.environment import html_environment, inert_text, text_environment
from newsletter.rendering.mjml import to_html
from newsletter.rendering.personal import Marked, mark
from newsletter.rendering.views import IssueView

TOKENS = frozenset({"unsubscribe", "preferences", "vote"})
"""The personal marks that stand in links: a token for each thing to do."""

MARKS = TOKENS | {"email", "date", "language"}
"""All personal marks of this letter: also the subscriber's address, and the issue's date as people
write it in the language, and the code of the language, that they chose."""

HTML_BUDGET = 90 * 1024
"""Bytes of HTML with the marks filled; mail programs cut near 102 kB."""

_ROOM_FOR_MARK, _ROOM_FOR_ADDRESS, _ROOM_FOR_DATE, _ROOM_FOR_ROW = 48, 512, 96, 500
_BODY = "email/digest/body.mjml"


@dataclass(frozen=True, slots=True)
class Rendered:
    """A letter with its personal marks not yet filled.

    Attributes:
        subject: the same for everybody.
        preheader: what an inbox shows after the subject; part of the HTML too.
        html: the HTML part.
        text: the plain text part.
        nonce: by which the marks in both parts are known.
    """

    subject: str
    preheader: str
    html: str
    text: str
    nonce: str

    def marked_html(self) -> Marked:
        """Split the HTML part, ready to be filled for each subscriber."""
        return Marked.split(self.html, self.nonce, MARKS)

    def marked_text(self) -> Marked:
        """Split the text part, ready to be filled for each subscriber."""
        return Marked.split(self.text, self.nonce, MARKS)


def render(view: IssueView, nonce: str) -> Rendered:
    """Render the letter; cards that exceed the budget become rows, last first.

    Args:
        view: the issue.
        nonce: letters and digits that nobody can guess; new for each issue.
    """
    marks = personal_marks(nonce)
    view, html = _within_budget(view, marks, nonce)
    return Rendered(
        subject=_text("subject.txt", view, marks).strip(),
        preheader=inert_text(view.preheader),
        html=html,
        text=_text("body.txt", view, marks),
        nonce=nonce,
    )


def archive_page(view: IssueView) -> str:
    """Render the same letter for everybody to read: nothing personal, every card in full."""
    page = _html(view, None).replace(' aria-roledescription="email"', "", 1)
    return page.replace('role="article"', 'role="main"', 1)


def digest_mjml(view: IssueView, marks: dict[str, Markup] | None = None) -> str:
    """Write the MJML of the letter with its marks, or without any that of the archive page."""
    template = html_environment().get_template(_BODY)
    return template.render(issue=view, brand=view.brand, marks=marks)


def personal_marks(nonce: str) -> dict[str, Markup]:
    """Give each personal mark by its name, as templates print it."""
    return {name: Markup(mark(nonce, name)) for name in MARKS}  # noqa: S704  made of our own names


def without_marks(text: str, nonce: str) -> str:
    """Write the name of each personal mark in its place, alike in every issue, to compare two."""
    for name in MARKS:
        text = text.replace(mark(nonce, name), f"[{name}]")
    return text


def _within_budget(view: IssueView, marks: dict[str, Markup], nonce: str) -> tuple[IssueView, str]:
    """Keep as many cards as the budget holds: guessed from one look at all of them, then tried."""
    html = _html(view, marks)
    if not view.cards or _weight(html, nonce) <= HTML_BUDGET:
        return view, html

    @cache
    def attempt(kept: int) -> tuple[IssueView, str]:
        shorter = view.with_cards(kept)
        return shorter, _html(shorter, marks)

    def fits(kept: int) -> bool:
        return _weight(attempt(kept)[1], nonce) <= HTML_BUDGET

    kept = _guess(view, html, nonce)
    while kept and not fits(kept):
        kept -= 1
    while kept + 1 < len(view.cards) and fits(kept + 1):
        kept += 1
    return attempt(kept)


def _guess(view: IssueView, html: str, nonce: str) -> int:
    """Estimate how many cards fit: what stands before the next one, and a row for each after it."""
    for kept in range(len(view.cards) - 1, 0, -1):
        before = html[: html.find(f'id="{view.cards[kept].anchor}"')]
        rows = (len(view.cards) - kept) * _ROOM_FOR_ROW
        if _weight(before, nonce) + rows <= HTML_BUDGET:
            return kept
    return 0


def _weight(html: str, nonce: str) -> int:
    """Count the bytes it has for the subscriber with the longest values."""
    marks = html.count(f"@@{nonce}:")
    return len(html.encode()) + marks * _ROOM_FOR_MARK + _ROOM_FOR_ADDRESS + _ROOM_FOR_DATE


def _html(view: IssueView, marks: dict[str, Markup] | None) -> str:
    return to_html(digest_mjml(view, marks), template=_BODY)


def _text(name: str, view: IssueView, marks: dict[str, Markup]) -> str:
    template = text_environment().get_template(f"email/digest/{name}")
    return template.render(issue=view, brand=view.brand, marks=marks)
