"""What ``doctor`` finds while an issue leaves in waves, and when nothing would be taken."""

from dataclasses import replace
from datetime import timedelta

from newsletter.delivery.message import Outcome, Receipt, Stream
from newsletter.delivery.transports.memory import MemoryTransport
from newsletter.diagnosis import Finding, Level, examine
from newsletter.service import Service
from subscribers.models import Subscriber
from tests.factories import add_subscribers, refitted, store_comparisons


def about_the_issue(service: Service) -> list[Finding]:
    return [found for found in examine(service) if "issue 1" in found.message]


def test_a_wave_that_is_still_to_come_is_nothing_wrong(service: Service) -> None:
    with service.database.writing() as session:
        store_comparisons(session, 2)
        _, western = add_subscribers(session, 2)
        session.get_one(Subscriber, western.id).timezone = "America/New_York"
    slot = service.desk.slots.next()
    monday = service.as_of(lambda: slot.instant)
    monday.run_tick()

    [between] = about_the_issue(monday)
    later = service.as_of(lambda: slot.instant + timedelta(hours=8))  # nine there is two here
    later.desk.dispatch.deliver()
    [after] = about_the_issue(later)

    assert (between.code, between.level) == ("unfinished", Level.NOTE)
    assert (after.code, after.level) == ("books", Level.OK)


class Asked(MemoryTransport):
    """A provider that has neither stream."""

    def check(self) -> dict[Stream, Receipt]:
        absent = Receipt(Outcome.NOT_TAKEN, code="1235", detail="No stream.", needs_operator=True)
        return {"broadcast": absent, "transactional": absent}


def test_a_provider_that_would_take_nothing_is_wrong_and_said_once(service: Service) -> None:
    sender = replace(service.dispatch.sender, transport=Asked())
    found = examine(replace(service, desk=refitted(service.desk, sender=sender)))

    [of_way] = [one for one in found if one.code == "way-out"]
    assert of_way == Finding("way-out", Level.WRONG, "memory, code 1235: No stream.")
