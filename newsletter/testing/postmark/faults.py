"""Faults by plan: what the nth call of a path gets instead of a proper answer."""

import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from newsletter.testing.postmark.exchange import Reply
from newsletter.testing.postmark.spoiling import FAULTS, Wire

__all__ = ["FAULTS", "Plan", "Rule"]


@dataclass(frozen=True, slots=True)
class Rule:
    """When a fault happens.

    Attributes:
        path: of the call, such as "/email/batch"; "/email/bulk/*" is everything below.
        fault: a name from FAULTS.
        nth: which call of this path since the plan was set (1 …); 0 is each.
        accept: whether messages are accepted, where it is not as the fault has it.
        seconds: pause before the answer; before the acceptance, where that is late.
        method: of the call; None is any, and each is counted for itself.
        at: bytes after which the line is reset: of the answer for "reset-at" (its head counts, a
            negative number is counted from the end), of the request's body for "reset-request".
        chance: how likely each of these calls is hit, from 0 to 1.
        seed: of the dice, which fall the same way for the same call of each run.
    """

    path: str
    fault: str
    nth: int = 1
    accept: bool | None = None
    seconds: float = 0.0
    method: str | None = None
    at: int = 0
    chance: float = 1.0
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse a name that is none.

        Raises:
            ValueError: for a fault that is not in FAULTS.
        """
        if self.fault not in FAULTS:
            raise ValueError(f"There is no fault '{self.fault}'. Take one of {', '.join(FAULTS)}.")

    @property
    def accepts(self) -> bool:
        """Say whether the call is processed before its answer is spoiled."""
        return FAULTS[self.fault].accepts if self.accept is None else self.accept

    @property
    def late(self) -> bool:
        """Say whether the call is processed only later."""
        return FAULTS[self.fault].late

    @property
    def reads(self) -> bool:
        """Say whether the whole request is read."""
        return FAULTS[self.fault].reads

    def fits(self, method: str, path: str) -> bool:
        """Say whether a call is one of those counted here; the path in small letters."""
        own = self.path.lower()
        below = own.endswith("*") and path.startswith(own[:-1])
        return (below or own == path) and self.method in (None, method)

    def hits(self, nth: int) -> bool:
        """Say whether the nth call is spoiled."""
        if self.nth not in (0, nth):
            return False
        dice = Random(f"{self.seed} {self.path} {nth}")  # noqa: S311 -- no secret
        return self.chance >= 1 or dice.random() < self.chance

    def answer(self, reply: Reply) -> Wire:
        """Spoil the reply."""
        wire = FAULTS[self.fault].spoil(reply)
        cut = self.at if self.fault == "reset-at" else None
        return replace(wire, seconds=0.0 if self.late else self.seconds, cut=cut)


class Plan:
    """The rules in force, and how often each of their paths was called under them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: Sequence[Rule] = ()
        self._calls: Counter[tuple[str | None, str]] = Counter()

    def set(self, rules: Sequence[Rule]) -> None:
        """Replace all rules and count anew."""
        with self._lock:
            self._rules = rules
            self._calls.clear()

    def rule(self, method: str, path: str) -> Rule | None:
        """Count a call, and give the rule that it falls under."""
        key = path.lower()
        with self._lock:
            fitting = [rule for rule in self._rules if rule.fits(method, key)]
            self._calls.update({(rule.method, rule.path) for rule in fitting})
            counts = [(rule, self._calls[rule.method, rule.path]) for rule in fitting]
        return next((rule for rule, nth in counts if rule.hits(nth)), None)
