"""Rule about hidden words: what a letter says, everybody can see. Only the preheader is excepted."""

from collections.abc import Iterator

from newsletter.rendering.checks.finding import Finding, Rule
from newsletter.rendering.checks.letter import Letter
from newsletter.rendering.checks.media import DARK, LIGHT, PHONE, Scene
from newsletter.rendering.checks.sayings import bare

_NEVER_SHOWN = {"head", "style", "title", "script", "template"}


def words_hidden(letter: Letter) -> Iterator[Finding]:
    """No words are out of sight in light, in the dark or on a phone, and none only in Outlook.

    It blocks: an unsubscribe link that nobody sees is none, and hidden words are a spammer's sign.
    """
    found = {words: scene for scene in (DARK, PHONE, LIGHT) for words in _unseen(letter, scene)}
    for words, scene in list(found.items())[:3]:
        told = f"Nobody sees {words[:40]!r} {scene.name}; show it, or take it out of the template."
        yield Finding("words-hidden", "block", told, "html")
    if letter.page.only_outlook:
        told = f"Only Outlook shows {letter.page.only_outlook[:40]!r}; say it to everybody."
        yield Finding("words-hidden", "block", told, "html")


RULES: tuple[Rule, ...] = (words_hidden,)


def _unseen(letter: Letter, scene: Scene) -> list[str]:
    """Give what is out of sight in a scene; the preheader may be, once."""
    told = letter.told(scene)
    unseen = [one.words for one in told if not one.is_seen and one.within.tag not in _NEVER_SHOWN]
    preheader = bare(letter.preheader)
    place = next((at for at, words in enumerate(unseen) if bare(words) == preheader), None)
    if place is not None:
        del unseen[place]
    return unseen
