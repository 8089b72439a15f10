"""``python -m tests.audit``: build the issues, run every tool, print a line for each finding."""

import argparse
import json
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

from newsletter.errors import NewsletterError
from tests.audit.bad import CODES, bad_letter
from tests.audit.checks import browser, html, mime, mjml, spam, support, weight
from tests.audit.finding import Fault, Result
from tests.audit.issues import SEEDS, build_all
from tests.audit.letters import Letter
from tests.audit.tools import require_tools

CHECKS = (mjml, html, support, browser, spam, mime, weight)


def main() -> int:
    """Run the audit; 0 when nothing is wrong, 1 on any fault, 2 when a tool is missing."""
    parser = argparse.ArgumentParser(prog="python -m tests.audit", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON instead of lines")
    as_json = parser.parse_args().json
    began = time.perf_counter()
    try:
        require_tools()
        with tempfile.TemporaryDirectory() as folder:
            letters, not_built = build_all(Path(folder))
            results = [*not_built, *audit(letters)]
    except NewsletterError as error:
        sys.stderr.write(f"{error.code}: {error}\n")
        return 2
    print_report = _print_json if as_json else _print_lines
    print_report(results, time.perf_counter() - began)
    return 1 if any(result.faults for result in results) else 0


def audit(letters: list[Letter]) -> list[Result]:
    """Run every check over all letters and over the bad one, side by side; the browser here."""
    everything = [*letters, bad_letter()]
    with ThreadPoolExecutor(1) as pool:
        asked = pool.map(
            lambda check: check.check(everything), [one for one in CHECKS if one is not browser]
        )
        seen = browser.check(everything)
        results = [*seen, *(result for answer in asked for result in answer)]
    order = {letter.name: place for place, letter in enumerate(letters)}
    found = sorted(
        (result for result in results if result.issue in order),
        key=lambda result: order[result.issue],
    )
    return [*found, _self_test([result for result in results if result.issue not in order])]


def _self_test(results: list[Result]) -> Result:
    """Demand that every kind of fault was found in the bad letter."""
    found = {fault.code for result in results for fault in result.faults}
    silent = sorted(CODES - found)
    measured = f"{len(CODES) - len(silent)} of {len(CODES)} kinds of fault found in a bad letter"
    faults = (Fault("cannot-fail", f"nothing reported {code}") for code in silent)
    return Result("self-test", "bad", f"{measured} by {len(results)} checks", tuple(faults))


def _print_lines(results: list[Result], seconds: float) -> None:
    for result in results:
        word = "FAULT" if result.faults else "ok"
        _say(f"{word:<6}{result.issue:<9}{result.check:<10}{result.measured}")
        for fault in result.faults:
            _say(f"        {fault.code}: {' '.join(fault.message.split())}")
    if not SEEDS.is_dir():
        _say("skip  seeds    the seeds lie beside the project's own checkout only")
    faults = sum(len(result.faults) for result in results)
    _say(f"{faults} faults in {len(results)} checks, {seconds:.0f} s")


def _print_json(results: list[Result], seconds: float) -> None:
    answer = {
        "faults": sum(len(result.faults) for result in results),
        "seconds": round(seconds, 1),
        "skipped": [] if SEEDS.is_dir() else ["seeds"],
        "results": [
            asdict(result) | {"faults": [fault._asdict() for fault in result.faults]}
            for result in results
        ],
    }
    _say(json.dumps(answer, indent=2, ensure_ascii=False))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
