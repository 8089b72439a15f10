"""The matrix of fifty faults is whole: each row is played in every run, or proved by a real test."""

import ast
import functools
from pathlib import Path

import pytest

from tests.faults import planning
from tests.faults.matrix import ROWS, Row
from tests.faults.points import by_webhooks, by_workers, reachable
from tests.faults.trials import KINDS

ROOT = Path(__file__).parents[2]


@functools.cache
def functions_of(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / file).read_text())
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def test_the_rows_are_those_of_the_matrix():
    assert [row.number for row in ROWS] == list(range(1, 51))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row.number))
def test_a_row_is_proved_or_says_what_is_missing(row: Row) -> None:
    missing = [
        test
        for test in row.tests
        if test.rpartition("::")[2] not in functions_of(test.partition("::")[0])
    ]

    assert missing == []
    assert bool(row.trials or row.tests) != bool(row.open)


def test_every_trial_of_the_matrix_is_in_the_short_form():
    wanted = {(one.fault, one.script, one.engine) for row in ROWS for one in row.trials}

    trials = planning.plan(planning.least(), seed=1)
    planned = {(trial.fault, trial.script, trial.engine) for trial in trials}

    assert wanted <= planned


def test_every_point_of_the_product_is_in_the_short_form():
    planned = {trial.point for trial in planning.plan(planning.least(), seed=3)}

    assert set(reachable(KINDS)) <= planned


def test_a_plan_is_the_same_for_the_same_seed_and_longer_ones_begin_with_it():
    assert planning.plan(200, seed=5) == planning.plan(400, seed=5)[:200]
    assert planning.plan(200, seed=5) != planning.plan(200, seed=6)
    assert len(set(planning.plan(3000, seed=1))) == 3000


def test_what_only_workers_or_events_reach_is_tried_with_them_alone():
    trials = [trial for trial in planning.plan(2000, seed=2) if trial.point]

    assert {trial.engine for trial in trials if by_workers(trial.point)} == {"workers"}
    assert {trial.hears for trial in trials if by_webhooks(trial.point)} == {True}
    assert {trial.kind for trial in trials if trial.engine == "workers"} == {"postgresql"}


def test_without_postgresql_there_are_no_workers():
    trials = planning.plan(2000, seed=2, kinds=("sqlite",))

    assert {(trial.kind, trial.engine) for trial in trials} == {("sqlite", "local")}
