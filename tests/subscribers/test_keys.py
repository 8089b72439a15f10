import pytest

from subscribers.errors import InvalidKeyRing
from subscribers.keys import KeyRing, RootSecret
from subscribers.tokens import Purpose

SECRET = bytes(range(32))


OTHER_USES = ("suppression", "sign-up", "fingerprint")
"""What else the root secret hides and signs."""


def test_each_purpose_of_each_secret_has_a_key_of_its_own():
    uses = (*(purpose.name.lower() for purpose in Purpose), *OTHER_USES)
    keys = [RootSecret(1, s).key_for(use) for s in (SECRET, SECRET[::-1]) for use in uses]

    assert len(set(keys)) == len(keys)
    assert {len(key) for key in keys} == {32}


def test_the_derivation_is_hkdf_and_stays_the_same_for_the_links_in_letters_already_sent():
    by_openssl = "ea4cad4b6b9cb2235197e0a22fafc8ae9a81e144b49be7283ccb6b8fe4727ee2"

    assert RootSecret(1, SECRET).key_for("unsubscribe").hex() == by_openssl


def test_a_secret_never_shows_in_its_repr():
    assert "x" * 32 not in repr(KeyRing.of(b"x" * 32))


@pytest.mark.parametrize("secret", [b"", b"short", b"x" * 31])
def test_a_short_secret_is_refused(secret):
    with pytest.raises(InvalidKeyRing):
        RootSecret(1, secret)


@pytest.mark.parametrize("id_", [-1, 256])
def test_an_id_must_fit_into_one_byte(id_):
    with pytest.raises(InvalidKeyRing):
        RootSecret(id_, SECRET)


def test_a_ring_needs_a_secret():
    with pytest.raises(InvalidKeyRing):
        KeyRing(())


def test_two_secrets_that_tokens_could_not_tell_apart_are_refused():
    with pytest.raises(InvalidKeyRing):
        KeyRing((RootSecret(1, b"x" * 32), RootSecret(1, b"y" * 32)))


def test_a_secret_names_itself_always_the_same_way():
    assert KeyRing.of(SECRET).newest == RootSecret.named_by_itself(SECRET)
