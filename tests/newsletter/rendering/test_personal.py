import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.rendering.personal import Marked, MissingValue, UnknownMark, mark

KNOWN = frozenset({"email", "unsubscribe"})


@given(st.lists(st.text(alphabet="ab@:k3x9 ").filter(lambda text: "k3x9" not in text), min_size=1))
def test_filling_puts_the_value_at_each_mark_and_nowhere_else(pieces: list[str]) -> None:
    text = mark("k3x9", "email").join(pieces)

    filled = Marked.split(text, "k3x9", KNOWN).fill({"email": "<me>"})

    assert filled == "<me>".join(pieces)


def test_html_gets_escaped_values() -> None:
    marked = Marked.split(f"<b>{mark('n1', 'email')}</b>", "n1", KNOWN)

    assert marked.fill_html({"email": '"a&b"@x.org'}) == "<b>&quot;a&amp;b&quot;@x.org</b>"


def test_a_value_is_escaped_once_however_often_it_stands() -> None:
    class Counting(dict[str, str]):
        asked = 0

        def __getitem__(self, name: str) -> str:
            self.asked += 1
            return super().__getitem__(name)

    values = Counting(email="a&b")

    filled = Marked.split(mark("n1", "email") * 20, "n1", KNOWN).fill_html(values)

    assert filled == "a&amp;b" * 20
    assert values.asked == 1


def test_words_that_only_look_like_a_mark_stay_words() -> None:
    marked = Marked.split("@@email@@ and @@zz:email@@", "n1", KNOWN)

    assert marked.fill({"email": "me@x.org"}) == "@@email@@ and @@zz:email@@"


def test_an_unknown_mark_is_refused() -> None:
    with pytest.raises(UnknownMark, match="phone"):
        Marked.split(mark("n1", "phone"), "n1", KNOWN)


def test_a_damaged_mark_is_refused() -> None:
    with pytest.raises(UnknownMark, match="damaged"):
        Marked.split("@@n1:email@", "n1", KNOWN)


def test_a_missing_value_is_refused() -> None:
    with pytest.raises(MissingValue, match="email"):
        Marked.split(mark("n1", "email"), "n1", KNOWN).fill({})
