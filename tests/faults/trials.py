"""One trial: what goes wrong, in which surroundings, under which design. Pure."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["sqlite", "postgresql"]
Handover = Literal["template", "batch", "bulk"]
Design = Literal["product", "send-then-mark", "cursor"]
Engine = Literal["local", "workers"]

KINDS: tuple[Kind, ...] = ("sqlite", "postgresql")
HANDOVERS: tuple[Handover, ...] = ("template", "batch", "bulk")

WEBHOOKS = "webhooks"
"""Word of a script by which the provider tells what became of copies; see ``webhooks``."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What is tried.

    Attributes:
        point: where the first process is killed; None when no process is.
        nth: at which arrival there (1 …).
        script: what the provider does meanwhile, as ``scripts`` reads it.
        kind: of the database.
        workers: how many processes send at once.
        handover: how messages are handed to the provider.
        design: the product's own protocol, or one of the broken ones that are controls.
        engine: whether processes send by themselves, or are workers that fetch jobs.
    """

    point: str | None = None
    nth: int = 1
    script: str = "well"
    kind: Kind = "sqlite"
    workers: int = 1
    handover: Handover = "template"
    design: Design = "product"
    engine: Engine = "local"

    @property
    def hears(self) -> bool:
        """Say whether the provider tells what became of copies."""
        return WEBHOOKS in self.script.split("+")

    @property
    def fault(self) -> str:
        """What the first process finds in its environment."""
        return f"{self.point}:{self.nth}" if self.point else ""

    @property
    def name(self) -> str:
        """Say it in one line, as ``--only`` matches it."""
        killed = self.fault or "unkilled"
        processes = f"{self.kind} {self.engine} x{self.workers}"
        return f"{self.design} {killed} {self.script} {processes} {self.handover}"
