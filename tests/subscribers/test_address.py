import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscribers.address import Address, address_hash, mask
from subscribers.errors import InvalidAddress

LOCAL = st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9+_-]{0,20}[A-Za-z0-9])?", fullmatch=True)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        pytest.param("ines@reader.example", "ines@reader.example", id="as it is"),
        pytest.param("  ines@reader.example\r\n", "ines@reader.example", id="blanks around"),
        pytest.param(
            "\u00a0ines@reader.example\u00a0", "ines@reader.example", id="no-break spaces"
        ),
        pytest.param(
            "\ufeff\u200bines@reader.example\u2060", "ines@reader.example", id="invisible"
        ),
        pytest.param("Ines.K@Reader.Example", "Ines.K@reader.example", id="domain in lower case"),
        pytest.param("ines@BÜCHER.example", "ines@xn--bcher-kva.example", id="domain in ASCII"),
        pytest.param("ines@bu\u0308cher.example", "ines@xn--bcher-kva.example", id="decomposed"),
        pytest.param("ines+weekly@reader.example", "ines+weekly@reader.example", id="with a tag"),
    ],
)
def test_an_address_is_brought_into_the_form_mail_is_sent_to(raw, text):
    assert Address.parse(raw).text == text


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param("", id="empty"),
        pytest.param("ines", id="no at"),
        pytest.param("@reader.example", id="no local part"),
        pytest.param("ines@", id="no domain"),
        pytest.param("ines@reader", id="no top-level domain"),
        pytest.param("ines@reader..example", id="two dots"),
        pytest.param("ines@[192.0.2.1]", id="bracketed number"),
        pytest.param("in es@reader.example", id="blank inside"),
        pytest.param("in\u200bes@reader.example", id="invisible inside"),
        pytest.param("ines@reader.example\nBcc: all@reader.example", id="header injection"),
        pytest.param("Ines <ines@reader.example>", id="display name"),
        pytest.param("inés@reader.example", id="needs SMTPUTF8"),
        pytest.param("a" * 65 + "@reader.example", id="local part too long"),
        pytest.param("a@" + "b" * 250 + ".example", id="domain too long"),
        pytest.param("ines@läs\u2026o.example", id="forbidden letter in domain"),
        pytest.param(" " * 2000 + "ines@reader.example", id="behind a page of blanks"),
        pytest.param("ines" + " " * 200_000 + "@reader.example", id="blanks for minutes"),
        pytest.param("ines@" + "e\u0301\u0323" * 60_000 + ".example", id="marks for seconds"),
    ],
)
def test_what_no_mail_can_be_sent_to_is_refused(raw):
    with pytest.raises(InvalidAddress) as refused:
        Address.parse(raw)

    assert "ines" not in str(refused.value)
    assert "läs" not in str(refused.value)


@given(LOCAL)
def test_every_spelling_of_an_address_has_one_key(local):
    spellings = [
        f"{local}@bücher.example",
        f" {local.upper()}@BÜCHER.example\u00a0",
        f"{local.lower()}@xn--bcher-kva.example",
        f"{local.swapcase()}@bu\u0308cher.Example",
    ]

    assert len({Address.parse(each).key for each in spellings}) == 1


@given(LOCAL)
def test_an_address_read_twice_is_the_same(local):
    once = Address.parse(f"{local}@Reader.example")

    assert Address.parse(once.text) == once


@pytest.mark.parametrize(
    ("raw", "masked"),
    [
        ("ines@reader.example", "i…@reader.example"),
        ("  Ines@reader.example", "I…@reader.example"),
        ("@reader.example", "…@reader.example"),
        ("no address at all", "…"),
        ("", "…"),
        ("\x1b[31mines@reader.example", "…"),
        ("a@b@reader.example", "a…@reader.example"),
    ],
)
def test_a_mask_shows_the_first_letter_and_the_domain(raw, masked):
    assert mask(raw) == masked


@given(st.text())
def test_any_text_can_be_masked_onto_one_line_for_a_log(raw):
    assert mask(raw).isprintable()


def test_the_hash_depends_on_the_key_and_on_the_pepper():
    first = address_hash("ines@reader.example", b"one")

    assert first == address_hash("ines@reader.example", b"one")
    assert first != address_hash("omar@reader.example", b"one")
    assert first != address_hash("ines@reader.example", b"two")
    assert len(bytes.fromhex(first)) == 32


def test_an_address_in_a_log_is_masked():
    assert "ines" not in repr(Address.parse("ines@reader.example"))
