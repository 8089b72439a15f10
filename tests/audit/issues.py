"""The audited issues, built by the commands an operator types and sent to an outbox."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from fastapi.testclient import TestClient

from newsletter import wiring
from newsletter.database import Database
from newsletter.issues import frozen, store
from newsletter.issues.models import Issue
from newsletter.rendering.letter import digest_mjml, personal_marks
from newsletter.rendering.mjml import to_html
from newsletter.rendering.views import IssueView
from newsletter.settings import load
from newsletter.votes.models import Vote
from newsletter.web.app import create_app
from schedules.clock import system_clock
from tests.audit.comparisons import Comparison, hostile, ordinary
from tests.audit.finding import Fault, Result
from tests.audit.letters import Letter
from tests.journeys.commands import ROOT, SAMPLES, Operator

SEEDS = ROOT.parent / "shared" / "seeds"

_OUTSIDE = {
    "BASE_URL": "https://news.example.org",
    "SITE_URL": "https://compare.example.org",
    "FROM": "Weekly Verdict <digest@news.example.org>",
}


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one of the audited issues comes about.

    Attributes:
        name: what it is called in the report.
        make: does it, in an empty data folder; gives the folder the issue is then in.
        match_ups: how many match-ups it must hold.
        overflows: whether some of them must have become rows; None when they may.
    """

    name: str
    make: Callable[[Path], Path]
    match_ups: int
    overflows: bool | None = False


def build_all(folder: Path) -> tuple[list[Letter], list[Result]]:
    """Build and send every issue, two at a time, each in a folder of its own.

    Returns:
        The letters, and a fault for each issue that the commands would not make.
    """
    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(lambda recipe: _letter_or_fault(recipe, folder), recipes()))
    letters = [one for one in made if isinstance(one, Letter)]
    return letters, [one for one in made if isinstance(one, Result)]


def recipes() -> list[Recipe]:
    """Give all recipes; the seeds lie beside this checkout only, so theirs may be missing."""
    seeds = [Recipe("seeds", _from_seeds, 2)] if SEEDS.is_dir() else []
    return [
        Recipe("demo", _from_demo, 8),
        *seeds,
        Recipe("one", lambda folder: _from_json(folder, ordinary(1)), 1),
        Recipe(
            "twenty", lambda folder: _from_json(folder, ordinary(12), SAMPLES), 20, overflows=True
        ),
        Recipe("hostile", _from_hostile, 7, overflows=None),
        Recipe("voted", _with_votes, 2),
    ]


def _from_demo(folder: Path) -> Path:
    Operator(folder).must("demo")
    return folder / "demo"


def _from_seeds(folder: Path) -> Path:
    operator = Operator(folder, **_OUTSIDE)
    operator.must("content", "import", str(SEEDS))
    slugs = [f"{one['slug_a']}-vs-{one['slug_b']}" for one in operator.json("content", "list")]
    operator.must("issue", "pin", *slugs)
    return _sent(operator)


def _from_hostile(folder: Path) -> Path:
    """Hostile JSON, and a page whose lines end as in a mail's head; JSON with those is refused."""
    page = folder.with_suffix(".txt")
    page.write_bytes(b"\r\n".join(min(SAMPLES.glob("*.txt")).read_bytes().splitlines()))
    return _from_json(folder, hostile(), page)


def _with_votes(folder: Path) -> Path:
    """The issue after one on which enough readers voted: for one more than for the other, and alike."""
    _from_json(folder, ordinary(2))
    database = Database(f"sqlite:///{folder}/newsletter.sqlite3")
    with database.writing() as session:
        first, second = store.items(session, store.latest(session))
        session.add_all(
            Vote(
                issue_number=item.issue_number,
                comparison_id=item.comparison_id,
                choice=choice,
                cast_at=system_clock(),
                changed_at=system_clock(),
            )
            for item, choices in ((first, "a" * 61 + "b" * 39 + "n" * 8), (second, "ab" * 20))
            for choice in ("neither" if letter == "n" else letter for letter in choices)
        )
    database.close()
    return _from_json(folder, ordinary(4))


def _from_json(folder: Path, comparisons: list[Comparison], *more: Path) -> Path:
    operator = Operator(folder, ISSUE_SIZE="20", **_OUTSIDE)
    file = folder.with_suffix(".json")
    file.write_text(json.dumps(comparisons), encoding="utf-8")
    operator.must("content", "import", str(file), *map(str, more))
    return _sent(operator)


def _sent(operator: Operator) -> Path:
    operator.readers(1)
    operator.must("issue", "build")
    operator.must("issue", "send")
    return operator.folder


def _letter_or_fault(recipe: Recipe, folder: Path) -> Letter | Result:
    try:
        return _letter(recipe, folder / recipe.name)
    except AssertionError as refused:  # of ``Operator.must``
        fault = Fault("not-built", str(refused)[-1500:])
        return Result("build", recipe.name, "no issue to look at", (fault,))


def _letter(recipe: Recipe, folder: Path) -> Letter:
    data = recipe.make(folder)
    service = wiring.build(load(data_dir=data, database_url=f"sqlite:///{data}/newsletter.sqlite3"))
    try:
        issue = service.desk.issue()
        with TestClient(create_app(service)) as site:
            archive = site.get(f"/archive/{issue.number}").raise_for_status().text
    finally:
        service.close()
    view, mjml = _source(issue)
    return Letter(
        name=recipe.name,
        raw=min((data / "outbox").rglob(f"issue-{issue.number}/*.eml")).read_bytes(),
        archive=archive,
        mjml=mjml,
        compiled=issue.html,
        cards=len(view.cards),
        rows=len(view.rows),
        match_ups=recipe.match_ups,
        overflows=recipe.overflows,
    )


def _source(issue: Issue) -> tuple[IssueView, str]:
    """Find what the HTML was made of, to the byte: the view with as many cards, and its MJML."""
    view, marks = frozen.view(issue), personal_marks(issue.nonce)
    while to_html(mjml := digest_mjml(view, marks), template="the audit") != issue.html:
        view = view.with_cards(len(view.cards) - 1)
    return view, mjml
