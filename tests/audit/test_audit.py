"""The audit's own reading, without the tools: ``make audit`` proves the rest on a bad letter."""

import json
import re
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.audit.bad import CODES, bad_letter
from tests.audit.caniemail import read
from tests.audit.checks import mime, weight
from tests.audit.features import essential, extra
from tests.audit.finding import Result
from tests.audit.letters import Letter
from tests.audit.tools import NODE

HERE = Path(__file__).parent

Check = Callable[[list[Letter]], list[Result]]


def letter(message: EmailMessage | bytes) -> Letter:
    raw = message if isinstance(message, bytes) else message.as_bytes()
    return Letter(
        name="made",
        raw=re.sub(rb"\r?\n", b"\r\n", raw),
        mjml="",
        compiled="",
        archive="",
        cards=1,
        rows=0,
        match_ups=1,
    )


def good_message() -> EmailMessage:
    message = EmailMessage()
    for name, value in (
        ("From", "Weekly <digest@example.org>"),
        ("To", "reader@example.org"),
        ("Subject", "One vs Zwölf"),
        ("Date", "Mon, 23 Nov 2026 09:00:00 +0000"),
        ("Message-ID", "<1@example.org>"),
        ("List-Id", "<weekly.example.org>"),
        ("List-Unsubscribe", "<https://news.example.org/unsubscribe/token>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
    ):
        message[name] = value
    message.set_content("Short.\n\nhttps://news.example.org/" + "long" * 30 + "\n")
    message.add_alternative("<p>Short &amp; good</p>", subtype="html")
    return message


def codes(check: Check, *letters: Letter) -> set[str]:
    return {fault.code for result in check(list(letters)) for fault in result.faults}


def test_every_code_that_a_check_can_report_has_to_be_found_in_the_bad_letter():
    sources = "".join(file.read_text() for file in (HERE / "checks").glob("*.py"))
    tabled = re.findall(r'^ {8}\("([a-z-]+)", _', sources, re.MULTILINE)

    assert {*re.findall(r'Fault\(\s*"([a-z-]+)"', sources), *tabled} == CODES


def test_a_good_message_has_no_fault():
    assert codes(mime.check, letter(good_message())) == set()
    assert codes(weight.check, letter(good_message())) == set()


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("Subject", None, "header-once"),
        ("List-Unsubscribe", "<http://news.example.org/u/t>", "one-click"),
        ("List-Unsubscribe", "<mailto:a@a.example>, <https://a.example/u>", "one-click"),
        ("List-Unsubscribe", "<https://a.example/u>, <https://a.example/v>", "one-click"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=Yes", "one-click-post"),
        ("List-Id", "weekly", "list-id"),
    ],
)
def test_one_wrong_header_is_one_fault(name, value, code):
    message = good_message()
    del message[name]
    if value:
        message[name] = value

    assert codes(mime.check, letter(message)) == {code}


def test_an_address_to_write_to_may_stand_behind_the_link():
    message = good_message()
    del message["List-Unsubscribe"]
    message["List-Unsubscribe"] = "<https://a.example/u>, <mailto:a@a.example?subject=u>"

    assert codes(mime.check, letter(message)) == set()


def test_an_unsubscribe_address_in_an_encoded_word_is_found_in_the_raw_bytes():
    raw = good_message().as_bytes()
    dead = raw.replace(b"<https://news.example.org/unsubscribe/token>", b"=?utf-8?q?=3Chttps?=")

    assert codes(mime.check, letter(dead)) == {"one-click"}


def test_the_bad_letter_has_every_fault_of_form_and_weight():
    found = codes(mime.check, bad_letter()) | codes(weight.check, bad_letter())

    assert found >= {code for code in CODES if code.startswith(("header", "line", "one", "left"))}
    assert found >= {"parts", "text-width", "too-big", "remote-host", "active", "rows"}


def test_what_was_never_tested_is_unknown_and_not_unsupported():
    support = read(
        {
            "title": "grid",
            "stats": {
                "gmail": {"ios": {"2019-01": "n", "2024-01": "y"}},
                "outlook": {"windows": {"2016": "y", "2019": "n #1"}, "ios": {"2024-01": "u"}},
            },
        }
    )

    assert support.refused_by == ("outlook windows",)
    assert "outlook ios" in support.unknown_to
    assert len(support.unknown_to) == 13


def test_essential_is_what_is_inline_and_extra_what_only_style_asks_for():
    html = (
        "<style>.a{display:grid}</style><h2 id=x style='padding-left:2em;mso-hide:all'>A</h2>"
        "<p style='width:calc(1px)'><a href='#x'>x</a></p>"
    )

    assert extra(html) == {"css-display", "css-display-grid"}
    assert set(essential(html)) >= {
        *("html-h1-h6", "html-p", "html-anchor-links"),
        *("css-padding-left", "css-unit-em", "css-unit-calc", "css-width"),
    }
    assert not any("mso" in feature for feature in essential(html))


def test_the_lock_of_the_node_tools_pins_versions_and_names_no_registry():
    wanted = json.loads((NODE / "package.json").read_text())["dependencies"]
    lock = json.loads((NODE / "package-lock.json").read_text())

    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    assert not any("resolved" in package for package in lock["packages"].values())
