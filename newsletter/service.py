"""The service: everything wired together, as the doors are handed it."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from newsletter import weekly
from newsletter.afterwards import listen
from newsletter.ahead import UNASKED, Lead, prepare
from newsletter.database import Database
from newsletter.delivery.sent import Progress, silent
from newsletter.delivery.transport import Lists
from newsletter.desk import Desk
from newsletter.dispatch import Dispatch
from newsletter.feedback.folding import Folded
from newsletter.feedback.listener import Listener
from newsletter.feedback.syncing import Syncing
from newsletter.instance.fence import Fence, PassiveInstance
from newsletter.mailroom import Mailroom
from newsletter.settings import Settings
from newsletter.sign_up.reception import Reception
from newsletter.uploads.shelf import Shelf
from newsletter.uploads.work import Workshop
from newsletter.welcome import welcome
from schedules.clock import Clock
from schedules.heartbeat import Work
from schedules.tick import Duty, TickResult, tick
from schedules.windows import Window
from subscribers.tokens import Signer


@dataclass(frozen=True, slots=True)
class Service:
    """The newsletter, ready to work; doors call it and nothing else.

    Attributes:
        settings: as read.
        database: the truth.
        clock: the present instant.
        window: the weekly slot.
        desk: what can be done with issues.
        signer: makes and reads the tokens in links.
        pepper: hides suppressed addresses in their table.
        stopping: set when the process shall end; the sending loop ends after its batch.
        reception: where people ask for the newsletter.
        fence: says whether anything may leave from here.
        lead: when editors are asked before an issue leaves.
    """

    settings: Settings
    database: Database
    clock: Clock
    window: Window
    desk: Desk
    signer: Signer
    pepper: bytes
    stopping: threading.Event
    reception: Reception
    fence: Fence
    lead: Lead = UNASKED

    def run_tick(self, now: datetime | None = None, progress: Progress = silent) -> TickResult:
        """Look at the schedule, now or as of an instant, and do what is due.

        Raises:
            PassiveInstance: when nothing may leave from here.
        """
        if because := self.fence.may_send():
            raise PassiveInstance(because)
        service = self if now is None else self.as_of(lambda: now)
        duty = Duty(
            job=lambda slot: weekly.publish(service.desk, slot, progress),
            missed=lambda slot: weekly.miss(service.desk, slot),
            opens=service.desk.slots.opens,
        )
        return tick(
            service.database,
            service.window,
            duty,
            now=service.clock(),
            worker=service.dispatch.sender.worker,
        )

    def prepare(self) -> TickResult | None:
        """Make the draft of the next issue if it is time, and tell editors; see ``newsletter.ahead``."""
        return None if self.fence.may_send() else prepare(self.desk, self.lead)

    def run_due(self, now: datetime, progress: Progress = silent) -> tuple[TickResult, int]:
        """Look at the schedule as of an instant, then do whatever else has come due by then.

        Returns:
            What the look came to, and how many copies left.
        """
        counted: list[int] = []

        def count(recipients: int) -> None:
            counted.append(recipients)
            progress(recipients)

        result, then = self.run_tick(now, count), self.as_of(lambda: now)
        then.prepare()
        then.dispatch.deliver(count)
        return result, sum(counted)

    def welcome(self) -> int:
        """Answer whoever asked for the newsletter since the last time.

        Returns:
            How many single letters left.
        """
        self.workshop.shelf.tidy(self.clock())
        return welcome(self.desk, self.reception)

    def listen(self) -> Folded:
        """Work out what the provider told since the last time, by webhook or on its lists."""
        return listen(self.desk, self.listener, self.syncing)

    @property
    def heartbeat_jobs(self) -> Mapping[str, Work]:
        """Give what a process that sends does at each beat, by name."""
        return {
            "tick": self.run_tick,
            "prepare": self.prepare,
            "deliver": self.dispatch.deliver,
            "welcome": self.welcome,
            "listen": self.listen,
        }

    @property
    def dispatch(self) -> Dispatch:
        """Give from where issues leave."""
        return self.desk.dispatch

    @property
    def mailroom(self) -> Mailroom:
        """Give from where single letters leave."""
        return self.desk.mailroom

    @property
    def workshop(self) -> Workshop:
        """Give where lists are worked on that editors bring."""
        shelf = Shelf(self.settings.data_dir / "import")
        return Workshop(shelf, self.database, self.pepper, self.stopping)

    @property
    def syncing(self) -> Syncing | None:
        """Give what compares the provider's lists; None where the transport keeps none."""
        lists = self.dispatch.sender.transport
        if not isinstance(lists, Lists):
            return None
        return Syncing(self.database, lists, self.clock, self.pepper, self.settings.streams)

    @property
    def listener(self) -> Listener:
        """Give who hears what the provider tells afterwards."""
        return Listener(
            database=self.database,
            clock=self.clock,
            pepper=self.pepper,
            streams=self.settings.streams.values(),
            keep=timedelta(days=self.settings.event_days),
        )

    def as_of(self, clock: Clock) -> "Service":
        """Give the same service as of another instant; leases and delays stay in real time."""
        sender = replace(self.dispatch.sender, clock=clock)
        reconciler = replace(self.dispatch.reconciler, clock=clock)
        mailroom = replace(self.mailroom, clock=clock, sender=sender)
        dispatch = replace(
            self.dispatch, clock=clock, sender=sender, reconciler=reconciler, mailroom=mailroom
        )
        return replace(
            self,
            clock=clock,
            desk=replace(self.desk, clock=clock, dispatch=dispatch),
            reception=replace(self.reception, clock=clock),
        )

    def on(self, database: Database) -> "Service":
        """Give the same service with what its pages show read from another database."""
        dispatch = replace(self.dispatch, database=database)
        desk = replace(self.desk, database=database, dispatch=dispatch)
        reception = replace(self.reception, database=database)
        return replace(self, database=database, desk=desk, reception=reception)

    def close(self) -> None:
        """Let go of connections."""
        self.dispatch.sender.transport.close()
        self.database.close()
