"""An issue's view becomes subject, HTML and text: once, for all subscribers."""

from functools import cache

from markupsafe import Markup

from newsletter.rendering.environment import html_environment, inert_text, text_environment
from newsletter.rendering.mjml import to_html
from newsletter.rendering.personal import mark
from newsletter.rendering.rendered import HTML_BUDGET, MARKS, Rendered
from newsletter.rendering.views import IssueView

_ROOM_FOR_MARK, _ROOM_FOR_ADDRESS, _ROOM_FOR_DATE, _ROOM_FOR_ROW = 48, 512, 96, 500
_BODY = "email/digest/body.mjml"


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
