"""The list of codes that editors read is the list of the rules."""

import re
from pathlib import Path

import pytest

from newsletter.preflight.rules import RULES as AROUND
from newsletter.rendering.checks import CODES
from tests.newsletter.rendering.samples import view
from tests.newsletter.rendering.test_checks import BROKEN, Good

PAGE = Path(__file__).parents[3] / "docs" / "preflight.md"
ROW = re.compile(r"^\| `([a-z0-9-]+)` \| ([a-z, ]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
LETTER, WORLD = (ROW.findall(part) for part in PAGE.read_text("utf-8").split("\n## ")[1:])
LEVELS = {code: set(levels.split(", ")) for code, levels, *_ in LETTER + WORLD}


def test_the_letters_codes_are_listed_in_the_order_of_the_rules() -> None:
    assert [code for code, *_ in LETTER] == list(CODES)


def test_the_codes_of_the_surroundings_are_listed() -> None:
    rules = {rule.__name__.replace("_", "-") for rule in AROUND}

    assert {code for code, *_ in WORLD} == rules | {"issue-unreadable", "preflight-broken"}


def test_no_code_is_listed_twice() -> None:
    assert len(LEVELS) == len(LETTER) + len(WORLD)


@pytest.mark.parametrize("code", CODES)
def test_each_rule_has_the_level_that_is_listed(code: str) -> None:
    found = BROKEN[code](Good.of(view())).findings()

    assert {finding.level for finding in found if finding.code == code} <= LEVELS[code]
    assert all(finding.message and finding.where for finding in found)
