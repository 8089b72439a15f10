import base64
from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscribers.errors import (
    BadSignature,
    ExpiredToken,
    MalformedToken,
    TokenRefused,
    WrongPurpose,
)
from subscribers.keys import KeyRing, RootSecret
from subscribers.tokens import EXPIRING, UNWITHDRAWABLE, Claims, Purpose, Signer
from tests.subscribers.people import DAY, NOW

OLD, NEW = RootSecret(7, b"o" * 32), RootSecret(8, b"n" * 32)
SIGNER = Signer(KeyRing((NEW,)))
INES = "aBcD-_012345"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
PUBLIC_IDS = st.text(LETTERS, min_size=12, max_size=12)


def sign(purpose, public_id=INES, *, issue=12, epoch=0, signer=SIGNER):
    expires = NOW + DAY if purpose in EXPIRING else None
    return signer.sign(purpose, public_id, issue=issue, epoch=epoch, expires=expires)


def opened(token, purpose, *, epoch=0, now=NOW, signer=SIGNER):
    return signer.open(token, purpose, epoch_of=lambda _: epoch, now=now)


@given(
    purpose=st.sampled_from(Purpose),
    public_id=PUBLIC_IDS,
    issue=st.integers(0, 65_535),
    epoch=st.integers(0, 2**32 - 1),
)
def test_what_was_signed_is_read_back(purpose, public_id, issue, epoch):
    token = sign(purpose, public_id, issue=issue, epoch=epoch)

    expires = NOW + DAY if purpose in EXPIRING else None
    assert opened(token, purpose, epoch=epoch) == Claims(purpose, public_id, issue, expires)


def test_a_link_that_was_signed_by_an_earlier_release_opens():
    mailed = "CARoFwP7_TXbfjkADBtKWRv-Yp0wl5pcvGlWii8"

    assert opened(mailed, Purpose.VOTE, epoch=3).issue == 12


@given(people=st.lists(st.tuples(PUBLIC_IDS, st.integers(0, 2**32 - 1)), max_size=4))
def test_the_links_of_many_letters_are_those_signed_one_by_one(people):
    purposes = (Purpose.UNSUBSCRIBE, Purpose.VOTE)

    together = SIGNER.sign_letters(purposes, people, issue=12)

    assert together == [
        tuple(sign(purpose, public_id, epoch=epoch) for purpose in purposes)
        for public_id, epoch in people
    ]


@pytest.mark.parametrize(
    "broken", ["", "A" * 11, "A" * 13, "A" * 11 + "=", "A" * 10 + "==", "Ä" * 6]
)
def test_nothing_is_signed_for_what_is_no_public_id_nor_for_anybody_with_it(broken):
    with pytest.raises(ValueError, match="12 characters"):
        SIGNER.sign_letters((Purpose.VOTE,), [("A" * 12, 0), (broken, 0)], issue=12)


@pytest.mark.parametrize("purpose", Purpose)
def test_a_token_is_short_and_safe_in_an_address(purpose):
    token = sign(purpose)

    assert len(token) == (43 if purpose in EXPIRING else 39)
    assert set(token) <= set(LETTERS)


@pytest.mark.parametrize("made_for", Purpose)
@pytest.mark.parametrize("brought_to", Purpose)
def test_a_token_works_for_its_purpose_and_no_other(made_for, brought_to):
    token = sign(made_for)

    if made_for == brought_to:
        assert opened(token, brought_to).public_id == INES
    else:
        with pytest.raises(WrongPurpose):
            opened(token, brought_to)


@pytest.mark.parametrize("purpose", Purpose)
def test_no_character_of_a_token_can_be_another(purpose):
    token = sign(purpose)
    forged = [
        token[:place] + other + token[place + 1 :]
        for place in range(len(token))
        for other in LETTERS
        if other != token[place]
    ]

    accepted = [each for each in forged if _accepts(each, purpose)]

    assert accepted == []


