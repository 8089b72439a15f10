"""Letters to single readers: text and simple HTML, the same for everybody but for their links."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from newsletter.rendering.environment import html_environment, text_environment
from newsletter.rendering.letter import personal_marks
from newsletter.rendering.personal import Marked, mark
from newsletter.rendering.rendered import Rendered
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
    subject, text, html = _parts(letter, values)
    return Single(subject, Marked.split(text, nonce, marks), Marked.split(html, nonce, marks))


def render_to_many(letter: str, nonce: str, *, brand: Brand, **facts: Any) -> Rendered:
    """Render a letter of ``templates/email/<letter>`` that many get, with the marks of an issue.

    Args:
        letter: its folder.
        nonce: as for an issue; the same nonce and facts give the same letter.
        brand: whose newsletter it is.
        facts: what else its templates ask for.
    """
    values = {"brand": brand, "marks": personal_marks(nonce), **facts}
    subject, text, html = _parts(letter, values)
    return Rendered(subject, preheader="", html=html, text=text, nonce=nonce)


def _parts(letter: str, values: Mapping[str, object]) -> tuple[str, str, str]:
    """Give subject, text and HTML of a letter."""

    def part(environment: Environment, file: str) -> str:
        return environment.get_template(f"email/{letter}/{file}").render(values)

    return (
        part(text_environment(), "subject.txt").strip(),
        part(text_environment(), "body.txt"),
        part(html_environment(), "body.html"),
    )
