"""An operator corrects an issue that has left, and tells those who got the wrong line."""

import pytest

from tests.journeys.commands import SAMPLES, Operator

PAIR = "basaltine-7b-open-weights-vs-heronweave-12b-compact"


@pytest.fixture(scope="module")
def operator(tmp_path_factory: pytest.TempPathFactory) -> Operator:
    operator = Operator(tmp_path_factory.mktemp("correcting") / "data")
    operator.must("content", "import", str(SAMPLES))
    operator.readers(1)
    operator.must("issue", "pin", PAIR)
    operator.must("issue", "build")
    operator.must("issue", "send")
    return operator


def test_what_is_corrected_is_listed_and_told_once(operator):
    name = operator.json("issue", "corrections")
    made = operator.json(
        "issue", "correct", "--of", PAIR, "--said", "Basaltine", "--right", "Basaltine, 8B"
    )
    asked = operator.json("issue", "tell-corrected", str(made["id"]), "--dry-run")
    told = operator.json("issue", "tell-corrected", str(made["id"]))
    again = operator.json("issue", "tell-corrected", str(made["id"]))
    operator.must("issue", "amend-correction", str(made["id"]), "--right", "Basaltine, 9B")
    operator.must("issue", "withdraw-correction", "2", "--why", "it is called that again")

    assert name == []
    assert (asked["had"], asked["goes"], asked["letters"]) == (1, 1, {})
    assert told["letters"] == again["letters"] == {"accepted": 1}
    rows = operator.json("issue", "corrections")
    assert [(row["right"], row["amends"], row["withdraws"]) for row in rows] == [
        ("Basaltine, 8B", None, False),
        ("Basaltine, 9B", 1, False),
        ("it is called that again", 2, True),
    ]
    refused = operator.run("issue", "correct", "--said", "never said", "--right", "x")
    assert refused.returncode == 1
    assert "not-said" in refused.stderr
