import pytest

from subscribers import errors
from subscribers.errors import SubscriberError

ALL = [
    each
    for each in vars(errors).values()
    if isinstance(each, type) and each is not SubscriberError and issubclass(each, SubscriberError)
]


def test_no_two_errors_share_a_code():
    assert len({each.code for each in ALL}) == len(ALL)


@pytest.mark.parametrize("kind", ALL)
def test_an_error_says_its_sentence_unless_it_is_given_another(kind):
    assert str(kind()).endswith(".")
    assert str(kind("another")) == "another"
