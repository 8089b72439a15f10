import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, UndefinedError
from markupsafe import Markup
from selectolax.lexbor import LexborHTMLParser

from newsletter.rendering.environment import (
    html_environment,
    inert_html,
    inert_text,
    templates_folder,
    text_environment,
    wrap,
)
from newsletter.rendering.mjml import to_html

SYNTAX = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|@@")
nasty = st.text(alphabet="{}%#@ <&\"'a")


@given(nasty)
def test_html_values_hold_no_markup_and_no_template_syntax(text: str) -> None:
    shown = inert_html(text)

    assert not SYNTAX.search(shown)
    assert not set('<>"') & set(shown)
    assert shown.unescape() == text


@given(nasty)
def test_text_values_hold_no_template_syntax_and_lose_nothing(text: str) -> None:
    shown = inert_text(text)

    assert not SYNTAX.search(shown)
    assert shown.replace(" ", "") == text.replace(" ", "")


def test_our_own_marks_pass_both_gates() -> None:
    ours = Markup("@@n1:email@@")

    assert inert_html(ours) == inert_text(ours) == "@@n1:email@@"


@pytest.mark.parametrize("environment", [html_environment(), text_environment()])
def test_a_value_that_is_not_there_is_an_error(environment: Environment) -> None:
    with pytest.raises(UndefinedError):
        environment.from_string("{{ nobody }}").render()


def test_mjml_files_are_escaped_like_html() -> None:
    template = html_environment().from_string("{{ name }}{% set x %}{{ name }}{% endset %}{{ x }}")

    assert template.render(name="<b>") == "&lt;b&gt;&lt;b&gt;"


def test_the_templates_are_found() -> None:
    assert (templates_folder() / "email" / "digest" / "body.mjml").is_file()


def test_wrapping_keeps_to_72_columns_after_syntax_was_broken() -> None:
    wrapped = wrap("{{{{ " * 30, indent=4, first="  - ")

    assert max(map(len, wrapped.splitlines())) <= 72
    assert wrapped.startswith("  - { {")


def test_what_the_compiler_would_spell_out_in_an_attribute_stands_as_an_entity() -> None:
    assert inert_html("C:\\ 👩\u200d💻\u00a0x") == "C:&#92; 👩&#8205;💻&#160;x"


def test_combining_marks_reach_an_attribute_as_they_are():
    name = "แก้ว ख़ाता n̜"
    head = f"<mj-head><mj-title>{inert_html(name)}</mj-title></mj-head>"
    mjml = f"<mjml>{head}<mj-body></mj-body></mjml>"

    labelled = LexborHTMLParser(to_html(mjml, template="a test")).css_first("[aria-label]")

    assert labelled is not None
    assert labelled.attributes["aria-label"] == name
