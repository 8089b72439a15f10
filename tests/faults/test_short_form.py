"""The bench itself, in short: the trials of the matrix, the controls, and no promise broken."""

import os
import subprocess
import sys

from tests.faults import planning
from tests.journeys.commands import ROOT


def test_a_short_run_breaks_no_promise_reaches_every_point_and_is_not_blind():
    trials = planning.least()
    run = subprocess.run(
        [sys.executable, "-m", "tests.faults", f"--trials={trials}", "--jobs=1"],
        cwd=ROOT,
        env=os.environ,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stdout + run.stderr
    assert f"| all of the product | {trials} |" in run.stdout
