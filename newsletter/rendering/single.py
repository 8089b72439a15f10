"""Letters to single readers: text and simple HTML, the same for everybody but for their links."""

import secrets
from dataclasses import dataclass
from typing import Any

from newsletter.rendering.environment import html_environment, text_environment
from newsletter.rendering.letter import personal_marks
from newsletter.rendering.personal import Marked
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
