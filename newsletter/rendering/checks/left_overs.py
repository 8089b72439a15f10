"""Rules about what a machine left behind: marks, template syntax, tags, and words for nothing.

All of them block: a reader who sees a placeholder sees that nobody looked. What the view itself
says is never taken for a left-over; the environment has made it inert.
"""

import re
from collections.abc import Iterator

from newsletter.rendering.checks.finding import Finding, Rule
from newsletter.rendering.checks.letter import Letter

_OWN_SYNTAX = re.compile(r"\{\{|\{%|\{#")
_FOREIGN_SYNTAX = re.compile(
    r"<%|%>"
    r"|\[\[[\w .:|-]{1,40}\]\]"
    r"|\*\|[\w:]{1,40}\|\*"
    r"|%%[\w{}.]{1,40}%%"
    r"|%recipient\.\w+%"
    r"|[$#]\{\s*[\w.]{1,40}\s*\}"
)
_SERVER_TAG = re.compile(r"<%.{0,30}", re.DOTALL)
_MJML = re.compile(r"</?(mj(?:ml\b|-[a-z-]+))", re.IGNORECASE)
_FOREIGN_MARK = re.compile(r"@@[\w:.-]{1,80}@@")
_NOTHING = re.compile(r"(?<![\w'’])(?:None|null|undefined|[Nn]a[Nn]|NULL)(?![\w'’-])")


def mark_unknown(letter: Letter) -> Iterator[Finding]:
    """Each mark has somebody who fills it."""
    unknown = re.compile(rf"@@{re.escape(letter.nonce)}:([^@]*)@@")
    for where, part in _everything(letter):
        if where in {"subject", "preheader"}:
            continue
        for name in sorted(set(unknown.findall(part))):
            told = f'Nobody fills the mark "{name}"; take it out of the template.'
            yield Finding("mark-unknown", "block", told, where)


def mark_left_over(letter: Letter) -> Iterator[Finding]:
    """No damaged mark and no mark of another issue is left, and none at all in the subject."""
    whole = re.compile(rf"@@{re.escape(letter.nonce)}:[^@]*@@")
    for where, part in _everything(letter):
        if where in {"subject", "preheader"} and letter.nonce in part:
            told = "It holds a personal mark, but it is the same for everybody; take the mark out."
            yield Finding("mark-left-over", "block", told, where)
        elif letter.nonce in (rest := whole.sub("", part)) or _FOREIGN_MARK.search(rest):
            told = "A personal mark is damaged or another issue's; build the issue again."
            yield Finding("mark-left-over", "block", told, where)


def template_syntax(letter: Letter) -> Iterator[Finding]:
    """No template engine left anything behind, and none later finds anything to do.

    Braces are broken in every value, so that any are ours. Other engines' signs may be a tool's
    name; they count only where the view does not say them.
    """
    own = ((where, _OWN_SYNTAX.search(part)) for where, part in _everything(letter))
    foreign = ((where, _FOREIGN_SYNTAX.search(part)) for where, part in _by_templates(letter))
    for where, found in {where: found for where, found in (*foreign, *own) if found}.items():
        near = " ".join(found.string[found.start() : found.start() + 30].split())
        told = f"Template syntax is left: {near!r}; correct the template."
        yield Finding("template-syntax", "block", told, where)


def mjml_left_over(letter: Letter) -> Iterator[Finding]:
    """Unknown MJML passes the compiler silently, and in what has no markup it is out of place."""
    for where, part in (("html", letter.html), *_by_templates(letter)):
        for tag in sorted({found.lower() for found in _MJML.findall(part)}):
            told = f"MJML does not know <{tag}> here; correct the template."
            yield Finding("mjml-left-over", "block", told, where)


def nothing_in_words(letter: Letter) -> Iterator[Finding]:
    """A missing value is said in a reader's words, never in a programming language's."""
    for where, part in _by_templates(letter):
        if found := _NOTHING.search(part):
            told = f'It says "{found[0]}"; say in words what is missing, in the template.'
            yield Finding("nothing-in-words", "block", told, where)


RULES: tuple[Rule, ...] = (
    mark_unknown,
    mark_left_over,
    template_syntax,
    mjml_left_over,
    nothing_in_words,
)


def _everything(letter: Letter) -> tuple[tuple[str, str], ...]:
    return ("html", letter.html), *letter.written


def _by_templates(letter: Letter) -> Iterator[tuple[str, str]]:
    """Give what is said and linked in each part and header beyond what the view says.

    In HTML the words and the addresses are looked at, decoded; a tag cannot come from a value.
    """
    for where, part in (("html", letter.page.said), *letter.written):
        yield where, letter.sayings.taken_out_of(" ".join(part.split()))
    yield "html", " ".join(letter.sayings.taken_out_of(url) for url in letter.page.urls)
    yield "html", " ".join(_SERVER_TAG.findall(letter.html))
