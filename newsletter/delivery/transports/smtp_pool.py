"""Connections to an SMTP server that threads share: as many as send at once, and none for long after."""

import smtplib
import threading
from collections import deque
from collections.abc import Callable
from time import monotonic

from newsletter.delivery.transports.smtp_replies import CLOSING
from newsletter.delivery.transports.smtp_session import Session


class Pool:
    """Lends connections. There is no number to set: each thread that sends needs one.

    A server that takes no more of them says so with 421. Whoever is told that waits for a connection
    that another thread brings back, instead of having its whole batch refused: so a server that
    grants two gets two, and eight threads take turns.

    Args:
        opener: opens a connection; raises OSError.
        idle: seconds after which a connection that nobody needs is closed. Servers do so too, after
            five minutes by RFC 5321, and many earlier.
    """

    def __init__(self, opener: Callable[[], Session], *, idle: float) -> None:
        self._opener = opener
        self._longest_idle = idle
        self._idle: deque[tuple[float, Session]] = (
            deque()
        )  # the one that came back last stands last
        self._lent = 0
        self._change = threading.Condition()
        self._sweeper: threading.Timer | None = None

    def take(self, until: float) -> Session:
        """Lend an idle connection that still answers, or a fresh one.

        One idle connection is asked at most before a fresh one is opened: a server that is silent on
        all of them would take a call's time.

        Args:
            until: by the monotonic clock: for how long to wait where the server takes no more.

        Raises:
            OSError: when none can be had.
        """
        while True:
            with self._change:
                session = self._idle.pop()[1] if self._idle else None
                self._lent += 1
            try:
                if session is not None:
                    if session.answers():
                        return session
                    session.close()
                return self._opener()
            except BaseException as refusal:
                self._give_up_one()
                if not (_is_full(refusal) and self._wait(until)):
                    raise

    def put_back(self, session: Session) -> None:
        """Take a connection back, for the next who needs one."""
        if not session.usable:
            self.discard(session)
            return
        with self._change:
            self._lent -= 1
            self._idle.append((monotonic() + self._longest_idle, session))
            self._change.notify()
            self._sweep_later()

    def discard(self, session: Session) -> None:
        """Take a connection back that is of no use any more."""
        session.close()
        self._give_up_one()

    def close(self) -> None:
        """Close what is idle; whatever is lent still works, and comes back."""
        with self._change:
            idle = [session for _, session in self._idle]
            self._idle.clear()
            if self._sweeper is not None:
                self._sweeper.cancel()
                self._sweeper = None
        for session in idle:
            session.close()

    def _give_up_one(self) -> None:
        with self._change:
            self._lent -= 1
            self._change.notify()

    def _wait(self, until: float) -> bool:
        """Wait for a connection that somebody brings back; False when nobody will, or not in time."""
        with self._change:
            if not (self._lent or self._idle):
                return False
            return self._change.wait_for(
                lambda: bool(self._idle) or not self._lent, max(0, until - monotonic())
            )

    def _sweep_later(self) -> None:
        """Have somebody come back when the oldest idle connection is due; with the lock held."""
        if self._sweeper is None and self._idle:
            wait = max(0, self._idle[0][0] - monotonic())
            self._sweeper = threading.Timer(wait, self._sweep)
            self._sweeper.daemon = True
            self._sweeper.start()

    def _sweep(self) -> None:
        with self._change:
            stale = []
            while self._idle and self._idle[0][0] <= monotonic():
                stale.append(self._idle.popleft()[1])
            self._sweeper = None
            self._sweep_later()
        for session in stale:
            session.close()


def _is_full(refusal: BaseException) -> bool:
    return isinstance(refusal, smtplib.SMTPResponseException) and refusal.smtp_code == CLOSING
