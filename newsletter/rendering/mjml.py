"""MJML becomes HTML, once per issue, and the HTML is made a little smaller and more accessible."""

import re
from xml.parsers import expat

from mjml import mjml2html

from newsletter.errors import NewsletterError

_ENTITY = re.compile(r"&\w+;")
_SPACE_WITH_BREAK = re.compile(r"[ \t]*\n\s*")
_AROUND_MJML = re.compile(r" ?(</?mj[^>]*>) ?")
_BEFORE_BLOCK = re.compile(r"> (?=</?(?:table|tr|td|th|p|h[1-6]|div)\b)|>(?=<!--\[if mso \|)")


class BrokenMjml(NewsletterError):
    """A template does not give well-formed MJML."""

    code = "broken-mjml"


def to_html(mjml: str, *, template: str) -> str:
    """Compile MJML, with the language and the direction also on ``<body>``, where clients keep it.

    No web font is loaded, and comments stay: Outlook's layout is in them.

    Raises:
        BrokenMjml: names the template and, where it can be found, the line.
    """
    try:
        compiled = mjml2html(_without_breaks(mjml), fonts={})
    except ValueError as error:
        raise BrokenMjml(f"{template}: {error}{_place(mjml)}") from None
    html = _BEFORE_BLOCK.sub(">\n", _SPACE_WITH_BREAK.sub("\n", compiled))
    html = html.replace("<body ", '<body lang="en" dir="ltr" ', 1).replace(" />", ">")
    return html.strip() + "\n"


def _without_breaks(mjml: str) -> str:
    """Write line breaks as blanks: the compiler drops a break between two words in tags."""
    return _AROUND_MJML.sub(r"\1", _SPACE_WITH_BREAK.sub(" ", mjml))


def _place(mjml: str) -> str:
    """Say where the MJML stops being well-formed; the compiler itself does not tell."""
    parser = expat.ParserCreate()
    try:
        parser.Parse(_ENTITY.sub(lambda found: " " * len(found[0]), mjml), True)
    except expat.ExpatError as error:
        line = mjml.splitlines()[error.lineno - 1 : error.lineno]
        return f" (line {error.lineno}, column {error.offset + 1}: {''.join(line).strip()[:80]!r})"
    return ""
