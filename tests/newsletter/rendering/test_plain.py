import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.rendering.plain import plain, plain_or_none


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("two\n\n\t lines ", "two lines", id="blanks collapse"),
        pytest.param("zero\u200bwidth\ufeff", "zerowidth", id="zero width goes"),
        pytest.param("abc\u202ecba\u2066x\u2069", "abccbax", id="direction overrides go"),
        pytest.param("bell\x07", "bell", id="controls go"),
        pytest.param("a\u200db\u200c", "ab", id="joiners between plain letters go"),
        pytest.param("👩\u200d💻", "👩\u200d💻", id="joiners inside emoji stay"),
        pytest.param("می\u200cخواهم", "می\u200cخواهم", id="joiners inside Persian words stay"),
        pytest.param("e\u200b\u0301", "é", id="accents are composed after all that"),
    ],
)
def test_only_what_a_reader_sees_is_left(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_text_without_anything_visible_is_no_text() -> None:
    assert plain_or_none("\u200b \u202e") is None
    assert plain_or_none(None) is None


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Mn"])))
def test_plain_text_is_left_alone(text: str) -> None:
    once = plain(text)

    assert plain(once) == once
