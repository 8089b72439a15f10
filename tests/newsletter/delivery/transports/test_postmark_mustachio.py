"""Any content survives Postmark's template language."""

from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.delivery.transports.postmark_mustachio import (
    as_template,
    needed_braces,
)
from newsletter.rendering.personal import Marked
from newsletter.testing.postmark.mustachio import render

pieces = st.text(alphabet=st.sampled_from("{}{}{}#^/!&a .é🦊\n'\"<"), max_size=12)
marks = st.lists(pieces, min_size=1, max_size=4).map(
    lambda parts: Marked(tuple(parts), ("email",) * (len(parts) - 1))
)


@settings(max_examples=150)
@given(marks, pieces)
def test_a_filled_template_is_the_filled_part(part, value):
    template = as_template(part, {"email": "h.e"})
    model = {"h": {"e": value}, **needed_braces(template)}

    rendered = render(template, model, escape=True)

    assert rendered == part.fill({"email": value})


def test_braces_are_only_in_the_model_when_the_content_needs_them():
    assert needed_braces(as_template(Marked.plain("a{b}"), {})) == {}
    assert needed_braces(as_template(Marked.plain("{{"), {})) == {"open_brace": "{"}
