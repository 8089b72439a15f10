import hmac

from hypothesis import given
from hypothesis import strategies as st

from subscribers.seals import Seal


@given(key=st.binary(max_size=64), message=st.binary(max_size=200))
def test_a_seal_is_an_hmac_with_sha_256(key, message):
    assert Seal(key).digest(message) == hmac.digest(key, message, "sha256")
