"""``newsletter schedule``: when the next issues are due, and the weekly job as of an instant."""

from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from newsletter.cli.commands import new_group
from newsletter.cli.context import Json, print_json, print_lines, sending_service, service
from newsletter.cli.progress import watched
from newsletter.service import Service
from schedules import ledger
from schedules.windows import Slot, Window, instant_in

_SHOWN = ("local_date", "state", "due_at", "claimed_by", "claimed_at", "finished_at", "note")

app = new_group("Look at the weekly schedule, and run what is due.")


@app.command()
def show(
    *,
    count: Annotated[int, typer.Option(min=1, max=520, help="How many slots to show.")] = 5,
    json: Json = False,
) -> None:
    """Show the next slots with a letter still to come, in the schedule's zone and in UTC, and how the last one ended.

    When readers live further east, the first of them get the next letter before its slot; then it
    says when.
    """
    wired = service()
    window = wired.window
    slots, last = wired.desk.slots.upcoming(count), _last_run(wired)
    opens = wired.desk.slots.opens(slots[0])
    if json:
        print_json({**_schedule_json(window, slots, last), "first_wave": opens})
        return
    print_lines([_due(window, slot) for slot in slots])
    if opens < slots[0].instant:
        print_lines([f"first wave  {instant_in(window, opens)}"])
    print_lines([_ended(last) if last else "nothing has run yet"])


@app.command()
def tick(
    *,
    now: Annotated[
        str | None, typer.Option(help="Instant to act as of, like 2026-11-23T09:20:00+01:00.")
    ] = None,
    json: Json = False,
) -> None:
    """Do what is due, now or as of an instant: the slot, once, and the waves that have come since."""
    as_of = f" --now {now}" if now else ""
    wired = sending_service(go_on=f"newsletter schedule tick{as_of}")
    instant = _instant(now, wired.window) if now else wired.clock()
    unwatched = json or wired.dispatch.by_jobs  # workers send, and the bar would not move
    with watched("sending", wired.desk.forecast(), quiet=unwatched) as advance:
        result, sent = wired.run_due(instant, advance)
    if json:
        slot, following = (_slot_json(wired.window, of) for of in (result.slot, result.next))
        print_json(
            {
                "state": result.state,
                "note": result.note,
                "sent": sent,
                "slot": slot,
                "next": following,
            }
        )
        return
    print_lines(
        [
            f"{result.state}: {result.note}",
            f"sent  {sent} copies",
            f"slot  {_due(wired.window, result.slot)}",
            f"next  {_due(wired.window, result.next)}",
        ]
    )


def _instant(text: str, window: Window) -> datetime:
    """Read an instant; without an offset it is wall time in the schedule's zone, and said so."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--now") from None
    if read.tzinfo is not None:
        return read.astimezone(UTC)
    typer.echo(f"{text} has no offset: taken as wall time in {window.zone}", err=True)
    return window.from_local(read)


def _last_run(wired: Service) -> dict[str, Any] | None:
    with wired.database.reading() as session:
        run = ledger.last(session, wired.window.name)
        return {name: getattr(run, name) for name in _SHOWN} if run else None


def _due(window: Window, slot: Slot) -> str:
    return instant_in(window, slot.instant)


def _ended(run: dict[str, Any]) -> str:
    since = run["finished_at"] or run["claimed_at"]
    note = f": {run['note']}" if run["note"] else ""
    return f"last  {run['local_date']} {run['state']} at {since:%Y-%m-%d %H:%M} UTC{note}"


def _schedule_json(
    window: Window, slots: list[Slot], last: dict[str, Any] | None
) -> dict[str, Any]:
    return {
        "schedule": window.name,
        "weekday": window.weekday,
        "at": f"{window.at:%H:%M}",
        "zone": window.zone,
        "lateness_hours": window.lateness.total_seconds() / 3600,
        "next": [_slot_json(window, slot) for slot in slots],
        "last": last,
    }


def _slot_json(window: Window, slot: Slot) -> dict[str, Any]:
    return {
        "local_date": slot.local_date,
        "local": window.local(slot.instant),
        "utc": slot.instant,
        "latest": slot.latest,
    }
