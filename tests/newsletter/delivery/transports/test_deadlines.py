"""What takes too long is cut, and nothing else is."""

import threading
from contextlib import suppress

import pytest

from newsletter.delivery.transports.deadlines import Deadlines

LONG = 600
SHORT = 3
"""Long enough for a look at the threads on a busy machine."""
AT_MOST = 20
"""Seconds that these tests wait for another thread."""


def watchers():
    return [thread for thread in threading.enumerate() if thread.name == "deadlines"]


def test_what_ends_in_time_is_left_alone():
    cut = threading.Event()

    with Deadlines().limited(LONG, cut.set):
        pass

    assert not cut.is_set()


def test_what_takes_too_long_is_cut():
    cut = threading.Event()

    with pytest.raises(TimeoutError), Deadlines().limited(0.01, cut.set):
        assert cut.wait(AT_MOST)


def test_an_error_that_the_cut_brings_about_is_its_own():
    cut = threading.Event()

    def breaks_when_it_is_cut():
        assert cut.wait(AT_MOST)
        raise ConnectionResetError

    with pytest.raises(TimeoutError), Deadlines().limited(0.01, cut.set):
        breaks_when_it_is_cut()


def test_any_other_error_passes():
    with pytest.raises(ConnectionResetError), Deadlines().limited(LONG, lambda: None):
        raise ConnectionResetError


def test_a_call_that_is_due_before_the_one_that_is_waited_for_is_cut_in_time():
    deadlines, first, second = Deadlines(), threading.Event(), threading.Event()

    with (
        deadlines.limited(LONG, first.set),
        pytest.raises(TimeoutError),
        deadlines.limited(0.01, second.set),
    ):
        assert second.wait(AT_MOST)

    assert not first.is_set()


def test_one_thread_looks_after_all_calls_and_ends_when_there_is_none():
    deadlines, before, seen = Deadlines(), set(watchers()), set()

    with suppress(TimeoutError), deadlines.limited(SHORT, lambda: None):
        for _ in range(20):
            with suppress(TimeoutError), deadlines.limited(SHORT, lambda: None):
                seen |= set(watchers()) - before

    [watcher] = seen
    watcher.join(AT_MOST)
    assert not watcher.is_alive()


def test_after_its_thread_has_ended_a_call_is_cut_as_well():
    deadlines, before, cut = Deadlines(), set(watchers()), threading.Event()
    with suppress(TimeoutError), deadlines.limited(SHORT, lambda: None):
        [watcher] = set(watchers()) - before
    watcher.join(AT_MOST)

    with pytest.raises(TimeoutError), deadlines.limited(0.01, cut.set):
        assert cut.wait(AT_MOST)


def test_a_cut_that_fails_leaves_the_others_their_deadlines():
    deadlines, tried, cut = Deadlines(), threading.Event(), threading.Event()

    def fails():
        tried.set()
        raise RuntimeError

    with pytest.raises(TimeoutError), deadlines.limited(0.01, fails):
        assert tried.wait(AT_MOST)
    with pytest.raises(TimeoutError), deadlines.limited(0.01, cut.set):
        assert cut.wait(AT_MOST)


def test_a_thread_that_cannot_be_started_fails_its_own_call_alone(monkeypatch):
    deadlines, cut = Deadlines(), threading.Event()
    with monkeypatch.context() as full:
        full.setattr(threading.Thread, "start", no_more_threads)
        with pytest.raises(RuntimeError), deadlines.limited(0.01, lambda: None):
            pass

    with pytest.raises(TimeoutError), deadlines.limited(0.01, cut.set):
        assert cut.wait(AT_MOST)


def no_more_threads(_thread):
    raise RuntimeError("can't start new thread")
