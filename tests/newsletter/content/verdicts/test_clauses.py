"""Clauses for sentence two: where a sentence may be parted, and what may stand alone."""

import pytest

from newsletter.content.comparison import Comparison, Quote, Tool
from newsletter.content.verdicts.clauses import clauses, pieces
from newsletter.content.verdicts.reviews import reviews_on
from newsletter.content.verdicts.verdict import Stance


def found(sentence: str, stance: Stance = "for") -> list[str]:
    comparison = Comparison(
        Tool("alder", "Alder"), Tool("birch", "Birch"), (Quote("a", 1, sentence),)
    )
    return [candidate.quote.text for candidate in clauses(reviews_on(comparison, "a"), stance)]


def test_a_short_whole_sentence_loses_only_its_stop():
    assert found("The open format earns the ship.") == ["The open format earns the ship"]


def test_one_phrase_of_the_trade_is_too_little_for_sentence_two():
    assert found("The open format is a genuine differentiator.") == []


@pytest.mark.parametrize("mark", [" — ", "; ", ", and ", ", but "])
def test_a_sentence_is_parted_at_dash_semicolon_and_conjunction(mark):
    sentence = f"The license is short{mark}the open format is a genuine differentiator."

    parts = [text for _, text in pieces(sentence)]

    assert "The license is short" in parts
    assert "the open format is a genuine differentiator" in parts


def test_the_offset_of_each_piece_is_its_place():
    sentence = "The license is short — the format is open, and the editor is superb; it runs."

    assert all(sentence[start:].startswith(text) for start, text in pieces(sentence))


def test_the_last_item_of_a_list_is_not_parted_from_its_subject():
    sentence = "The lab offers tuning, hosting, and now a flagship model is a real business."

    assert "now a flagship model is a real business" not in [text for _, text in pieces(sentence)]


def test_a_left_part_without_a_verb_is_not_parted():
    sentence = "Tuning for teams, and the flagship model is a real business for the lab."

    assert [text for _, text in pieces(sentence)] == [sentence.removesuffix(".")]


@pytest.mark.parametrize(
    "sentence",
    [
        "The specific technical decision that earns the ship — plain files everywhere.",
        "The specific technical decision that earns the ship: plain files everywhere.",
        "If the format stays open, the archive earns the ship for the lab.",
        "The archive might be the only real moat that the lab has.",
        "The founders say the archive earns the ship for the lab.",
        "This is a real moat for a lab with an archive.",
        "They have built a real moat for a lab with an archive.",
        "The archive of the lab sits squarely on that curve.",
        "Once they finish, the archive earns the ship for the lab.",
        "The archive is a real moat and the pricing is opaque to all.",
        "A real moat.",
        f"The archive of the lab{' and of its friends' * 5} is a real moat.",
        "Birch is short of one, and the archive is a real moat.",
        "The lab has “an archive that is a real moat” on its page.",
    ],
)
def test_what_cannot_stand_alone_unhedged_is_not_used(sentence):
    assert found(sentence) == []


def test_a_part_that_points_back_at_what_it_lost_is_not_used():
    sentence = "Enthusiasm is left, and the business risk is that it was the whole plan."

    assert "the business risk is that it was the whole plan" not in found(sentence, "against")


def test_a_caution_is_found_like_a_case():
    sentence = "For a team like ours the price is a hard skip — rivals have a free tier already."

    assert "For a team like ours the price is a hard skip" in found(sentence, "against")
    assert found(sentence, "for") == []
