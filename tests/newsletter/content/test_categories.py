import pytest

from newsletter.content.categories import group


@pytest.mark.parametrize(
    ("spellings", "expected"),
    [
        (("Audio & Voice", "Audio & Speech", "Voice & Audio", "audio and voice"), "Audio"),
        (("AI Models", "Models", "Open Source Models", "Foundation Models"), "Models"),
        (("RESEARCH", "Research & Analysis"), "Research"),
        (("Local AI / Distributed Inference", "Local AI/Distributed Inference"), "Local AI"),
        (("Developer Tools", " developer  tools "), "Developer Tools"),
    ],
)
def test_spellings_of_one_thing_meet(spellings, expected):
    assert {group(spelling) for spelling in spellings} == {expected}


def test_an_unknown_category_is_a_group_of_its_own():
    assert group("Gaming") == group("  gaming ") == "Gaming"
    assert group("Gaming") != group("Health")
    assert group("MOBILE ai") == "Mobile AI"


@pytest.mark.parametrize("nothing", [None, "", "  "])
def test_no_category_has_no_group(nothing):
    assert group(nothing) is None
