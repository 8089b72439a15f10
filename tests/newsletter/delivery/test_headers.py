"""The ways out in the head of a letter, as raw bytes: on one line, https first, the mail beside it."""

import re

import pytest

from newsletter.delivery.headers import BY_MAIL, newsletter_headers
from newsletter.delivery.letterhead import Letterhead
from newsletter.delivery.mime import Composer
from newsletter.rendering.personal import Marked
from newsletter.rendering.rendered import MARKS
from subscribers.keys import KeyRing
from subscribers.tokens import Signer
from tests.factories import MONDAY, SECRET
from tests.newsletter.delivery.test_letterhead import ANNA
from tests.newsletter.delivery.transports.letters import digest, reader

SIGNER = Signer(KeyRing.of(SECRET))
MAILBOX = "0123456789abcdef0123456789abcdef@inbound.postmarkapp.com"


def headers(inbound: str | None) -> tuple[tuple[str, Marked], ...]:
    return newsletter_headers(
        name="Test Letter",
        sender="Test Letter <digest@example.org>",
        base_url="https://letters.example.org",
        issue_number=12,
        nonce="k3x9q7",
        inbound=inbound,
    )


def letterhead(inbound: str | None) -> Letterhead:
    address = "Test Letter <digest@example.org>"
    return Letterhead(
        "Test Letter", address, None, "https://letters.example.org", SIGNER, inbound=inbound
    )


def line_of(inbound: str | None) -> bytes:
    """Give the line as it leaves, for the copy of somebody with real tokens."""
    message = letterhead(inbound).message(12, MONDAY.date(), ANNA, "attempt")
    mailing = digest(headers=headers(inbound))
    values = {**reader("anna").values, **message.values}
    raw = Composer(mailing).compose(reader("anna", values=values), date=MONDAY)
    found = re.search(rb"^List-Unsubscribe: .*\r\n(?![ \t])", raw, re.MULTILINE)
    assert found is not None
    return found[0]


def test_without_an_address_for_mail_the_link_stands_alone():
    assert re.fullmatch(
        rb"List-Unsubscribe: <https://letters\.example\.org/unsubscribe/[\w-]{39}>\r\n",
        line_of(None),
    )


def test_with_one_the_readers_own_address_stands_behind_it_unfolded_and_unencoded():
    found = re.fullmatch(
        rb"List-Unsubscribe: <https://letters\.example\.org/unsubscribe/[\w-]{39}>, "
        rb"<mailto:(0123456789abcdef0123456789abcdef\+([a-z2-7]{29}))@inbound\.postmarkapp\.com"
        rb"\?subject=unsubscribe>\r\n",
        line_of(MAILBOX),
    )

    assert found is not None
    assert len(found[1]) <= 64
    assert SIGNER.by_mail.read(found[2].decode()) == ANNA.public_id


def test_a_copy_carries_the_token_only_where_an_address_waits_for_it():
    with_one, without = (
        letterhead(inbound).message(12, MONDAY.date(), ANNA, "attempt").values
        for inbound in (MAILBOX, None)
    )

    assert with_one.keys() == MARKS | {BY_MAIL}
    assert without.keys() == MARKS


@pytest.mark.parametrize("inbound", [None, MAILBOX])
def test_one_click_is_announced_either_way(inbound):
    named = dict(headers(inbound))

    assert named["List-Unsubscribe-Post"].parts == ("List-Unsubscribe=One-Click",)
