"""What each of several processes does in the race for the same slots; run by spawning."""

from datetime import timedelta
from multiprocessing.synchronize import Barrier
from pathlib import Path

from newsletter.database import Database
from schedules.tick import Duty, tick
from schedules.windows import Slot
from tests.schedules.windows import monday_at_nine, utc

FIRST_DUE = utc("2026-11-23T08:00")
PATIENCE = 60


def race(url: str, worker: str, rounds: int, start: Barrier, log: Path) -> None:
    """Look at the clock once a week, at the same moment as the others."""
    database = Database(url)

    def job(slot: Slot) -> str:
        with log.open("a") as lines:
            lines.write(f"{slot.local_date} {worker}\n")
        return worker

    for week in range(rounds):
        start.wait(PATIENCE)
        now = FIRST_DUE + timedelta(weeks=week, minutes=20)
        tick(database, monday_at_nine(), Duty(job, missed=print), now=now, worker=worker)
    database.close()