@pytest.mark.parametrize("purpose", Purpose)
def test_no_bit_of_a_token_can_be_turned(purpose):
    raw = _raw(sign(purpose))
    forged = [
        bytes(byte ^ (1 << bit % 8 if place == bit // 8 else 0) for place, byte in enumerate(raw))
        for bit in range(8 * len(raw))
    ]

    assert [each for each in forged if _accepts(_written(each), purpose)] == []


@pytest.mark.parametrize(("made_for", "renamed"), [*permutations(Purpose, 2)])
def test_a_token_that_only_says_it_is_for_something_else_is_refused(made_for, renamed):
    raw = _raw(sign(made_for))

    forged = raw[:1] + bytes([renamed]) + raw[2:]

    assert not _accepts(_written(forged), renamed)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda t: t[:0], id="empty"),
        pytest.param(lambda t: t[:-1], id="cut"),
        pytest.param(lambda t: t + "A", id="longer"),
        pytest.param(lambda t: t + "=", id="padded"),
        pytest.param(lambda t: t + "\n", id="line end"),
        pytest.param(lambda t: " " + t, id="blank before"),
        pytest.param(lambda t: t[:9] + "é" + t[10:], id="not ASCII"),
        pytest.param(lambda t: t[:9] + "!" + t[10:], id="not base64"),
        pytest.param(lambda t: t.replace("-", "+").replace("_", "/"), id="other alphabet"),
        pytest.param(lambda t: t[:-1] + LETTERS[LETTERS.index(t[-1]) + 1], id="stray last bits"),
        pytest.param(lambda t: "A" * len(t), id="unknown purpose"),
        pytest.param(lambda t: t[:1], id="one letter"),
        pytest.param(lambda t: t[:3], id="two bytes"),
    ],
)
def test_another_spelling_of_a_token_is_malformed(change):
    token = sign(Purpose.UNSUBSCRIBE)

    with pytest.raises(MalformedToken):
        opened(change(token), Purpose.UNSUBSCRIBE)


@given(st.text(LETTERS + "=+/ é", max_size=50))
def test_noise_is_refused_and_never_an_accident(noise):
    for purpose in Purpose:
        assert not _accepts(noise, purpose)


@pytest.mark.parametrize("purpose", Purpose)
def test_after_a_rotation_old_letters_still_work(purpose):
    before, after = Signer(KeyRing((OLD,))), Signer(KeyRing((NEW, OLD)))
    token = sign(purpose, signer=before)

    assert opened(token, purpose, signer=after).public_id == INES


@pytest.mark.parametrize("purpose", Purpose)
def test_after_a_rotation_the_newest_secret_signs(purpose):
    token = sign(purpose, signer=Signer(KeyRing((NEW, OLD))))

    assert opened(token, purpose, signer=Signer(KeyRing((NEW,)))).public_id == INES


@pytest.mark.parametrize("purpose", Purpose)
def test_a_withdrawn_secret_opens_nothing(purpose):
    token = sign(purpose, signer=Signer(KeyRing((OLD,))))

    with pytest.raises(BadSignature):
        opened(token, purpose)


def test_another_secret_with_the_same_id_opens_nothing():
    forger = Signer(KeyRing((RootSecret(NEW.id, b"f" * 32),)))

    with pytest.raises(BadSignature):
        opened(sign(Purpose.VOTE, signer=forger), Purpose.VOTE)


@pytest.mark.parametrize("purpose", [each for each in Purpose if each not in UNWITHDRAWABLE])
def test_raising_the_epoch_withdraws_a_persons_links(purpose):
    token = sign(purpose, epoch=3)

    with pytest.raises(BadSignature):
        opened(token, purpose, epoch=4)


@pytest.mark.parametrize("purpose", sorted(UNWITHDRAWABLE))
def test_leaving_works_with_every_link_ever_sent(purpose):
    token = sign(purpose, epoch=3, signer=Signer(KeyRing((OLD,))))
    much_later = Signer(KeyRing((NEW, OLD)))

    opens = opened(token, purpose, epoch=9, now=NOW + 10_000 * DAY, signer=much_later)

    assert opens.public_id == INES
    assert much_later.read(token, purpose).issue == 12


def test_a_link_to_nobody_is_as_good_as_forged():
    with pytest.raises(BadSignature):
        opened(sign(Purpose.VOTE), Purpose.VOTE, epoch=None)


@pytest.mark.parametrize("purpose", sorted(EXPIRING))
def test_a_link_with_an_end_works_until_then_and_not_from_then_on(purpose):
    token = sign(purpose)

    assert opened(token, purpose, now=NOW + DAY - timedelta(seconds=1)).expires == NOW + DAY
    with pytest.raises(ExpiredToken) as ended:
        opened(token, purpose, now=NOW + DAY)
    assert ended.value.public_id == INES  # so that a new one can be mailed


def test_only_links_that_cannot_be_withdrawn_are_read_without_asking():
    with pytest.raises(ValueError, match="open it"):
        SIGNER.read(sign(Purpose.VOTE), Purpose.VOTE)


@pytest.mark.parametrize("public_id", ["", "short", "aBcD-_0123456789", "aBcD-_01234!"])
def test_only_a_public_id_is_signed(public_id):
    with pytest.raises(ValueError, match=r"public id|base64"):
        sign(Purpose.VOTE, public_id)


def test_an_end_is_given_exactly_where_there_is_one():
    with pytest.raises(ValueError, match="needs an end"):
        SIGNER.sign(Purpose.CONFIRM, INES)
    with pytest.raises(ValueError, match="has no end"):
        SIGNER.sign(Purpose.UNSUBSCRIBE, INES, expires=NOW)


def _accepts(token, purpose):
    try:
        opened(token, purpose)
    except TokenRefused:
        return False
    return True


def _raw(token):
    return base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))


def _written(raw):
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
