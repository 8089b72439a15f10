import pytest

from newsletter.rendering.mjml import BrokenMjml, to_html

PAGE = """<mjml lang="en" dir="ltr"><mj-body>
<mj-section><mj-column>
<mj-text>{}</mj-text>
</mj-column></mj-section></mj-body></mjml>"""


def test_the_body_says_its_language_and_loads_no_font() -> None:
    html = to_html(PAGE.format("Hello"), template="x.mjml")

    assert '<body lang="en" dir="ltr" ' in html
    assert "fonts.googleapis" not in html


def test_shrinking_keeps_outlooks_comments_and_words_apart() -> None:
    html = to_html(PAGE.format("<b>one</b>\n\n   <i>two</i>"), template="x.mjml")

    assert "<b>one</b> <i>two</i>" in html
    assert html.count("<!--[if ") == html.count("<![endif]") > 0


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param("a < b &nbsp; c", id="bare angle bracket"),
        pytest.param("<b>bold", id="open tag"),
        pytest.param("<a href=x>x</a>", id="attribute without quotes"),
    ],
)
def test_broken_mjml_names_the_template_and_the_line(broken: str) -> None:
    with pytest.raises(BrokenMjml, match=r"email/x\.mjml: .*line 3"):
        to_html(PAGE.format(broken), template="email/x.mjml")


def test_mjml_that_is_well_formed_but_wrong_still_names_the_template() -> None:
    with pytest.raises(BrokenMjml, match=r"^email/x\.mjml: "):
        to_html("<p>no mail</p>", template="email/x.mjml")
