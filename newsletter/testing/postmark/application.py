"""The loopback Postmark behind its HTTP: control calls, planned faults, proper answers."""

from newsletter.testing.postmark import control
from newsletter.testing.postmark.api import Api
from newsletter.testing.postmark.clock import VirtualClock
from newsletter.testing.postmark.exchange import Request
from newsletter.testing.postmark.faults import Plan, Rule
from newsletter.testing.postmark.ledger import Ledger
from newsletter.testing.postmark.spoiling import NOTHING_ACCEPTED, Wire


class Application:
    """Decides who answers a call.

    Args:
        token: the server token that calls must carry.
        ledger: where accepted messages go.
        clock: virtual.
    """

    def __init__(self, token: str, ledger: Ledger, clock: VirtualClock) -> None:
        self.plan = Plan()
        self._api = Api(token, ledger, clock)
        self._control = control.Control(self._api, self.plan)

    def rule(self, method: str, path: str) -> Rule | None:
        """Count a call, and give the rule that spoils it, if one does."""
        return None if path.startswith(control.PREFIX) else self.plan.rule(method, path)

    def answer(self, request: Request, rule: Rule | None) -> Wire:
        """Answer a call as Postmark would, or as a rule wants it."""
        if request.path.startswith(control.PREFIX):
            return Wire.of(self._control.reply(request))
        if rule is None:
            return Wire.of(self._api.reply(request))
        if rule.late:
            self._api.reply_later(request, rule.seconds)
        return rule.answer(self._api.reply(request) if rule.accepts else NOTHING_ACCEPTED)
