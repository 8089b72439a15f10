"""Everything that one Postmark server remembers, put together."""

from newsletter.testing.postmark.accepting import Accepting
from newsletter.testing.postmark.agenda import Agenda
from newsletter.testing.postmark.bounces import Bounces
from newsletter.testing.postmark.bulk import Bulk
from newsletter.testing.postmark.clock import VirtualClock
from newsletter.testing.postmark.events import Events
from newsletter.testing.postmark.index import Index
from newsletter.testing.postmark.ledger import Ledger
from newsletter.testing.postmark.searching import Searching
from newsletter.testing.postmark.sending import Sending
from newsletter.testing.postmark.streams import Streams
from newsletter.testing.postmark.suppressions import Suppressions
from newsletter.testing.postmark.templates import Templates
from newsletter.testing.postmark.webhooks import Webhooks


class Rooms:
    """The resources of the API; a reset makes new ones.

    Args:
        ledger: where accepted messages go.
        templates: they outlive a reset, since transports remember what they have uploaded.
        clock: virtual.
        agenda: what comes later.
    """

    def __init__(
        self, ledger: Ledger, templates: Templates, clock: VirtualClock, agenda: Agenda
    ) -> None:
        self.templates = templates
        self.streams = Streams()
        self.webhooks = Webhooks(clock)
        self.index = Index(ledger, clock)
        self.suppressions = Suppressions(self.streams, self.webhooks, clock)
        self.bounces = Bounces(self.suppressions, clock)
        self.events = Events(ledger, self.bounces, self.suppressions, self.webhooks, clock)
        accepting = Accepting(ledger, self.streams, self.suppressions, self.events)
        self.sending = Sending(accepting, templates, clock)
        self.bulk = Bulk(accepting, templates, self.streams, clock, agenda)
        self.searching = Searching(ledger, self.index, self.events)
