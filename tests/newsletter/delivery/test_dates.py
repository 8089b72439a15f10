"""The date of an issue in each reader's own language, whichever way the copies leave."""

import pytest

from newsletter.database import Database
from newsletter.delivery.transports.memory import MemoryTransport
from newsletter.delivery.transports.postmark_handover import prepare
from newsletter.desk import Desk
from tests.factories import add_subscribers, make_desk, store_comparisons

LANGUAGES = {
    "reader1@example.org": "",
    "reader2@example.org": "de",
    "reader3@example.org": "ja",
    "reader4@example.org": "en-US",
}
WRITTEN = {
    "reader1@example.org": "Monday 30 November 2026",
    "reader2@example.org": "Montag, 30. November 2026",
    "reader3@example.org": "2026年11月30日月曜日",
    "reader4@example.org": "Monday, November 30, 2026",
}


@pytest.fixture
def sent(database: Database) -> tuple[Desk, MemoryTransport]:
    """An issue that has left to four readers, each with another language."""
    with database.writing() as session:
        store_comparisons(session, 2)
        for reader in add_subscribers(session, len(LANGUAGES)):
            reader.locale = LANGUAGES[reader.email or ""]
            session.add(reader)
    transport = MemoryTransport()
    desk = make_desk(database, transport, local_time=False)
    number = desk.build(desk.slots.next(), actor="test").number
    desk.send(number, actor="test")
    return desk, transport


def test_each_reader_gets_the_date_in_their_language(sent):
    _, transport = sent

    letters = [(mailing, one) for mailing, one in transport.sent if mailing.key == "issue-1"]

    assert len(letters) == len(LANGUAGES)
    for mailing, one in letters:
        assert WRITTEN[one.to] in mailing.html.fill_html(one.values)
        assert f"\n{WRITTEN[one.to]}\n" in mailing.text.fill(one.values)


def test_previews_and_test_copies_are_in_english(sent):
    desk, transport = sent
    desk.test(1, "editor@example.org")

    mailing, one = transport.sent[-1]

    assert "Monday 30 November 2026" in mailing.html.fill_html(one.values)
    assert '<span lang="en">Monday 30 November 2026</span>' in desk.preview(desk.issue(1))[".html"]


@pytest.mark.parametrize("handover", ["template", "batch"])
def test_postmark_is_handed_the_date_with_the_other_values(sent, handover):
    _, transport = sent
    letters = {one.to: (mailing, one) for mailing, one in transport.sent}
    mailing, one = letters["reader2@example.org"]

    prepared = prepare(mailing, handover, "broadcast")
    [call] = prepared.calls([one])
    handed_over = b"".join(prepared.body(call)).decode()

    assert "Montag, 30. November 2026" in handed_over
