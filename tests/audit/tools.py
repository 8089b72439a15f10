"""The programs of other people that the audit needs: which are missing, and how to call one."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from newsletter.errors import NewsletterError

NODE = Path(__file__).parent / "node"
PACKAGES = NODE / "node_modules"


class ToolMissing(NewsletterError):
    """A program that the audit runs is not on this machine."""

    code = "tool-missing"


class ToolFailed(NewsletterError):
    """A program ended without an answer; that is no verdict on the letter."""

    code = "tool-failed"


def require_tools() -> None:
    """Make sure that everything is there.

    Raises:
        ToolMissing: says what is missing and how it is installed.
    """
    missing = [name for name in ("node", "spamassassin") if shutil.which(name) is None]
    missing += [] if chromium() else ["chromium"]
    if missing:
        raise ToolMissing(
            f"make audit needs {', '.join(missing)}; on Debian, as root: "
            f"apt-get install {' '.join(missing).replace('node', 'nodejs npm')} "
            "; Node must be 20 or newer. Everything but the audit works without."
        )
    if not PACKAGES.is_dir():
        raise ToolMissing(f"the packages of {NODE.name}/ are not installed: make audit")


def chromium() -> str | None:
    """Find the browser, if there is one."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


def ask_node(script: str, question: Any) -> Any:
    """Run one script of ours once: JSON goes in, JSON comes out.

    Raises:
        ToolFailed: with the last words of the script.
    """
    done = subprocess.run(
        ["node", str(NODE / script)],
        input=json.dumps(question),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode != 0:
        raise ToolFailed(f"{script}: {done.stderr.strip()[-600:]}")
    return json.loads(done.stdout)
