"""Letters to single readers: text and simple HTML, the same for everybody but for their links."""

import secrets
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from newsletter.rendering.environment import html_environment, text_environment
from newsletter.rendering.letter import Rendered, personal_marks
from newsletter.rendering.personal import Marked, mark
from newsletter.rendering.views import Brand


@dataclass(frozen=True, slots=True)
class Single:
    """A letter with its personal marks not yet filled."""

    subject: str
    text: Marked
    html: Marked


def render_single(letter: str, marks: frozenset[str], *, brand: Brand, **facts: Any) -> Single:
    """Render a letter of ``templates/email/<letter>``.

    Args:
        letter: its folder.
        marks: the names of the values that each copy is filled with.
        brand: whose newsletter it is.
        facts: what else its templates ask for.
    """
    nonce = secrets.token_hex(8)
    places = {name: Markup(mark(nonce, name)) for name in marks}  # noqa: S704  of our own making
    values = {"brand": brand, "marks": places, **facts}

    def part(environment: Environment, file: str) -> str:
        return environment.get_template(f"email/{letter}/{file}").render(values)

    return Single(
        subject=part(text_environment(), "subject.txt").strip(),
        text=Marked.split(part(text_environment(), "body.txt"), nonce, marks),
        html=Marked.split(part(html_environment(), "body.html"), nonce, marks),
    )


def render_to_many(letter: str, nonce: str, *, brand: Brand, **facts: Any) -> Rendered:
    """Render a letter of ``templates/email/<letter>`` that many get, with the marks of an issue.

    Args:
        letter: its folder.
        nonce: as for an issue; the same nonce and facts give the same letter.
        brand: whose newsletter it is.
        facts: what else its templates ask for.
    """
    values = {"brand": brand, "marks": personal_marks(nonce), **facts}

    def part(environment: Environment, file: str) -> str:
        return environment.get_template(f"email/{letter}/{file}").render(values)

    return Rendered(
        subject=part(text_environment(), "subject.txt").strip(),
        preheader="",
        html=part(html_environment(), "body.html"),
        text=part(text_environment(), "body.txt"),
        nonce=nonce,
    )
