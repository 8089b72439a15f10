"""Full bodies pass through the sender without staying in it."""

import tracemalloc

from newsletter.delivery.message import Outcome
from newsletter.delivery.transports.postmark import PostmarkTransport
from newsletter.rendering.personal import Marked
from newsletter.testing.postmark.process import TOKEN, running_postmark
from tests.newsletter.delivery.transports.postmark_samples import digest, marked, readers

MEGABYTE = 1_000_000


def test_five_thousand_full_messages_leave_a_flat_memory(tmp_path):
    mailing = digest(html=marked("<p>Лиса и пёс</p>" * 2_500), text=Marked.plain("short"))
    messages = readers(5_000)

    with running_postmark(tmp_path / "log") as postmark:
        transport = PostmarkTransport(TOKEN, api_url=postmark.url, handover="batch")
        transport.send(mailing, messages[:1])
        tracemalloc.start()
        for start in range(0, len(messages), 500):
            receipts = transport.send(mailing, messages[start : start + 500])
            assert {receipt.outcome for receipt in receipts} == {Outcome.ACCEPTED}
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        transport.close()

    assert peak < 4 * MEGABYTE  # of 300 MB sent
