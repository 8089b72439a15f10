"""The two Jinja environments, HTML and text, with one gate each for every value printed.

Templates decide words; a value that comes from outside can only ever be text. HTML writes braces
and doubled at-signs as entities, which shows them unchanged and hides them from any later
template engine (a provider's, for one), and so does what the MJML compiler would spell out in an
attribute: a backslash, a joiner, a combining mark. Text has no entities: there a blank is put between.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path

import wcwidth
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

import newsletter
from newsletter.rendering.dates import long_date

TEXT_WIDTH = 72

_ENTITIES = {"{": "&#123;", "}": "&#125;", "@@": "&#64;&#64;", "\\": "&#92;"}
_IN_HTML = re.compile(r"[{}\\]|@@")
_IN_TEXT = re.compile(r"\{(?=[{%#])|[}%#](?=\})|@(?=@)")


def templates_folder() -> Path:
    """Find the templates: in the wheel they travel inside the package, in a checkout beside it."""
    package = Path(newsletter.__file__).parent
    packed = package / "_templates"
    return packed if packed.is_dir() else package.parent / "templates"


def inert_html(value: object) -> Markup:
    """Escape a value for HTML text and attributes; markup stays what it is."""
    if isinstance(value, Markup):
        return value
    html = _IN_HTML.sub(lambda found: _ENTITIES[found[0]], str(escape(value)))
    return Markup(html if html.isascii() and html.isprintable() else _spelt(html))  # noqa: S704


def _spelt(html: str) -> str:
    """Write as entities what the MJML compiler would spell in its own way inside an attribute."""
    return "".join(f"&#{ord(sign)};" if _is_spelt(sign) else sign for sign in html)


def _is_spelt(sign: str) -> bool:
    return not sign.isprintable() or unicodedata.category(sign) in {"Mn", "Me"}


def inert_text(value: object) -> str:
    """Break template syntax and marks in a value for a text part or a header."""
    return value if isinstance(value, Markup) else _IN_TEXT.sub(r"\g<0> ", str(value))


@cache
def html_environment() -> Environment:
    """Give the environment for MJML and HTML; autoescape is on whatever a file is called."""
    environment = Environment(
        loader=FileSystemLoader(templates_folder()),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=inert_html,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"long_date": long_date}
    return environment


@cache
def text_environment() -> Environment:
    """Give the environment for text parts and subjects."""
    environment = Environment(
        loader=FileSystemLoader(templates_folder()),
        autoescape=False,  # noqa: S701  plain text has nothing to escape
        undefined=StrictUndefined,
        finalize=inert_text,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"long_date": long_date, "wrap": wrap}
    return environment


def wrap(text: str, indent: int = 0, first: str | None = None) -> str:
    """Wrap to 72 columns, as a screen with letters of one width counts them.

    Args:
        text: one paragraph.
        indent: blanks before each line.
        first: what the first line begins with instead of the blanks.
    """
    blanks = " " * indent
    lines = wcwidth.wrap(
        inert_text(text),
        TEXT_WIDTH,
        initial_indent=blanks if first is None else first,
        subsequent_indent=blanks,
        break_on_hyphens=False,
        control_codes="ignore",
    )
    return "\n".join(lines)
