"""Short notices to editors: text only, no design, nothing personal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from newsletter.rendering.environment import text_environment
from newsletter.rendering.plain import plain


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
    *, title: str, paragraphs: Sequence[str] = (), lines: Sequence[str] = (), brand_name: str
) -> Notice:
    """Render a notice.

    Args:
        title: what happened; the subject adds the newsletter's name.
        paragraphs: what it means and what to do, wrapped.
        lines: facts such as codes, commands and addresses, one a line, never wrapped.
        brand_name: the newsletter it is about.
    """
    values = {
        "title": plain(title),
        "paragraphs": [plain(paragraph) for paragraph in paragraphs],
        "lines": [plain(line) for line in lines],
        "brand_name": plain(brand_name),
    }
    return Notice(subject=_render("subject.txt", values).strip(), text=_render("body.txt", values))


def _render(name: str, values: Mapping[str, object]) -> str:
    return text_environment().get_template(f"email/notice/{name}").render(values)
