"""Official MJML, strict, over the MJML that our templates wrote; and no word lost on the way.

Our own compiler validates nothing: it drops an unknown attribute and passes a wrong nesting.
"""

from itertools import zip_longest

from selectolax.lexbor import LexborHTMLParser

from tests.audit.finding import Fault, Result
from tests.audit.letters import Letter
from tests.audit.tools import ask_node


def check(letters: list[Letter]) -> list[Result]:
    """Validate every letter's MJML in one process, and compare its words with its HTML's."""
    answers = ask_node("strict_mjml.mjs", {letter.name: letter.mjml for letter in letters})
    return [_result(letter, answers[letter.name]) for letter in letters]


def _result(letter: Letter, errors: list[str]) -> Result:
    written, arrived = _words(letter.mjml, "mj-body"), _words(letter.compiled, "body")
    faults = [Fault("mjml-invalid", error) for error in errors]
    if written != arrived:
        faults.append(Fault("words-lost", _first_difference(written, arrived)))
    measured = f"{len(errors)} errors, {len(arrived)} of {len(written)} words arrived"
    return Result("mjml", letter.name, measured, tuple(faults))


def _words(markup: str, root: str) -> list[str]:
    found = LexborHTMLParser(markup).css_first(root)
    return found.text(separator=" ").split() if found else []


def _first_difference(written: list[str], arrived: list[str]) -> str:
    pairs = enumerate(zip_longest(written, arrived, fillvalue="(the end)"))
    place, (one, two) = next((place, pair) for place, pair in pairs if pair[0] != pair[1])
    return f"word {place + 1} was {one[:60]!r} and arrived as {two[:60]!r}"
