"""One process of a trial: forked from a parent that has everything imported, and truly killed."""

import gc
import os
import signal
import traceback
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from newsletter.delivery.transports.postmark import PostmarkTransport
from newsletter.delivery.transports.postmark_line import Patience
from newsletter.issues.states import IssueState
from newsletter.service import Service
from newsletter.settings import Settings
from newsletter.testing.postmark.process import TOKEN
from newsletter.web import app
from newsletter.wiring import build
from schedules.clock import Clock
from tests.faults.grounds import Ground
from tests.faults.surroundings import ISSUE, SENDER, settings
from tests.faults.trials import Trial

ACTOR = "the fault bench"

IMPORTED = (app,)
"""What the product imports only when it is needed: here the parent has it for all its children."""

SHORT_PATIENCE = Patience(connecting=2, silence=0.4, call=1.2)
"""A production sender waits for minutes; what is tried is that it stops waiting."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What one process finds when it starts.

    Attributes:
        ground: the database.
        api_url: where the provider is.
        trial: how it sends.
        clock: its time.
        folder: its data.
        patience: how long it puts up with the provider.
    """

    ground: Ground
    api_url: str
    trial: Trial
    clock: Clock
    folder: Path
    patience: Patience = SHORT_PATIENCE

    def transport(self) -> PostmarkTransport:
        """Make the way out."""
        return PostmarkTransport(
            TOKEN,
            api_url=self.api_url,
            handover=self.trial.handover,
            sender=SENDER,
            patience=self.patience,
        )

    def service(self) -> Service:
        """Wire the service as a command does."""
        return build(self.settings, self.clock, self.ground.database, self.transport())

    @property
    def settings(self) -> Settings:
        """Give what it is told to do."""
        return settings(
            data_dir=self.folder,
            database_url=self.ground.url,
            postmark_api_url=self.api_url,
            postmark_handover=self.trial.handover,
            engine=self.trial.engine,
        )


def send(surroundings: Surroundings) -> None:
    """Be ``newsletter issue send``, typed by an operator who also resumes what was paused."""
    service = surroundings.service()
    begin(service)
    service.dispatch.deliver()
    if surroundings.trial.hears:
        service.listen()
    service.close()


def begin(service: Service) -> None:
    """Start the issue, or resume it, if it is not closed."""
    issue = service.desk.issue(ISSUE)
    if issue.state == IssueState.HELD.value:
        service.desk.resume(ISSUE, actor=ACTOR)
    elif issue.state != IssueState.SETTLED.value:
        service.dispatch.start(ISSUE, actor=ACTOR)


Work = Callable[[], None]


def fork(work: Work, *, fault: str = "", troubles: Path | None = None) -> int:
    """Start a process; give its id.

    Args:
        work: what it does.
        fault: what it finds in ``NEWSLETTER_FAULT``.
        troubles: file for the error it ends with, if it ends with one.
    """
    gc.freeze()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of forking beside a test's threads
        pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        os.environ["NEWSLETTER_FAULT"] = fault
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        work()
        code = 0
    except BaseException as trouble:  # noqa: BLE001 -- a process ends here, whatever it met
        if troubles:
            last = traceback.extract_tb(trouble.__traceback__)[-1]
            words = " ".join(str(trouble).split())[:200]
            with troubles.open("a") as file:
                file.write(f"{type(trouble).__name__} in {last.name}: {words}\n")
    finally:
        os._exit(code)


def ended(pid: int) -> int:
    """Wait for a process; give its exit code, negative for the signal that killed it."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def frozen(pid: int) -> None:
    """Wait until a process has stopped at its point."""
    _, status = os.waitpid(pid, os.WUNTRACED)
    assert os.WIFSTOPPED(status), f"it never came to its point: {status}"


def together(works: Sequence[Work], *, fault: str, troubles: Path) -> list[int]:
    """Run processes at once, the first of them with the fault; give their exit codes."""
    pids = [
        fork(work, fault="" if place else fault, troubles=troubles)
        for place, work in enumerate(works)
    ]
    return [ended(pid) for pid in pids]
