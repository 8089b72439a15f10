import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscribers.errors import BadSignature, MalformedToken, TokenRefused
from subscribers.keys import KeyRing, RootSecret
from subscribers.mail_tokens import MailPurpose, MailSigner
from subscribers.tokens import Purpose, Signer

OLD, NEW = RootSecret(7, b"o" * 32), RootSecret(8, b"n" * 32)
SIGNER = MailSigner(KeyRing((NEW,)))
RETURNED = MailSigner(KeyRing((NEW,)), MailPurpose.RETURN)
INES = "aBcD-_012345"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
IN_AN_ADDRESS = "abcdefghijklmnopqrstuvwxyz234567"
POSTMARK_MAILBOX = "0123456789abcdef0123456789abcdef"


@given(st.text(LETTERS, min_size=12, max_size=12), st.sampled_from([str.upper, str.title, str]))
def test_whose_token_it_is_survives_every_way_of_writing_an_address(public_id, rewritten):
    assert SIGNER.read(rewritten(SIGNER.sign(public_id))) == public_id


def test_it_fits_into_an_address_of_postmarks():
    token = SIGNER.sign(INES)

    assert set(token) <= set(IN_AN_ADDRESS)
    assert len(f"{POSTMARK_MAILBOX}+{token}") <= 64


def test_no_bit_can_be_turned_and_no_character_be_another():
    token = SIGNER.sign(INES)
    raw = base64.b32decode(token.upper() + "===")
    turned = [
        bytes(byte ^ (1 << bit % 8 if place == bit // 8 else 0) for place, byte in enumerate(raw))
        for bit in range(8 * len(raw))
    ]
    forged = [base64.b32encode(each).decode().rstrip("=").lower() for each in turned]
    forged += [
        token[:place] + other + token[place + 1 :]
        for place in range(len(token))
        for other in IN_AN_ADDRESS + "0189-_=+. "
        if other != token[place]
    ]

    assert [each for each in forged if reads(each)] == []


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda t: t[:0], id="empty"),
        pytest.param(lambda t: t[:-1], id="cut"),
        pytest.param(lambda t: t + "a", id="longer"),
        pytest.param(lambda t: t + "===", id="padded"),
        pytest.param(lambda t: t + "\n", id="line end"),
        pytest.param(lambda t: "ſ" + t[1:], id="a letter whose capital is ASCII"),
        pytest.param(lambda t: "1" + t[1:], id="a digit that base32 has not"),
    ],
)
def test_another_spelling_is_malformed(change):
    with pytest.raises(MalformedToken):
        SIGNER.read(change(SIGNER.sign(INES)))


@given(st.text(IN_AN_ADDRESS, min_size=29, max_size=29))
def test_noise_of_the_right_length_is_refused(noise):
    assert not reads(noise)


def test_after_a_rotation_the_newest_secret_signs_and_old_letters_still_work():
    before, after = MailSigner(KeyRing((OLD,))), MailSigner(KeyRing((NEW, OLD)))

    assert after.read(before.sign(INES)) == INES
    assert SIGNER.read(after.sign(INES)) == INES


def test_a_withdrawn_secret_opens_nothing():
    with pytest.raises(BadSignature):
        SIGNER.read(MailSigner(KeyRing((OLD,))).sign(INES))


def test_no_other_token_of_the_same_secret_is_one():
    links = Signer(KeyRing((NEW,)))

    assert links.by_mail.read(SIGNER.sign(INES)) == INES
    assert not reads(links.sign(Purpose.UNSUBSCRIBE, INES)[:29])
    with pytest.raises(TokenRefused):
        links.read(SIGNER.sign(INES), Purpose.UNSUBSCRIBE)


def test_the_right_to_leave_and_the_name_of_a_returned_letter_are_not_one_another():
    with pytest.raises(BadSignature):
        SIGNER.read(RETURNED.sign(INES))
    with pytest.raises(BadSignature):
        RETURNED.read(SIGNER.sign(INES), epoch_of=lambda _: 0)


def test_a_returned_letter_belongs_to_the_mailbox_that_its_reader_had_then():
    token = RETURNED.sign(INES, epoch=3)

    assert RETURNED.read(token.upper(), epoch_of={INES: 3}.get) == INES
    for people in ({INES: 0}, {INES: 4}, {}):
        with pytest.raises(BadSignature):
            RETURNED.read(token, epoch_of=people.get)
    with pytest.raises(ValueError, match="epoch"):
        RETURNED.read(token)


def test_the_right_to_leave_outlives_every_epoch():
    assert SIGNER.read(SIGNER.sign(INES, epoch=7)) == INES


def test_the_right_to_leave_is_written_as_in_letters_of_long_ago():
    assert SIGNER.sign(INES) == "bbuboa737u25w7rzbqtjbs4jfiu66"


def reads(token):
    try:
        SIGNER.read(token)
    except TokenRefused:
        return False
    return True
