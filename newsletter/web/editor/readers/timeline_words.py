"""What a line of a reader's timeline is called; whatever looks like an address in it is masked."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from newsletter.timeline import Kind, Line
from newsletter.web.editor.log import WORDS
from subscribers.address import mask

_ADDRESS = re.compile(r"(?<![^\s@<>\"(),;:])[^\s@<>\"(),;:]+(?:@|%40)[^\s@<>\"'(),;]+")
"""It begins where a word does: tried at each letter of a long one, it would take the square of its length."""
_CHOICES = {"a": "the first tool", "b": "the second tool", "neither": "neither"}


def masked(text: str | None) -> str:
    """Mask every address in words that people or servers wrote."""
    return _ADDRESS.sub(lambda found: mask(found[0].replace("%40", "@")), text or "")


def told(line: Line, actors: Mapping[str, str]) -> dict[str, Any]:
    """Give a line as the page shows it.

    Args:
        line: what happened.
        actors: masked addresses of editors, by how the log calls them.
    """
    what, why = _TOLD[line.key.kind](line.facts, actors)
    return {"at": line.key.at, "kind": line.key.kind.value, "what": what, "why": masked(why)}


_Words = tuple[str, str | None]
_Facts = Mapping[str, Any]


def _act(facts: _Facts, actors: Mapping[str, str]) -> _Words:
    words = WORDS.get(facts["act"], facts["act"])
    return f"{actors.get(facts['actor'], facts['actor'])} {words} this reader", facts["detail"]


def _consent(facts: _Facts, _: Mapping[str, str]) -> _Words:
    return f"Evidence: {facts['event'].replace('_', ' ')}, by {facts['actor']}", (
        f"{facts['source']} · “{facts['wording']}”" if facts["wording"] else facts["source"]
    )


def _copy(facts: _Facts, _: Mapping[str, str]) -> _Words:
    after = f", then {facts['feedback']}" if facts["feedback"] else ""
    return f"Issue {facts['issue_number']}: {facts['state']}{after}", facts["reason"]


def _event(facts: _Facts, _: Mapping[str, str]) -> _Words:
    about = f", about issue {facts['issue_number']}" if facts["issue_number"] else ""
    return f"The provider told: {facts['kind']}{about}", facts["reason"]


def _letter(facts: _Facts, _: Mapping[str, str]) -> _Words:
    return f"Letter “{facts['kind']}”: {facts['state']}", ""


def _state(facts: _Facts, _: Mapping[str, str]) -> _Words:
    before = facts["from_state"] or "nobody"
    return f"From {before} to {facts['to_state']}, by {facts['actor']}", facts["reason"]


def _vote(facts: _Facts, _: Mapping[str, str]) -> _Words:
    chosen = _CHOICES.get(facts["choice"], facts["choice"])
    return f"Voted in issue {facts['issue_number']}: {chosen}", ""


_TOLD: Mapping[Kind, Callable[[_Facts, Mapping[str, str]], _Words]] = {
    Kind.ACT: _act,
    Kind.CONSENT: _consent,
    Kind.COPY: _copy,
    Kind.EVENT: _event,
    Kind.LETTER: _letter,
    Kind.STATE: _state,
    Kind.VOTE: _vote,
}
