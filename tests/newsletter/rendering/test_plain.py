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
        pytest.param("❤\ufe0f 1\ufe0f\u20e3", "❤\ufe0f 1\ufe0f\u20e3", id="emoji keep their form"),
        pytest.param("🏳\ufe0f\u200d🌈", "🏳\ufe0f\u200d🌈", id="also inside of sequences"),
        pytest.param("a\ufe0fb\ufe00 \ufe0f", "ab", id="other selectors go"),
        pytest.param("葛\U000e0100", "葛", id="ideographic selectors go"),
        pytest.param("a\u2800\u2800b\u2800", "a b", id="Braille without dots is a blank"),
        pytest.param("a\u034fb\u061cc\u3164", "abc", id="what is ignored by default goes"),
        pytest.param("a\ue000\uf8ff\U000f1234\U00100001", "a", id="private characters go"),
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
