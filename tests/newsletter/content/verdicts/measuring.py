"""Counts how a set of judged sentences is labelled; it never shows a sentence.

``python -m tests.newsletter.content.verdicts.measuring`` prints the figures of ``docs/verdicts.md``.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from newsletter.content.verdicts.stance import LABELLED, WORTH_QUOTING, score

HERE = Path(__file__).parent
VOICES = ("builder", "skeptic", "futurist", "business", "designer")


@dataclass(frozen=True, slots=True)
class Judged:
    """A sentence with the stance its author meant: "for", "against" or "neutral"."""

    voice: str
    meant: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How many sentences with and without a stance there are, and what became of them."""

    stances: int
    neutral: int
    right: int
    wrong: int

    @property
    def share(self) -> float:
        """The part of the stances that got its label, 0 to 1."""
        return self.right / self.stances if self.stances else 0.0


def label(text: str, bar: int = LABELLED) -> str:
    """Label a sentence as the excerpts do: at or above the bar, and more than its opposite."""
    found = score(text)
    if found.for_ >= bar and found.for_ > found.against:
        return "for"
    return "against" if found.against >= bar and found.against > found.for_ else "neutral"


def leaning(text: str) -> str:
    """Tell which way a sentence leans that is worth quoting, if only under no label."""
    return label(text, WORTH_QUOTING)


def judged(path: Path) -> tuple[Judged, ...]:
    """Read a file of lines "voice stance sentence"; empty lines and those with "#" are passed over."""
    return tuple(_judged(path))


def _judged(path: Path) -> Iterator[Judged]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            voice, meant, sentence = line.split(None, 2)
            yield Judged(voice, meant, sentence)


def tally(sentences: tuple[Judged, ...], bar: int = LABELLED) -> Tally:
    """Count the labels: a label on a neutral sentence is as wrong as the opposite one."""
    pairs = Counter((each.meant, label(each.sentence, bar)) for each in sentences)
    right = pairs["for", "for"] + pairs["against", "against"]
    stances = sum(each.meant != "neutral" for each in sentences)
    given = sum(times for (_, told), times in pairs.items() if told != "neutral")
    return Tally(stances, len(sentences) - stances, right, given - right)


def main() -> None:
    """Print one row of figures for each set and for each voice in it."""
    for path in (HERE / "tuning.txt", *sorted(HERE.glob("held_out*.txt"))):
        sentences = judged(path)
        rows = {"all": sentences} | {
            voice: tuple(each for each in sentences if each.voice == voice) for voice in VOICES
        }
        for name, row in rows.items():
            sure, leans = tally(row), tally(row, WORTH_QUOTING)
            print(  # noqa: T201 - a table for people
                f"{path.stem:16} {name:9} {sure.stances:3} stances, {sure.neutral:2} neutral:"
                f" labelled {sure.right:3} right {sure.wrong} wrong,"
                f" leaning {leans.right:3} right {leans.wrong} wrong"
            )


if __name__ == "__main__":
    main()
