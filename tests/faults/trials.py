"""One trial: what goes wrong, in which surroundings, under which design. Pure."""

from dataclasses import asdict, dataclass
from typing import Any, Literal, Self

Kind = Literal["sqlite", "postgresql"]
Handover = Literal["template", "batch", "bulk"]
Design = Literal["product", "send-then-mark", "cursor"]

KINDS: tuple[Kind, ...] = ("sqlite", "postgresql")
HANDOVERS: tuple[Handover, ...] = ("template", "batch", "bulk")


@dataclass(frozen=True, slots=True)
class Trial:
    """What is tried.

    Attributes:
        point: where the first process is killed; None when no process is.
        nth: at which arrival there (1 …).
        script: name of what the provider does meanwhile, from ``scripts.SCRIPTS``.
        kind: of the database.
        workers: how many processes send at once.
        handover: how messages are handed to the provider.
        design: the product's own protocol, or one of the broken ones that are controls.
    """

    point: str | None = None
    nth: int = 1
    script: str = "well"
    kind: Kind = "sqlite"
    workers: int = 1
    handover: Handover = "template"
    design: Design = "product"

    @property
    def fault(self) -> str:
        """What the first process finds in its environment."""
        return f"{self.point}:{self.nth}" if self.point else ""

    @property
    def name(self) -> str:
        """Say it in one line, as ``--only`` matches it."""
        killed = self.fault or "unkilled"
        return f"{self.design} {killed} {self.script} {self.kind} x{self.workers} {self.handover}"

    def as_json(self) -> dict[str, Any]:
        """Give it as values that JSON knows."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """Read what ``as_json`` gave."""
        return cls(**values)
