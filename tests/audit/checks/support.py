"""caniemail's data over the mail: nothing essential may be unsupported in a core program."""

from tests.audit.caniemail import CORE, Support, support_of
from tests.audit.features import essential, extra
from tests.audit.finding import Fault, Result
from tests.audit.letters import Letter

WORD = frozenset({"outlook windows"})
YAHOO = frozenset({"yahoo desktop-webmail", "yahoo ios", "yahoo android"})
YAHOO_AND_THUNDERBIRD = YAHOO | {"thunderbird macos"}
BODY_DROPPED = frozenset({"outlook macos", "yahoo ios", "yahoo android"})

ACCEPTED: dict[str, tuple[frozenset[str], str]] = {
    "css-border-radius": (WORD, "square corners in Word are corners as well"),
    "css-letter-spacing": (WORD, "half a pixel on one headline"),
    "css-max-height": (WORD, "the preheader is also mso-hide:all, which Word obeys"),
    "css-max-width": (WORD, "MJML writes a table of 600 px for Word"),
    "css-overflow": (WORD, "the preheader is also mso-hide:all, which Word obeys"),
    "css-table-layout": (
        WORD | {"outlook macos"},
        "columns have widths in percent; without it one very long word makes a column wider",
    ),
    "css-white-space": (
        WORD | {"samsung-email android"},
        "a percentage of four characters seldom breaks",
    ),
    "css-word-break": (YAHOO, "MJML's own, for words longer than a line"),
    "css-word-spacing": (WORD, "MJML's own, and the value is normal"),
    "html-aria-hidden": (YAHOO_AND_THUNDERBIRD, "bars hold a blank: there is little to be read"),
    "html-aria-label": (YAHOO_AND_THUNDERBIRD, "repeats the subject, or a button's own words"),
    "html-body": (BODY_DROPPED, "lang, dir and colour stand on the wrapper inside as well"),
}
"""Losses we can live with: the programs that may lack a feature, and why the letter survives it."""


def check(letters: list[Letter]) -> list[Result]:
    """Look up everything each mail is built of."""
    return [_result(letter) for letter in letters]


def _result(letter: Letter) -> Result:
    used = essential(letter.html)
    known = {feature: found for feature in used if (found := support_of(feature))}
    faults = tuple(
        Fault("unsupported", f"{found.title} ({used[feature]}) in {', '.join(lost)}")
        for feature, found in known.items()
        if (lost := _not_accepted(feature, found))
    )
    accepted = sum(bool(found.refused_by) for found in known.values()) - len(faults)
    only_style = [found for feature in extra(letter.html) if (found := support_of(feature))]
    degrading = sum(bool(found.refused_by) for found in only_style)
    measured = (
        f"{len(faults)} of {len(known)} essential features unsupported in {len(CORE)} programs; "
        f"{accepted} accepted losses, {degrading} extras that some programs lack"
    )
    return Result("support", letter.name, measured, faults)


def _not_accepted(feature: str, found: Support) -> list[str]:
    may_lack, _ = ACCEPTED.get(feature, (frozenset[str](), ""))
    return [name for name in found.refused_by if name not in may_lack]
