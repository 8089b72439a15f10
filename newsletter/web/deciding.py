"""What becomes of copies in doubt by a form, whoever sends it: by a link in a notice, or signed in."""

from dataclasses import dataclass
from enum import StrEnum
from typing import get_args

from newsletter.delivery.deciding import Verdict
from newsletter.delivery.reconciling.reconciler import SilentSearch
from newsletter.instance.fence import PassiveInstance
from newsletter.issues.states import ForbiddenIssueChange
from newsletter.notices.letters import Beside, nothing
from newsletter.service import Service
from newsletter.web.parts import Form


class Came(StrEnum):
    """What came of a form."""

    DECIDED = "decided"
    OUTDATED = "outdated"
    """Things are not as its page has shown them any more: nothing was changed."""
    SILENT = "silent"
    """The provider's search gives no answer, and nobody said that this does not matter."""
    PASSIVE = "passive"
    """Nothing may leave from here, and nothing be decided."""
    UNCLEAR = "unclear"
    """It has no verdict."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of a form, and if it decided anything, what and about how many copies."""

    came: Came
    verdict: Verdict | None = None
    copies: int = 0


def decide(
    service: Service, number: int, form: Form, *, actor: str, beside: Beside = nothing
) -> Decided:
    """Do what the form's ``verdict`` says about what the form's page has ``seen``, once.

    Args:
        service: the service.
        number: of the issue.
        form: with ``verdict``, ``seen`` and perhaps ``unseen``.
        actor: whose word it is.
        beside: written down in the same transaction, if anything was decided.
    """
    verdict = verdict_of(form)
    if verdict is None:
        return Decided(Came.UNCLEAR)
    try:
        copies = service.dispatch.settle_unknown(
            number,
            verdict,
            actor=actor,
            seen=form.get("seen", ""),
            unseen=form.get("unseen") == "yes",
            beside=beside,
        )
    except PassiveInstance:
        return Decided(Came.PASSIVE)
    except SilentSearch:
        return Decided(Came.SILENT)
    except ForbiddenIssueChange:
        copies = 0  # it was cancelled since: the page offers only what is left
    return Decided(Came.DECIDED, verdict, copies) if copies else Decided(Came.OUTDATED)


def verdict_of(form: Form) -> Verdict | None:
    """Read the verdict of a form; None when it has none."""
    chosen = form.get("verdict")
    return next((verdict for verdict in get_args(Verdict) if verdict == chosen), None)
