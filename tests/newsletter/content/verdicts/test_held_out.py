"""Honest figures on sentences kept apart: written by others than the cues, and measured once.

What became of the wrong labels of that first time stands in ``docs/verdicts.md``.

Do not open ``held_out*.txt`` while working on the cues. Nothing here shows a sentence, so that a
failure says how many labels are wrong and not which ones.
"""

import pytest

from tests.newsletter.content.verdicts.measuring import HERE, VOICES, judged, tally

HELD_OUT = sorted(HERE.glob("held_out*.txt"))


@pytest.mark.parametrize("path", HELD_OUT, ids=lambda path: path.stem)
def test_on_sentences_kept_apart_at_most_one_label_is_wrong(path):
    assert tally(judged(path)).wrong <= 1


@pytest.mark.parametrize("path", HELD_OUT, ids=lambda path: path.stem)
def test_the_sentences_kept_apart_come_in_five_voices(path):
    voices = {each.voice for each in judged(path)}

    assert voices == set(VOICES)
