"""SpamAssassin's local rules over the whole message: wording and form, no reputation, no network."""

import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.audit.finding import Fault, Result
from tests.audit.letters import Letter
from tests.audit.tools import ToolFailed

MOST = -0.5
"""Points; list headers earn -1, so a clean newsletter is at -1."""

SITE = Path(__file__).parents[1] / "spamassassin"

_STATUS = re.compile(r"^X-Spam-Status: \w+, score=(-?[\d.]+).*?tests=([^\s=]*)", re.MULTILINE)
_FOLD = re.compile(r"\r?\n[ \t]+")


def check(letters: list[Letter]) -> list[Result]:
    """Score every message, two at a time."""
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(_result, letters))


def _result(letter: Letter) -> Result:
    score, tests = _score(letter.raw)
    points = f"{score:+.1f} points: {tests or 'no rule'}"
    faults = (Fault("spam-score", f"{points}; at most {MOST}"),) if score > MOST else ()
    return Result("spam", letter.name, points, faults)


def _score(message: bytes) -> tuple[float, str]:
    done = subprocess.run(
        ["spamassassin", "--local", f"--siteconfigpath={SITE}", "--prefs-file=/dev/null", "-x"],
        input=message,
        capture_output=True,
        check=False,
    )
    head = done.stdout.decode("utf-8", "replace").partition("\n\n")[0]
    found = _STATUS.search(_FOLD.sub("", head))
    if found is None:
        raise ToolFailed(f"spamassassin: {done.stderr.decode()[-600:]}")
    return float(found[1]), found[2].replace(",", ", ")
