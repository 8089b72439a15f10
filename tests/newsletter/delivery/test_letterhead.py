"""One subscriber's copy: what its links open, for how long, and for whom."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import escape

import pytest

from newsletter.delivery.claiming import Recipient
from newsletter.delivery.headers import (
    DATE,
    EMAIL,
    LANGUAGE,
    PREFERENCES,
    TEST_TOKEN,
    VOTE,
)
from newsletter.delivery.letterhead import Letterhead
from newsletter.delivery.message import UNSUBSCRIBE
from newsletter.issues.models import Issue
from newsletter.rendering.dates import LANGUAGES, long_date
from newsletter.rendering.personal import mark
from newsletter.rendering.rendered import MARKS, TOKENS, Rendered
from subscribers.keys import KeyRing
from subscribers.tokens import Purpose, Signer
from tests.factories import MONDAY, SECRET

SIGNER = Signer(KeyRing.of(SECRET))
ANNA = Recipient(7, "AnnaAnnaAnna", "anna@example.org", token_epoch=3)
LETTERHEAD = Letterhead(
    name="Test Letter",
    address="Test Letter <digest@example.org>",
    reply_to=None,
    base_url="https://letters.example.org",
    signer=SIGNER,
)


LONGEST_TOKEN = 44  # with a host name of ordinary length the URL stays under 76


def epoch(public_id: str) -> int | None:
    return ANNA.token_epoch if public_id == ANNA.public_id else None


def test_each_mark_of_the_letter_has_a_value() -> None:
    message = LETTERHEAD.message(12, MONDAY.date(), ANNA, "attempt")

    assert message.values.keys() == MARKS
    assert message.values[EMAIL] == "anna@example.org"
    tokens = [message.values[mark] for mark in (UNSUBSCRIBE, VOTE, PREFERENCES)]
    assert max(map(len, tokens)) <= LONGEST_TOKEN


@pytest.mark.parametrize("locale", ["", "de", "pt-BR", "uk"])
def test_what_a_mailing_calls_its_tokens_needs_no_escape_anywhere(locale: str) -> None:
    nonce = "n0nce"
    everything = " ".join(mark(nonce, name) for name in sorted(MARKS))
    issue = Issue(
        number=12, schedule="weekly", local_date=MONDAY.date(), nonce=nonce, created_at=MONDAY
    )
    mailing = LETTERHEAD.mailing_of_edition(
        issue, 1, Rendered("S", "P", everything, everything, nonce)
    )
    message = LETTERHEAD.message(12, MONDAY.date(), ANNA._replace(locale=locale), "attempt")

    assert mailing.tokens == TOKENS | {LANGUAGE}
    for name in mailing.tokens:
        assert re.fullmatch("[A-Za-z0-9._~-]+", message.values[name])


@pytest.mark.parametrize("locale", LANGUAGES)
def test_no_day_and_no_code_of_any_language_has_a_sign_that_html_escapes(locale: str) -> None:
    for number in range(366):
        written = long_date(MONDAY.date() + timedelta(days=number), locale)
        assert escape(written) == written
    assert escape(locale) == locale


def test_many_copies_are_written_as_one_by_one() -> None:
    ben = Recipient(8, "BenBenBenBen", "ben@example.org", token_epoch=0, locale="de")

    together = LETTERHEAD.messages(12, MONDAY.date(), [ANNA, ben], "attempt")

    assert together == [
        LETTERHEAD.message(12, MONDAY.date(), one, "attempt") for one in (ANNA, ben)
    ]


@pytest.mark.parametrize(
    ("locale", "written", "language"),
    [
        ("", "Monday 23 November 2026", "en"),
        ("de", "Montag, 23. November 2026", "de"),
        ("tlh", "Monday 23 November 2026", "en"),
    ],
)
def test_the_date_is_written_in_the_readers_language(
    locale: str, written: str, language: str
) -> None:
    message = LETTERHEAD.message(12, MONDAY.date(), ANNA._replace(locale=locale), "attempt")

    assert (message.values[DATE], message.values[LANGUAGE]) == (written, language)


@pytest.mark.parametrize(
    ("mark", "purpose"),
    [
        (UNSUBSCRIBE, Purpose.UNSUBSCRIBE),
        (PREFERENCES, Purpose.PREFERENCES),
        (VOTE, Purpose.VOTE),
    ],
)
def test_a_link_is_good_for_one_purpose_one_subscriber_and_one_issue(
    mark: str, purpose: Purpose
) -> None:
    token = LETTERHEAD.message(12, MONDAY.date(), ANNA, "attempt").values[mark]

    claims = SIGNER.open(token, purpose, epoch_of=epoch, now=MONDAY)

    assert (claims.purpose, claims.public_id, claims.issue) == (purpose, ANNA.public_id, 12)


def test_a_test_copy_opens_nothing() -> None:
    issue = Issue(
        number=12,
        schedule="weekly",
        local_date=MONDAY.date(),
        nonce="k3x9q7",
        created_at=datetime(2026, 11, 20, tzinfo=UTC),
    )

    _, message = LETTERHEAD.test_copy(issue, "editor@example.org", "ab12")

    assert message.values == dict.fromkeys(TOKENS, TEST_TOKEN) | {
        EMAIL: "editor@example.org",
        DATE: "Monday 23 November 2026",
        LANGUAGE: "en",
    }


def test_a_letter_comes_back_to_an_address_that_knows_its_reader() -> None:
    returning = replace(LETTERHEAD, returns="bounces@example.org")

    address = returning.message(12, MONDAY.date(), ANNA, "attempt").returns_to

    assert address is not None
    token = re.fullmatch(r"bounces\+([a-z2-7]{29})@example\.org", address)
    assert token is not None
    assert SIGNER.returned.read(token[1], epoch_of=epoch) == ANNA.public_id


def test_where_nobody_reads_what_comes_back_it_is_left_to_the_sender() -> None:
    assert LETTERHEAD.message(12, MONDAY.date(), ANNA, "attempt").returns_to is None
