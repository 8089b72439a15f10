"""The comparison of a loopback Postmark's lists with ours, at the simulator's present."""

from datetime import timedelta

from newsletter.delivery.transports.postmark import PostmarkTransport
from newsletter.feedback.syncing import Syncing
from newsletter.service import Service
from newsletter.testing.postmark.process import TOKEN, LoopbackPostmark


def syncing(service: Service, postmark: LoopbackPostmark) -> Syncing:
    transport = PostmarkTransport(TOKEN, api_url=postmark.url)
    now = postmark.clock() + timedelta(seconds=1)
    return Syncing(
        service.database, transport, lambda: now, service.pepper, service.settings.streams
    )
