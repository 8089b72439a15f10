"""Short notices to editors: text only, no design, nothing personal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from newsletter.rendering.environment import text_environment
from newsletter.rendering.personal import Marked, mark
from newsletter.rendering.plain import plain

_NONCE, _LINK = "notice", "link"
"""Nobody can write the mark into a notice: words that come from elsewhere are made inert."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice ready to be sent.

    Attributes:
        subject: one line.
        text: the body, wrapped to 72 columns.
    """

    subject: str
    text: str


def render_notice(
    *,
    title: str,
    paragraphs: Sequence[str] = (),
    lines: Sequence[str] = (),
    brand_name: str,
    linked: bool = False,
) -> Notice:
    """Render a notice.

    Args:
        title: what happened; the subject adds the newsletter's name.
        paragraphs: what it means and what to do, wrapped.
        lines: facts such as codes, commands and addresses, one a line, never wrapped.
        brand_name: the newsletter it is about.
        linked: whether a mark stands in it for a link that is signed when it leaves.
    """
    values = {
        "title": plain(title),
        "paragraphs": [plain(paragraph) for paragraph in paragraphs],
        "lines": [plain(line) for line in lines],
        "brand_name": plain(brand_name),
        "link": Markup(mark(_NONCE, _LINK)) if linked else None,  # noqa: S704  a mark of our own
    }
    return Notice(subject=_render("subject.txt", values).strip(), text=_render("body.txt", values))


def with_link(text: str, link: str) -> str:
    """Write a link where a notice has its mark."""
    return Marked.split(text, _NONCE, frozenset({_LINK})).fill({_LINK: link})


def _render(name: str, values: Mapping[str, object]) -> str:
    return text_environment().get_template(f"email/notice/{name}").render(values)
