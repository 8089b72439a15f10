import threading
from contextlib import contextmanager
from datetime import timedelta
from queue import Queue

from apscheduler.events import EVENT_JOB_MAX_INSTANCES

from schedules.clock import system_clock
from schedules.heartbeat import STOPPED_BEATS, Heartbeat

PATIENCE = 60


@contextmanager
def beating(jobs, *, every=timedelta(hours=1), on_error=lambda _name, _error: None):
    heartbeat = Heartbeat(jobs, every=every, clock=system_clock, on_error=on_error)
    heartbeat.start()
    try:
        yield heartbeat
    finally:
        heartbeat.stop()


def test_every_job_is_called_at_the_start():
    tick, sweep = threading.Event(), threading.Event()

    with beating({"tick": tick.set, "sweep": sweep.set}):
        called = tick.wait(PATIENCE) and sweep.wait(PATIENCE)

    assert called


def test_a_job_is_called_again_at_each_beat():
    calls = threading.Semaphore(0)

    with beating({"tick": calls.release}, every=timedelta(milliseconds=50)):
        called = [calls.acquire(timeout=PATIENCE) for _ in range(4)]

    assert called == [True] * 4


def test_an_error_is_passed_on_and_the_heart_beats_on():
    errors, told = [], threading.Semaphore(0)

    def job():
        raise ZeroDivisionError("once more")

    def on_error(name, error):
        errors.append((name, repr(error)))
        told.release()

    with beating({"tick": job}, every=timedelta(milliseconds=50), on_error=on_error):
        heard = [told.acquire(timeout=PATIENCE) for _ in range(3)]

    assert heard == [True] * 3
    assert set(errors) == {("tick", "ZeroDivisionError('once more')")}


def test_a_job_still_running_is_not_started_a_second_time(caplog):
    release, beats, running = threading.Event(), threading.Semaphore(0), []

    def slow():
        running.append("started")
        release.wait(PATIENCE)

    with beating({"slow": slow, "quick": beats.release}, every=timedelta(milliseconds=50)):
        for _ in range(5):
            beats.acquire(timeout=PATIENCE)
        started = len(running)
        release.set()

    assert started == 1
    assert caplog.messages == []


def test_a_clock_that_is_set_back_does_not_stop_the_heart():
    calls = threading.Semaphore(0)
    hour_ahead = iter([system_clock() + timedelta(hours=1)])
    heartbeat = Heartbeat(
        {"tick": calls.release},
        every=timedelta(milliseconds=50),
        clock=lambda: next(hour_ahead, None) or system_clock(),
        on_error=lambda _name, _error: None,
    )

    heartbeat.start()
    called = [calls.acquire(timeout=PATIENCE) for _ in range(3)]
    heartbeat.stop()

    assert called == [True] * 3


def test_a_heart_beats_while_its_only_job_is_still_running():
    beats, release = Queue[bool](), threading.Event()

    with beating({"slow": lambda: release.wait(PATIENCE)}, every=timedelta(milliseconds=50)) as one:
        one._scheduler.add_listener(lambda _: beats.put(one.is_beating()), EVENT_JOB_MAX_INSTANCES)
        alive = [beats.get(timeout=PATIENCE) for _ in range(STOPPED_BEATS + 2)]
        release.set()

    assert alive[-1]  # asked at the beat itself: half a second later it need not be true


def test_a_heart_that_is_silent_for_ten_beats_has_stopped():
    def never_started(**jobs):
        every = timedelta(microseconds=1)
        return Heartbeat(jobs, every=every, clock=system_clock, on_error=print)

    assert not never_started(tick=int).is_beating()
    assert never_started().is_beating()


def test_stop_ends_the_watcher_too():
    with beating({"tick": int}) as heartbeat:
        watcher = heartbeat._watcher

    assert not watcher.is_alive()


def test_stop_waits_for_the_running_job_and_starts_no_other():
    started, release, finished = threading.Event(), threading.Event(), []

    def job():
        started.set()
        release.wait(PATIENCE)
        finished.append("ended")

    with beating({"tick": job}) as heartbeat:
        started.wait(PATIENCE)
        stopping = threading.Thread(target=heartbeat.stop)
        stopping.start()
        ended_before = list(finished)
        release.set()
        stopping.join(PATIENCE)

    assert (ended_before, finished) == ([], ["ended"])


def test_a_heartbeat_that_never_started_can_be_stopped():
    heartbeat = Heartbeat({}, every=timedelta(hours=1), clock=system_clock, on_error=print)

    heartbeat.stop()

    assert heartbeat.silence() < timedelta(seconds=PATIENCE)
