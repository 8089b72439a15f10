"""Single letters come back to an address of their reader, unless another mailbox was asked."""

from dataclasses import replace

import pytest

from newsletter.delivery.letterhead import Letterhead
from newsletter.notices.letters import LetterKind
from newsletter.reader_letters.writing import ReaderLetters
from newsletter.service import Service
from subscribers import address_change
from subscribers.address import Address
from tests.factories import MONDAY, PEPPER, add_subscribers


@pytest.mark.parametrize(
    ("kind", "comes_back"), [(LetterKind.CHANGE_FROM, True), (LetterKind.CHANGE_TO, False)]
)
def test_a_letter_to_an_address_that_is_only_wished_for_says_nothing_about_the_readers_mailbox(
    service: Service, kind: LetterKind, comes_back: bool
) -> None:
    letterhead: Letterhead = service.dispatch.sender.letterhead
    letters = ReaderLetters(
        replace(letterhead, returns="bounces@news.example"), service.desk.press.brand
    )
    with service.database.writing() as session:
        [reader] = add_subscribers(session, 1)
        new = Address.parse("new@reader.example")
        address_change.ask(session, reader.public_id, new, pepper=PEPPER, now=MONDAY)

        written = letters.write(session, kind, reader.public_id, "a-name", MONDAY)

    assert written is not None
    assert (written[1].returns_to is not None) is comes_back
