"""A browser that computes: what our script does with a challenge, done in Python."""

from typing import Any

import altcha


def solved(challenge: dict[str, Any]) -> str:
    """Give the payload that the form brings back."""
    given = altcha.Challenge.from_dict(challenge)
    solution = altcha.solve_challenge(given)
    assert solution is not None
    return altcha.Payload(given, solution).to_base64()
