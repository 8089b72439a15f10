"""The sample comparisons and the two real pages, read and summarised as an issue would."""

from collections import Counter
from pathlib import Path

import pytest

from newsletter.content.comparison import Comparison
from newsletter.content.pages.documents import Document
from newsletter.content.pages.reading import read
from newsletter.content.verdicts.sentences import clean
from newsletter.content.verdicts.summary import summarise
from newsletter.content.verdicts.verdict import Standing, Summary, outcome

ROOT = Path(__file__).parents[4]
APART = sorted((Path(__file__).parent / "pages_apart").glob("*.txt"))
SAMPLES = sorted((ROOT / "newsletter" / "demo" / "comparisons").glob("*.txt"))
SEEDS = sorted((ROOT.parent / "shared" / "seeds").glob("*.txt"))


def compared(path: Path) -> Comparison:
    (comparison,) = read(Document(path.name, path.read_bytes()))
    assert isinstance(comparison, Comparison)
    return comparison


def read_approved(summary: Summary) -> list[str]:
    """Give side, label and reviewer of each quote, sentence two first: "a+2" is For A by two."""
    signs = {"for": "+", "against": "-"}
    quotes = [one for one in (*summary.case_quotes, *summary.quotes) if one.stance in signs]
    return [f"{quote.side}{signs[quote.stance]}{quote.reviewer}" for quote in quotes]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem[:40])
def test_a_sample_gets_two_sentences_and_faithful_quotes(path):
    comparison = compared(path)

    summary = summarise(comparison)

    sources = {(quote.side, quote.position): clean(quote.text) for quote in comparison.quotes}
    assert path.stem == f"{comparison.tool_a.slug}-vs-{comparison.tool_b.slug}"
    assert summary.case
    assert len(summary.quotes) >= 2
    for quote in (*summary.case_quotes, *summary.quotes):
        assert quote.text in sources[quote.side, quote.reviewer]


def test_the_samples_cover_what_a_demo_should_show():
    comparisons = [compared(path) for path in SAMPLES]
    tools = [tool for each in comparisons for tool in (each.tool_a, each.tool_b)]
    panels = Counter(tool.panel_percent for tool in tools)
    slugs = Counter(tool.slug for tool in tools)

    assert len(comparisons) == 12
    assert sum(outcome(each).standing is Standing.TIE for each in comparisons) >= 2
    assert {100, 75, 50, 25} == set(panels)
    assert len({tool.category for tool in tools}) >= 5
    assert max(slugs.values()) == 2
    assert sum(each.tool_a.community_percent is not None for each in comparisons) == 2
    assert any("&" in tool.name for tool in tools)
    assert any("<commit-hash>" in (tool.description or "") for tool in tools)
    assert any(len(tool.name) >= 50 for tool in tools)
    assert [len(each.quotes) for each in comparisons if len(each.quotes) != 8] == [7]
    assert sum(not quote.complete for each in comparisons for quote in each.quotes) == 1


def test_every_review_in_the_samples_is_of_a_natural_length_and_opens_differently():
    quotes = [quote for path in SAMPLES for quote in compared(path).quotes]
    distinct = {quote.text for quote in quotes}
    openings = Counter(" ".join(text.split()[:3]) for text in distinct)

    assert all(55 <= len(quote.text.split()) <= 120 for quote in quotes)
    assert len(distinct) == len(quotes)
    assert max(openings.values()) <= 2


@pytest.mark.skipif(not SEEDS, reason="the real pages are not beside this checkout")
def test_on_the_real_pages_the_labels_are_those_that_were_read_and_found_to_fit():
    first, second = (summarise(compared(path)) for path in SEEDS)

    assert read_approved(first) == ["a+2", "b-2", "a+1", "a-3", "b+1", "b-2"]
    assert read_approved(second) == ["a+2", "a+1", "a-3", "b+1", "b-2"]


def test_on_pages_written_apart_the_labels_are_those_that_were_read_and_found_to_fit():
    given = {path.stem: read_approved(summarise(compared(path))) for path in APART}

    assert len(given) == 10
    assert {stem: labels for stem, labels in given.items() if labels} == {
        "obelisk-brief-vs-fennimore-local-redaction": ["a-1"],
        "saltmarsh-embedded-search-vs-lodestone-agent-memory": ["a+2"],
        "thistledown-tts-vs-gantry-voice-agents": ["a-4"],
        "whimbrel-outreach-agent-vs-cobblestream-social-autopilot": ["a-2"],
        "zephyrine-deck-writer-vs-marlspar-sheet-auditor": ["a-1"],
    }
