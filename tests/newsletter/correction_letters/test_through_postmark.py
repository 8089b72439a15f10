"""The same letters over real HTTP, by each hand-over, against the loopback Postmark."""

from collections import Counter
from dataclasses import replace

import pytest
from sqlmodel import select

from newsletter.correction_letters import ordering
from newsletter.correction_letters.audience import audience
from newsletter.correction_letters.sending import send_corrections
from newsletter.notices.rows import NoticeRow
from newsletter.testing.postmark.process import running_postmark
from tests.factories import MONDAY
from tests.newsletter.corrections.correcting import correct, let_leave
from tests.newsletter.delivery.reconciling.test_with_postmark import connected

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.mark.parametrize("handover", ["template", "batch", "bulk"])
def test_each_who_got_the_line_has_one_letter_with_a_way_to_leave(service, tmp_path, handover):
    let_leave(service)
    with service.database.writing() as session:
        correction = correct(session)
        goes = audience(session, correction, now=MONDAY).goes
        ordering.tell_those_who_got_it(session, correction.row_id, expected=goes, now=MONDAY)
    with running_postmark(tmp_path / "log") as postmark:
        transport = connected(postmark, handover=handover)
        sender = replace(service.dispatch.sender, transport=transport)
        while send_corrections(sender):
            pass
        transport.close()
        postmark.clock(advance=60)
        letters = postmark.accepted()
        _, shelf = postmark.call("GET", "/templates?count=500&offset=0")

    assert Counter(one["To"] for one in letters) == {
        f"reader{number}@example.org": 1 for number in (1, 2, 3)
    }
    assert {one["MessageStream"] for one in letters} == {"broadcast"}
    assert shelf["TotalCount"] == 0  # three copies are not worth a template
    with service.database.reading() as session:
        rows = session.exec(select(NoticeRow.state).where(NoticeRow.kind == "correction"))
        assert Counter(rows) == {"accepted": 3}
