"""html-validate over both HTML forms; only rules that mail HTML must break are off."""

from typing import Any

from tests.audit.finding import Fault, Result
from tests.audit.letters import Letter
from tests.audit.tools import ask_node

SWITCHED_OFF = {
    "no-inline-style": "mail programs drop <style>; everything essential has to be inline",
    "no-deprecated-attr": "Word's engine reads cellpadding, align, width and bgcolor only",
    "no-conditional-comment": "Outlook's layout is in them",
    "doctype-style": "MJML writes <!doctype> in small letters",
    "prefer-native-element": "the wrapper's role=article is for clients that drop <main>",
}
"""Each rule with the reason why it cannot hold in a letter."""

CONFIG: dict[str, Any] = {
    "extends": ["html-validate:recommended", "html-validate:a11y"],
    "rules": dict.fromkeys(SWITCHED_OFF, "off"),
}


def check(letters: list[Letter]) -> list[Result]:
    """Validate mail and archive page of every letter in one process."""
    pages = {
        f"{letter.name} {form}": html for letter in letters for form, html in letter.pages.items()
    }
    answers = ask_node("html_validate.mjs", {"config": CONFIG, "pages": pages})
    return [_result(letter, answers) for letter in letters]


def _result(letter: Letter, answers: dict[str, list[str]]) -> Result:
    found = {form: answers[f"{letter.name} {form}"] for form in letter.pages}
    faults = tuple(
        Fault("html-invalid", f"{form}, {message}")
        for form, messages in found.items()
        for message in messages
    )
    measured = ", ".join(f"{form} {len(messages)} errors" for form, messages in found.items())
    return Result("html", letter.name, measured, faults)
